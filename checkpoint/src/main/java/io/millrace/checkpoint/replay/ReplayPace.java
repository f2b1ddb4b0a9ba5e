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
package io.millrace.checkpoint.replay;

import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How fast a replay goes. At its own pace, records come as far apart as their ingress times in the journals are; where a
 * journal's writer was started anew there is no pause, since the clocks of two processes have nothing in common.
 */
public final class ReplayPace
{
    /** As fast as it goes. */
    public static final ReplayPace FAST = new ReplayPace(null, null);

    private final LongSupplier nanos;
    private final LongConsumer pause;

    private ReplayPace(final LongSupplier nanos, final LongConsumer pause)
    {
        this.nanos = nanos;
        this.pause = pause;
    }

    /**
     * As fast as the records came.
     *
     * @return the pace
     */
    public static ReplayPace own()
    {
        return own(System::nanoTime, LockSupport::parkNanos);
    }

    /**
     * As fast as the records came, by a clock that is handed in.
     *
     * @param nanos clock in nanoseconds
     * @param pause called with the nanoseconds to the next record, while nothing is due
     * @return the pace
     */
    public static ReplayPace own(final LongSupplier nanos, final LongConsumer pause)
    {
        return new ReplayPace(Objects.requireNonNull(nanos, "nanos"), Objects.requireNonNull(pause, "pause"));
    }

    boolean fast()
    {
        return nanos == null;
    }

    long now()
    {
        return nanos.getAsLong();
    }

    void pause(final long wanted)
    {
        pause.accept(wanted);
    }
}
