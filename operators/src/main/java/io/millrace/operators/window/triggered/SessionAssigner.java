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
package io.millrace.operators.window.triggered;

/**
 * Sessions: a record begins one of its own, which merges with those of its key that it touches (SEMANTICS WIN-8). In the
 * pipeline's time unit.
 */
public final class SessionAssigner implements WindowAssigner
{
    private static final long MAX_GAP = Long.MAX_VALUE / 4;

    private final long gap;
    private final boolean processingTime;

    /**
     * An assigner.
     *
     * @param gap            from a record to the end of its session, above 0
     * @param processingTime whether records belong to sessions by the time at which they come in
     */
    public SessionAssigner(final long gap, final boolean processingTime)
    {
        if (gap <= 0 || gap > MAX_GAP)
        {
            throw new IllegalArgumentException("gap=" + gap + " of sessions must be from 1 to " + MAX_GAP);
        }
        this.gap = gap;
        this.processingTime = processingTime;
    }

    @Override
    public boolean usesProcessingTime()
    {
        return processingTime;
    }

    @Override
    public boolean merges()
    {
        return true;
    }

    @Override
    public int maxWindows()
    {
        return 1;
    }

    @Override
    public int assign(final long timestamp, final long[] starts)
    {
        if (timestamp < Long.MIN_VALUE + gap || timestamp > Long.MAX_VALUE - gap)
        {
            throw new IllegalArgumentException("timestamp=" + timestamp + " is too near to the end of time for a session " +
                "of gap=" + gap + ": check the field marked @EventTime, or filter such records out");
        }
        starts[0] = timestamp;
        return 1;
    }

    @Override
    public long end(final long start)
    {
        return start + gap;
    }

    @Override
    public long maxTimestamp(final long start)
    {
        return start + gap - 1;
    }

    @Override
    public String toString()
    {
        return "session gap=" + gap + (processingTime ? " by processing time" : "");
    }
}
