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

import io.millrace.core.checkpoint.CheckpointReport;
import org.HdrHistogram.Histogram;

/**
 * What incremental checkpoints wrote, against the number of different keys that were updated since the one before.
 */
public final class DeltaSizes
{
    private static final int DIGITS = 3;
    private static final long HIGHEST_BYTES = 1L << 40;
    private static final long HIGHEST_NANOS = 3_600_000_000_000L;
    private static final int MILLI = 1_000;

    private final Pace pace;
    private final long[] seen;
    private final Histogram touched = new Histogram(HIGHEST_BYTES, DIGITS);
    private final Histogram bytes = new Histogram(HIGHEST_BYTES, DIGITS);
    private final Histogram milliBytesPerEntry = new Histogram(HIGHEST_BYTES, DIGITS);
    private final Histogram durations = new Histogram(HIGHEST_NANOS, DIGITS);
    private long bases;
    private long previous;

    DeltaSizes(final Pace pace)
    {
        this.pace = pace;
        seen = new long[(int)(pace.keys() / Long.SIZE + 1)];
    }

    /** Tells where the barrier of a checkpoint was that does not count. */
    void skip(final long barrierEvent)
    {
        previous = barrierEvent;
    }

    /**
     * Counts a checkpoint.
     *
     * @param barrierEvent number of the first event behind its barrier
     * @param report       of it
     */
    void add(final long barrierEvent, final CheckpointReport report)
    {
        final long entries = different(previous, barrierEvent);
        previous = barrierEvent;
        durations.recordValue(Math.min(HIGHEST_NANOS, report.durationNanos()));
        if (report.full())
        {
            bases++;
        }
        else if (entries != 0)
        {
            touched.recordValue(entries);
            bytes.recordValue(report.bytes());
            milliBytesPerEntry.recordValue(report.bytes() * MILLI / entries);
        }
    }

    private long different(final long from, final long to)
    {
        long count = 0;
        for (long number = from; number < to; number++)
        {
            final long key = pace.key(number);
            final int word = (int)(key / Long.SIZE);
            final long before = seen[word];
            final long after = before | 1L << key;
            seen[word] = after;
            count += before == after ? 0 : 1;
        }
        for (long number = from; number < to; number++)
        {
            seen[(int)(pace.key(number) / Long.SIZE)] = 0;
        }
        return count;
    }

    /**
     * Entries that each incremental checkpoint had to write.
     *
     * @return a value for each
     */
    public Histogram touched()
    {
        return touched;
    }

    /**
     * Bytes that each incremental checkpoint handed over to be stored.
     *
     * @return a value for each
     */
    public Histogram bytes()
    {
        return bytes;
    }

    /**
     * Bytes by entries.
     *
     * @param percentile 0 to 100
     * @return bytes that an incremental checkpoint has written for each entry that was touched
     */
    public double bytesPerEntry(final double percentile)
    {
        return (double)milliBytesPerEntry.getValueAtPercentile(percentile) / MILLI;
    }

    /**
     * From the request of a checkpoint to its completion, bases too.
     *
     * @return nanoseconds
     */
    public Histogram durations()
    {
        return durations;
    }

    /**
     * Checkpoints that held all state.
     *
     * @return how many
     */
    public long bases()
    {
        return bases;
    }
}
