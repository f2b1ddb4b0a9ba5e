/*
 * Copyright 2026 The Millrace authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.millrace.memory.table;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class KeyGroupsTest
{
    @Test
    void shouldBeTheTopBitsForAPowerOfTwo()
    {
        for (long key = 0; key < 1000; key++)
        {
            final long hash = KeyHash.hash(key);
            assertEquals((int)(hash >>> 57), KeyGroups.of(hash, 128));
            assertEquals(0, KeyGroups.of(hash, 1));
        }
    }

    @Test
    void shouldBeginAtItsFirstHash()
    {
        for (final int maxParallelism : new int[]{1, 2, 3, 7, 100, 128, 1000, 32_768})
        {
            for (int group = 1; group < maxParallelism; group++)
            {
                final long first = KeyGroups.firstHash(group, maxParallelism);
                assertEquals(group, KeyGroups.of(first, maxParallelism));
                assertEquals(group - 1, KeyGroups.of(first - 1, maxParallelism));
            }
            assertEquals(0, KeyGroups.firstHash(0, maxParallelism));
            assertEquals(0, KeyGroups.firstHash(maxParallelism, maxParallelism));
        }
    }

    @Test
    void shouldGiveEachGroupToOneTask()
    {
        for (int parallelism = 1; parallelism <= 128; parallelism++)
        {
            int next = 0;
            for (int task = 0; task < parallelism; task++)
            {
                assertEquals(next, KeyGroups.firstGroup(task, parallelism, 128));
                for (; next < KeyGroups.firstGroup(task + 1, parallelism, 128); next++)
                {
                    assertEquals(task, KeyGroups.task(next, parallelism, 128));
                }
            }
            assertEquals(128, next);
        }
    }
}
