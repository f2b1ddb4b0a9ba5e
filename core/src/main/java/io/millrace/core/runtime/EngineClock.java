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
package io.millrace.core.runtime;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The one clock of a job: milliseconds since the epoch, that never go back, whatever the machine's clock does. It is read
 * at the entrance only, once a batch, and what was read goes into the order log. Any thread.
 */
final class EngineClock
{
    /** Before the first reading. */
    static final long NONE = Long.MIN_VALUE;
    /** What is read when the job is handed no other clock. */
    static final LongSupplier TIME_OF_DAY = System::currentTimeMillis;

    private final LongSupplier source;
    private final AtomicLong latest = new AtomicLong(NONE);

    EngineClock(final LongSupplier source)
    {
        this.source = source;
    }

    /** The time now, and at least what it was before. */
    long read()
    {
        return atLeast(source.getAsLong());
    }

    /** Takes note of a time that an earlier life has had. */
    long atLeast(final long time)
    {
        final long before = latest.getAcquire();
        return time <= before ? before : latest.accumulateAndGet(time, Math::max);
    }
}
