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

import static org.junit.jupiter.api.Assertions.assertTrue;

class EventsTest
{
    private static final long KEYS = 1_000;

    @Test
    void shouldBeLessThanTheBoundOutOfOrderAndUseAllKeys()
    {
        final boolean[] seen = new boolean[(int)KEYS];
        long latest = Long.MIN_VALUE;
        for (long number = 0; number < 100_000; number++)
        {
            final long mixed = Events.mixed(number);
            final long time = Events.time(number, mixed);
            latest = Math.max(latest, time);
            assertTrue(time > latest - Events.DISORDER, () -> "time=" + time);
            seen[(int)Events.key(mixed, KEYS)] = true;
        }
        for (final boolean key : seen)
        {
            assertTrue(key);
        }
    }
}
