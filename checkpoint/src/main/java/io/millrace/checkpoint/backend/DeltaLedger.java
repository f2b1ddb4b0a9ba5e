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
package io.millrace.checkpoint.backend;

import io.millrace.memory.table.DeltaOutlet;
import io.millrace.memory.table.DeltaWriter;

/**
 * The deltas that a backend writes: the one that the last barrier began, and the log of what is gone since. The log is
 * the first part of the next delta, so that CLEAR, DROP and TOMBSTONE come before UPSERT.
 * <pre>
 *              barrier 1          barrier 2
 *   log    ---- epoch 1 ----|---- epoch 2 ----|----
 *                           v                 v
 *   delta                   epoch 1 ... finish epoch 2 ... finish
 * </pre>
 */
final class DeltaLedger
{
    private final DeltaOutlet outlet;
    private DeltaWriter log;
    private DeltaWriter delta;
    private long epoch = 1;
    private boolean sweeping;

    /** Without an outlet nothing is written. */
    DeltaLedger(final DeltaOutlet outlet)
    {
        this.outlet = outlet;
        log = new DeltaWriter(outlet);
        delta = new DeltaWriter(outlet);
        log.begin(epoch);
        log.hold();
    }

    boolean enabled()
    {
        return outlet != null;
    }

    boolean barrierReady()
    {
        return enabled() && !sweeping;
    }

    boolean isSweeping()
    {
        return sweeping;
    }

    long epoch()
    {
        return epoch;
    }

    /** What is gone since the last barrier. */
    DeltaWriter log()
    {
        return log;
    }

    /** What the last barrier began. */
    DeltaWriter delta()
    {
        return delta;
    }

    void barrier()
    {
        if (!barrierReady())
        {
            throw new IllegalStateException("epoch=" + epoch +
                " cannot end: the delta before is not complete, or the job makes no checkpoints: ask barrierReady(), " +
                "and sweep until it is true");
        }
        final DeltaWriter finished = delta;
        delta = log;
        delta.release();
        log = finished;
        epoch++;
        log.begin(epoch);
        log.hold();
        sweeping = true;
    }

    /** Publishes the last chunk of the delta. */
    void finish()
    {
        delta.finish();
        sweeping = false;
    }

    void close()
    {
        log.abort();
        delta.abort();
    }
}
