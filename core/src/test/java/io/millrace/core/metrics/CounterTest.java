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
package io.millrace.core.metrics;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CounterTest
{
    @Test
    void shouldCount()
    {
        final Counter counter = new Counter("window", "late");
        counter.increment();
        counter.add(41);
        assertEquals(42, counter.get());
        assertEquals("window.late=42", counter.toString());
        assertEquals("window", counter.operator());
        assertEquals("late", counter.name());
    }

    @Test
    void shouldShowEveryCountToOtherThreads() throws InterruptedException
    {
        final Counter counter = new Counter("window", "late");
        final Thread owner = new Thread(() ->
        {
            for (int i = 0; i < 1_000_000; i++)
            {
                counter.increment();
            }
        });
        owner.start();
        long last = 0;
        while (owner.isAlive())
        {
            final long now = counter.get();
            assertTrue(now >= last, "a counter never goes back");
            last = now;
        }
        owner.join();
        assertEquals(1_000_000, counter.get());
    }
}
