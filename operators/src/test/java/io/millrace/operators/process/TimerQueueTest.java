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
package io.millrace.operators.process;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The queue of timers against a sorted set, with times near and far, before and behind what was taken. */
class TimerQueueTest
{
    private final MemoryAccount account = new MemoryAccount("test");
    private final Region key = Region.allocate(account, "key", 16);

    private record Timer(long time, long sequence)
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
    void shouldGiveTimersInTheOrderOfTimeAndRegistration(final long seed)
    {
        final Random random = new Random(seed);
        final NavigableSet<Timer> expected =
            new TreeSet<>(Comparator.comparingLong(Timer::time).thenComparingLong(Timer::sequence));
        final long range = 1L << 3 + random.nextInt(30);
        long sequence = 0;
        long now = random.nextInt(5) == 0 ? Long.MIN_VALUE : random.nextInt();
        try (TimerQueue queue = new TimerQueue(account, 16))
        {
            for (int step = 0; step < 50_000; step++)
            {
                final int action = random.nextInt(1000);
                if (action < 600)
                {
                    final long time = now + random.nextLong(range) - (random.nextInt(5) == 0 ? range / 2 : 0);
                    add(queue, time, sequence);
                    expected.add(new Timer(time, sequence));
                    sequence++;
                }
                else if (action < 997)
                {
                    now = expected.isEmpty() ? now : Math.max(now, expected.first().time + random.nextInt(3));
                    take(queue, now, expected, 1 + random.nextInt(4));
                }
                else
                {
                    final long kept = random.nextInt(10);
                    queue.retain(entry -> TimerEntry.sequence(entry) % 10 < kept);
                    expected.removeIf(timer -> timer.sequence % 10 >= kept);
                }
                assertEquals(expected.size(), queue.size());
            }
            take(queue, Long.MAX_VALUE, expected, Integer.MAX_VALUE);
            assertEquals(0, queue.size());
        }
    }

    private void add(final TimerQueue queue, final long time, final long sequence)
    {
        Memory.putLong(key.address(), ~sequence);
        queue.add(time, sequence, key.address());
    }

    private static void take(
        final TimerQueue queue, final long now, final NavigableSet<Timer> expected, final int most)
    {
        for (int i = 0; i < most && !expected.isEmpty() && expected.first().time <= now; i++)
        {
            assertTrue(queue.isDue(now));
            final long entry = queue.first();
            assertEquals(expected.pollFirst(), new Timer(TimerEntry.timestamp(entry), TimerEntry.sequence(entry)));
            assertEquals(~TimerEntry.sequence(entry), Memory.getLong(entry + TimerEntry.KEY_OFFSET));
            queue.removeFirst();
        }
        assertEquals(!expected.isEmpty() && expected.first().time <= now, queue.isDue(now));
    }

    @Test
    void shouldNotBeDueForWhatWasDropped()
    {
        try (TimerQueue queue = new TimerQueue(account, 16))
        {
            add(queue, 5, 0);
            add(queue, 7, 1);
            queue.retain(entry -> TimerEntry.sequence(entry) != 0);
            assertFalse(queue.isDue(6));
            assertTrue(queue.isDue(7));
            assertEquals(1, TimerEntry.sequence(queue.first()));
        }
    }
}
