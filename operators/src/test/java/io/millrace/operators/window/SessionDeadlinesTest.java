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
package io.millrace.operators.window;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SessionDeadlinesTest
{
    private final MemoryAccount account = new MemoryAccount("deadlines");
    private final Region region = Region.allocate(account, "key", Long.BYTES);
    private final SessionDeadlines deadlines = new SessionDeadlines(Long.BYTES, account, "test");

    @AfterEach
    void shouldFreeItsMemory()
    {
        deadlines.close();
        region.close();
        assertEquals(0, account.allocatedBytes());
    }

    @ParameterizedTest
    @CsvSource({"1, 4, 0", "2, 12, 0", "3, 30, -1000000", "4, 60, -4611686018427387904"})
    void shouldGiveEachEntryAtItsTimeAndInTheirOrder(final long seed, final int bits, final long from)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final TreeMap<Long, List<Long>> expected = new TreeMap<>();
        long now = from;
        assertEquals(SessionDeadlines.NONE, deadlines.next(now));
        for (int round = 0; round < 300; round++)
        {
            for (int i = random.nextInt(200); i > 0; i--)
            {
                final long time = now + 1 + random.nextLong(1L << random.nextInt(bits));
                add(time, random.nextLong());
                expected.computeIfAbsent(time, any -> new ArrayList<>()).add(Memory.getLong(region.address()));
            }
            now += random.nextLong(1L << random.nextInt(bits - 2));
            takeUntil(now, expected);
        }
        takeUntil(Long.MAX_VALUE - 1, expected);
        assertTrue(expected.isEmpty());
    }

    private void takeUntil(final long now, final NavigableMap<Long, List<Long>> expected)
    {
        for (long time = deadlines.next(now); time != SessionDeadlines.NONE; time = deadlines.next(now))
        {
            final Map.Entry<Long, List<Long>> entry = expected.pollFirstEntry();
            assertEquals(entry.getKey(), time);
            final List<Long> keys = new ArrayList<>();
            for (long key = deadlines.take(); key != 0; key = deadlines.take())
            {
                keys.add(Memory.getLong(key));
            }
            assertEquals(entry.getValue().stream().sorted().toList(), keys.stream().sorted().toList());
        }
        assertTrue(expected.isEmpty() || expected.firstKey() > now);
    }

    @Test
    void shouldTakeEntriesForLaterWhileOthersAreTaken()
    {
        add(10, 1);
        add(10, 2);
        assertEquals(10, deadlines.next(1_000));
        for (long key = deadlines.take(); key != 0; key = deadlines.take())
        {
            deadlines.add(11 + 64 * Memory.getLong(key), key);
        }
        assertEquals(75, deadlines.next(1_000));
        assertEquals(75, deadlines.next(1_000));
        assertEquals(1, Memory.getLong(deadlines.take()));
        assertEquals(0, deadlines.take());
        assertEquals(139, deadlines.next(1_000));
        assertEquals(2, Memory.getLong(deadlines.take()));
        assertEquals(0, deadlines.take());
        assertEquals(SessionDeadlines.NONE, deadlines.next(1_000));
    }

    @Test
    void shouldUseItsMemoryAgain()
    {
        long allocated = 0;
        for (long time = 1; time < 2_000_000; time++)
        {
            add(time + time % 150, time);
            for (long due = deadlines.next(time); due != SessionDeadlines.NONE; due = deadlines.next(time))
            {
                while (deadlines.take() != 0)
                {
                    allocated = Math.max(allocated, account.allocatedBytes());
                }
            }
            if (time == 100_000)
            {
                allocated = account.allocatedBytes();
            }
        }
        assertEquals(allocated, account.allocatedBytes());
        deadlines.clear();
        assertEquals(SessionDeadlines.NONE, deadlines.next(10_000_000));
    }

    private void add(final long time, final long key)
    {
        Memory.putLong(region.address(), key);
        deadlines.add(time, region.address());
    }
}
