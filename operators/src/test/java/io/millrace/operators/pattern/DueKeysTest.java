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
package io.millrace.operators.pattern;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Comparator;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The queue of due keys against a sorted map, with hashes that many keys share, and times before what was taken. */
class DueKeysTest
{
    private final MemoryAccount account = new MemoryAccount("test");
    private final Region key = Region.allocate(account, "key", 16);

    /** Keys count by their bytes, of which the first has the number. */
    private record Due(long time, long hash, int number)
    {
    }

    @AfterEach
    void shouldFreeItsMemory()
    {
        key.close();
        assertEquals(0, account.allocatedBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldGiveKeysInTheOrderOfTimeHashAndBytes(final long seed)
    {
        final Random random = new Random(seed);
        final long[] hashes = random.longs(1 + random.nextInt(200)).map(hash -> seed % 2 == 0 ? hash : hash >>> 7).toArray();
        final NavigableMap<Due, Integer> expected = new TreeMap<>(Comparator.comparingLong(Due::time)
            .thenComparing(Due::hash, Long::compareUnsigned).thenComparingInt(Due::number));
        long now = random.nextInt();
        try (DueKeys keys = new DueKeys(account, "test", 16))
        {
            for (int step = 0; step < 50_000; step++)
            {
                if (random.nextInt(100) < 52)
                {
                    final long time = now + random.nextInt(seed < 4 ? 3 : 300) - (random.nextInt(9) == 0 ? 5 : 0);
                    final Due due = new Due(time, hashes[random.nextInt(hashes.length)], random.nextInt(4));
                    Memory.putLong(key.address(), 0);
                    Memory.putByte(key.address(), (byte)due.number);
                    Memory.putLong(key.address() + Long.BYTES, ~due.number);
                    keys.add(due.time, due.hash, key.address());
                    expected.merge(due, 1, Integer::sum);
                }
                else
                {
                    now = expected.isEmpty() ? now : Math.max(now, expected.firstKey().time + random.nextInt(2));
                    take(keys, now, expected, 1 + random.nextInt(3));
                }
            }
            take(keys, Long.MAX_VALUE, expected, Integer.MAX_VALUE);
            assertTrue(expected.isEmpty());
        }
    }

    private static void take(
        final DueKeys keys, final long now, final NavigableMap<Due, Integer> expected, final int most)
    {
        for (int i = 0; i < most && !expected.isEmpty() && expected.firstKey().time <= now; i++)
        {
            final Due due = expected.firstKey();
            assertTrue(keys.isDue(now));
            assertEquals(due, new Due(keys.time(), keys.hash(), Memory.getByte(keys.key())));
            assertEquals(~due.number, Memory.getLong(keys.key() + Long.BYTES));
            keys.removeFirst();
            expected.computeIfPresent(due, (same, count) -> count == 1 ? null : count - 1);
        }
        assertEquals(!expected.isEmpty() && expected.firstKey().time <= now, keys.isDue(now));
    }
}
