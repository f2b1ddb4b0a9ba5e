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

import io.millrace.core.chain.SourceStamp;
import io.millrace.core.operator.RescalableSource;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;

import java.util.List;

/**
 * Where a source stands in its input: what of it a restart needs, and how it goes on there.
 * <pre>
 *   cause of the last record | clock, where it is used | stamp | 1 when the input has ended | what the source writes
 * </pre>
 * One task's thread; restored by the thread that starts the job.
 */
final class SourcePosition
{
    private final Source source;
    private final SourceOutput output;
    private final SourceStamp stamp;
    /** Null when the source takes no turns with others. */
    private final SourceTurns turns;
    private final SourceClock clock;
    private final SourceEnd end;
    private final SourceEventTime eventTime;
    private final BlobWriter beforePoll = new BlobWriter();

    SourcePosition(
        final Source source,
        final SourceOutput output,
        final SourceTurns turns,
        final SourceEnd end,
        final SourceEventTime eventTime)
    {
        this.source = source;
        this.output = output;
        this.stamp = (SourceStamp)output;
        this.turns = turns;
        this.clock = turns == null ? null : turns.clock();
        this.end = end;
        this.eventTime = eventTime;
    }

    /** Cause of the last record that was emitted. */
    long lastCause()
    {
        return turns == null ? stamp.lastCause() : turns.lastCause();
    }

    /** Keeps the position before a poll whose records are sent later. */
    void keep()
    {
        beforePoll.reset();
        write(beforePoll);
    }

    /**
     * Writes a snapshot.
     *
     * @param writer       to write to
     * @param holdsRecords whether what the last poll collected goes behind the barrier
     */
    void snapshot(final BlobWriter writer, final boolean holdsRecords)
    {
        writer.putLong(lastCause());
        if (clock != null)
        {
            clock.snapshot(writer);
        }
        if (holdsRecords)
        {
            writer.putAll(beforePoll);
        }
        else
        {
            write(writer);
        }
    }

    private void write(final BlobWriter writer)
    {
        stamp.snapshot(writer);
        writer.putInt(end.inputEnded() ? 1 : 0);
        source.snapshot(writer);
    }

    void restore(final BlobReader reader, final long checkpointId)
    {
        begin(reader.getLong());
        if (clock != null)
        {
            clock.restore(reader);
        }
        read(reader, checkpointId);
    }

    /** Whether the source can go on from the positions of another number of instances. */
    boolean rescalable()
    {
        return SourceInFront.innermost(source) instanceof RescalableSource;
    }

    /**
     * As {@link #restore}, of a job with another plan: an idle source says anew that it is.
     *
     * @param readers     over its own position; over those of all instances when it was rescaled
     * @param rescaled    whether there were fewer or more instances
     * @param cause       the highest of the job's
     * @param storedClock whether positions have a part of the clock
     */
    void restoreSavepoint(
        final List<BlobReader> readers,
        final boolean rescaled,
        final long checkpointId,
        final long cause,
        final boolean storedClock)
    {
        long stored = 0;
        for (final BlobReader reader : readers)
        {
            stored = reader.getLong();
            if (storedClock)
            {
                SourceClock.restoreActive(reader, clock);
            }
        }
        begin(turns == null || rescaled ? cause : stored);
        if (rescaled)
        {
            readAll(readers, checkpointId);
        }
        else
        {
            read(readers.get(0), checkpointId);
        }
    }

    private void readAll(final List<BlobReader> readers, final long checkpointId)
    {
        stamp.restoreRescaled(readers);
        boolean drained = true;
        for (final BlobReader reader : readers)
        {
            drained &= reader.getInt() != 0;
        }
        ((RescalableSource)SourceInFront.innermost(source)).restoreRescaled(readers);
        end.restore(checkpointId, drained);
        if (drained)
        {
            eventTime.ended();
        }
    }

    /** Begins from the start, in a job that goes on behind a savepoint without this source. */
    void begin(final long cause, final long checkpointId)
    {
        begin(cause);
        end.restore(checkpointId, false);
    }

    private void begin(final long restoredCause)
    {
        output.nextCause(restoredCause + 1);
        if (turns != null)
        {
            turns.restore(restoredCause);
        }
    }

    private void read(final BlobReader reader, final long checkpointId)
    {
        stamp.restore(reader);
        final boolean drained = reader.getInt() != 0;
        source.restore(reader);
        end.restore(checkpointId, drained);
        if (drained)
        {
            eventTime.ended();
        }
    }
}
