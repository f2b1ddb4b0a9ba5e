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

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;

import java.util.concurrent.TimeUnit;

/**
 * Processing time at one source: which tick its rings had last, and whether it is idle. It reads the engine's clock for
 * what it claims; in a replay the order log says what was read. One task's thread.
 *
 * <pre>
 *   entry       clock     rings
 *   RECORDS     1000      tick 1000, records
 *   RECORDS     1000      records
 *   RECORDS     1001      tick 1001, records
 *   TICK        1007      tick 1007                 of every source, put by the I/O thread where an operator waits for it
 *   IDLE        1031      idle                      after withIdleness(30 ms)
 *   RECORDS     1040      tick 1040, active, records
 * </pre>
 */
final class SourceClock
{
    private final EngineClock engine;
    private final TimeUnit unit;
    private final boolean ticking;
    private final boolean ingestion;
    /** Milliseconds without records after which the source is idle; 0 for never. */
    private final long idleness;
    private long tick = Long.MIN_VALUE;
    private long latest = EngineClock.NONE;
    private long activeAt = EngineClock.NONE;
    private boolean idle;

    /**
     * A clock.
     *
     * @param engine    the job's
     * @param unit      of the pipeline
     * @param ticking   whether operators see processing time
     * @param ingestion whether it is the event time of the records
     * @param idleness  milliseconds without records after which the source is idle; 0 for never
     */
    SourceClock(
        final EngineClock engine, final TimeUnit unit, final boolean ticking, final boolean ingestion, final long idleness)
    {
        this.engine = engine;
        this.unit = unit;
        this.ticking = ticking;
        this.ingestion = ingestion;
        this.idleness = idleness;
    }

    /** The clock for what is claimed now. */
    long read()
    {
        return engine.read();
    }

    /** Takes note of the clock of an entry that is sent, in this life or an earlier one. */
    void sent(final long clock)
    {
        latest = Math.max(latest, clock);
        engine.atLeast(clock);
    }

    /** Whether operators see processing time, and ticks are broadcast. */
    boolean ticking()
    {
        return ticking;
    }

    /** Whether the records' event time is that of their entry. */
    boolean ingestion()
    {
        return ingestion;
    }

    /** A reading in the pipeline's unit. */
    long time(final long clock)
    {
        return unit.convert(clock, TimeUnit.MILLISECONDS);
    }

    /** Whether a reading goes before what follows: the rings had none like it. */
    boolean isTickDue(final long clock)
    {
        return ticking && time(clock) > tick;
    }

    /** The tick for a reading, in the pipeline's unit. */
    long takeTick(final long clock)
    {
        tick = time(clock);
        return tick;
    }

    /** Takes note of records. */
    void records(final long clock)
    {
        activeAt = clock;
    }

    /** Takes note that the source takes no records, for others: that does not make it idle. */
    void waits()
    {
        activeAt = EngineClock.NONE;
    }

    /** Whether no record has come for too long; asked when there is none. */
    boolean isIdleDue()
    {
        if (idleness == 0 || idle)
        {
            return false;
        }
        final long now = engine.read();
        if (activeAt == EngineClock.NONE)
        {
            // The first look of this life: time in which there was nobody to look does not count.
            activeAt = now;
        }
        return now - activeAt >= idleness;
    }

    boolean isIdle()
    {
        return idle;
    }

    void idle(final boolean newIdle)
    {
        idle = newIdle;
    }

    void snapshot(final BlobWriter writer)
    {
        writer.putLong(latest).putLong(tick).putInt(idle ? 1 : 0);
    }

    /** Reads what {@link #snapshot} wrote, of a source that counts as active; the clock may be null. */
    static void restoreActive(final BlobReader reader, final SourceClock clock)
    {
        final long latest = reader.getLong();
        final long tick = reader.getLong();
        reader.getInt();
        if (clock != null)
        {
            clock.latest = Math.max(clock.latest, latest);
            clock.engine.atLeast(latest);
            clock.tick = tick;
        }
    }

    void restore(final BlobReader reader)
    {
        latest = reader.getLong();
        engine.atLeast(latest);
        tick = reader.getLong();
        idle = reader.getInt() != 0;
    }
}
