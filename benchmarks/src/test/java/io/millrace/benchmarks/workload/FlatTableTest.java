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
package io.millrace.benchmarks.workload;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;

class FlatTableTest
{
    @Test
    void shouldSumLikeAMap()
    {
        final FlatTable table = new FlatTable();
        final Map<Long, Long> expected = new HashMap<>();
        final Random random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            final long key = i % 3 == 0 ? random.nextInt(10_000) : random.nextInt(10) - 5;
            final long amount = random.nextInt(100);
            assertEquals(expected.merge(key, amount, Long::sum), table.add(key, amount));
        }
    }
}
