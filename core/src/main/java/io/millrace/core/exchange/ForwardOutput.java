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
package io.millrace.core.exchange;

import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.Output;

/** Sends every record into one ring: forward to one task, or to all consumers of a broadcast. */
public final class ForwardOutput implements Output
{
    private final RingWriter writer;
    private final long[] ringSlots = new long[BatchProcessor.MAX_BATCH];
    /** For a batch that the ring has no room for as a whole. */
    private final long[] slots;
    private boolean direct;
    private long claimed;

    /**
     * An edge.
     *
     * @param writer of the ring
     * @param slots  addresses of {@link BatchProcessor#MAX_BATCH} slots of the edge's own
     */
    public ForwardOutput(final RingWriter writer, final long[] slots)
    {
        this.writer = writer;
        this.slots = slots;
    }

    @Override
    public long claim()
    {
        claimed = writer.claim();
        return claimed;
    }

    @Override
    public boolean commit()
    {
        return writer.commit(claimed);
    }

    @Override
    public boolean forward(final long slot)
    {
        return writer.copy(slot);
    }

    @Override
    public long[] claimBatch(final int count)
    {
        direct = writer.claimBatch(ringSlots, count);
        return direct ? ringSlots : slots;
    }

    @Override
    public boolean commitBatch(final int count)
    {
        return direct ? writer.commitBatch(count) : forwardBatch(slots, count);
    }

    @Override
    public boolean forwardBatch(final long[] records, final int count)
    {
        boolean goOn = true;
        for (int i = 0; i < count; i++)
        {
            goOn &= writer.copy(records[i]);
        }
        return goOn;
    }
}
