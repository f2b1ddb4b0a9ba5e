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
package io.millrace.checkpoint.connector;

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalPosition;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/** Emits the records of a journal. */
public final class JournalSource implements Source
{
    private final JournalContext context;
    private final boolean bounded;
    private JournalReader reader;
    private boolean inFrame;
    private boolean finished;
    private long emittedBytes;

    /**
     * A source.
     *
     * @param context of the journal
     * @param bounded true to end at the journal's end, though it may yet grow
     */
    public JournalSource(final JournalContext context, final Boolean bounded)
    {
        this.context = context;
        this.bounded = bounded;
    }

    @Override
    public void open(final OperatorContext operator)
    {
        if (operator.parallelism() != 1)
        {
            throw new IllegalStateException("source " + operator.name() + " has parallelism=" + operator.parallelism() +
                ", but a journal has one reader that keeps its order: set parallelism 1 and rebalance() or key the stream");
        }
        reader = JournalReader.open(context);
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        int emitted = 0;
        while (emitted < limit)
        {
            final long record = inFrame ? reader.nextRecord() : 0;
            if (record == 0)
            {
                inFrame = enterFrame();
                if (!inFrame)
                {
                    break;
                }
                continue;
            }
            final long slot = output.claim();
            final int length = SlotDescriptor.length(record);
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, length);
            Memory.copy(record + SlotDescriptor.HEADER_LENGTH, slot + SlotDescriptor.HEADER_LENGTH, length);
            output.nextCause(reader.cause());
            emitted++;
            emittedBytes += length;
            if (!output.commit())
            {
                break;
            }
        }
        return emitted;
    }

    private boolean enterFrame()
    {
        final int state = reader.poll();
        finished = state == JournalReader.END || bounded && state == JournalReader.NOTHING;
        return state == JournalReader.FRAME;
    }

    @Override
    public boolean finished()
    {
        return finished;
    }

    @Override
    public long emittedBytes()
    {
        return emittedBytes;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        final JournalPosition position = reader.position();
        writer.putInt(position.incarnation()).putLong(position.queuePlace()).putLong(position.frameNumber())
            .putInt(position.record());
    }

    @Override
    public void restore(final BlobReader blob)
    {
        final int incarnation = blob.getInt();
        reader.seek(new JournalPosition(incarnation, blob.getLong(), blob.getLong(), blob.getInt()));
        inFrame = false;
        finished = false;
    }

    @Override
    public void close()
    {
        if (reader != null)
        {
            reader.close();
        }
    }
}
