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

import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Emits {@link PreloadedEvents}. Isolated like every source: it uses constants and public members only.
 */
final class PreloadedSource implements Source
{
    private final long events;
    private final long capacity;
    private final long span;
    private final long count;
    private final Progress progress;
    private long next;

    /**
     * A source.
     *
     * @param events   address of the first
     * @param capacity events that lie there
     * @param span     event time that they take
     * @param count    events to emit
     * @param progress told how far the source is
     */
    PreloadedSource(
        final Long events, final Long capacity, final Long span, final Long count, final Progress progress)
    {
        this.events = events;
        this.capacity = capacity;
        this.span = span;
        this.count = count;
        this.progress = progress;
    }

    @Override
    public void open(final OperatorContext context)
    {
        next = 0;
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        final long first = next;
        final long pass = first / capacity;
        final long shift = pass * span;
        final long end = Math.min(Math.min(count, (pass + 1) * capacity), first + limit);
        final int batch = (int)Math.min(BatchProcessor.MAX_BATCH, end - first);
        if (batch <= 0)
        {
            return 0;
        }
        long address = events + (first - pass * capacity) * PreloadedEvents.LENGTH;
        output.nextCause(first);
        final long[] slots = output.claimBatch(batch);
        for (int i = 0; i < batch; i++)
        {
            final long record = slots[i] + SlotDescriptor.HEADER_LENGTH;
            Memory.putLong(record, Memory.getLong(address + PreloadedEvents.TIME_OFFSET) + shift);
            Memory.putLong(record + 8, Memory.getLong(address + PreloadedEvents.KEY_OFFSET));
            Memory.putLong(record + 16, Memory.getLong(address + PreloadedEvents.VALUE_OFFSET));
            address += PreloadedEvents.LENGTH;
        }
        final int taken = output.commitBatch(batch);
        next = first + taken;
        progress.reached(next);
        return taken;
    }

    @Override
    public boolean finished()
    {
        return next >= count;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(next);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        next = reader.getLong();
    }
}
