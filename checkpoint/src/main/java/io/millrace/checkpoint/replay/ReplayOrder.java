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

import io.millrace.core.checkpoint.OrderRecording;
import io.millrace.core.ordering.OrderLog;
import io.millrace.core.ordering.OrderLogHandler;
import io.millrace.core.ordering.OrderLogReader;
import io.millrace.memory.record.SlotDescriptor;

import java.util.function.LongSupplier;

/** The recorded order, from the checkpoint that a replay begins at to where it ends. */
final class ReplayOrder implements OrderRecording
{
    private final RecordedRun run;
    private final LongSupplier from;
    private final LongSupplier until;
    private final boolean recordByRecord;

    /**
     * An order.
     *
     * @param run            has it
     * @param from           cause that the replay begins behind, -1 for the start; asked when the job starts
     * @param until          last cause that is replayed
     * @param recordByRecord whether each step of a source sends one record
     */
    ReplayOrder(final RecordedRun run, final LongSupplier from, final LongSupplier until, final boolean recordByRecord)
    {
        this.run = run;
        this.from = from;
        this.until = until;
        this.recordByRecord = recordByRecord;
    }

    @Override
    public void replay(final OrderLogHandler handler)
    {
        try (OrderLogReader reader = open())
        {
            reader.readAll(handler);
        }
    }

    @Override
    public OrderLogReader open()
    {
        final long behind = from.getAsLong();
        final long first = behind < 0 ? 0 : (behind >>> SlotDescriptor.CAUSE_INDEX_BITS) + 1;
        return new Limited(run.openOrder(first), until.getAsLong());
    }

    /** The order up to a cause, which may be within a batch. */
    private static final class Limited implements OrderLogReader
    {
        private final OrderLogReader reader;
        private final long lastBatch;
        private final int most;
        private boolean ended;

        Limited(final OrderLogReader reader, final long limit)
        {
            this.reader = reader;
            this.lastBatch = limit < 0 ? -1 : limit >>> SlotDescriptor.CAUSE_INDEX_BITS;
            this.most = (int)(limit & SlotDescriptor.MAX_BATCH_RECORDS) + 1;
        }

        @Override
        public boolean read(final OrderLogHandler handler)
        {
            return !ended && reader.read((batch, kind, source, count, value, clock) ->
            {
                final boolean cut = batch == lastBatch && (kind == OrderLog.KIND_RECORDS || kind == OrderLog.KIND_RUN);
                ended |= batch > lastBatch;
                if (!ended)
                {
                    handler.onEntry(batch, kind, source, cut ? Math.min(count, most) : count, value, clock);
                }
            });
        }

        @Override
        public void close()
        {
            reader.close();
        }
    }

    @Override
    public boolean goesOn()
    {
        return false;
    }

    @Override
    public boolean recordByRecord()
    {
        return recordByRecord;
    }
}
