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
package io.millrace.checkpoint.coordinator;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Says when time has come for a checkpoint. The I/O thread; it never decides what a record becomes. */
final class CheckpointTrigger
{
    private final long intervalNanos;
    private final LongSupplier nanoClock;
    private long last;

    CheckpointTrigger(final Duration interval, final LongSupplier nanoClock)
    {
        this.intervalNanos = interval == null ? Long.MAX_VALUE : interval.toNanos();
        this.nanoClock = nanoClock;
        this.last = nanoClock.getAsLong();
    }

    boolean due()
    {
        return intervalNanos != Long.MAX_VALUE && nanoClock.getAsLong() - last >= intervalNanos;
    }

    void begun()
    {
        if (intervalNanos != Long.MAX_VALUE)
        {
            last = nanoClock.getAsLong();
        }
    }
}
