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
import io.millrace.checkpoint.journal.JournalWriter;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Writes records into a journal, each with its identity: the cause, and its ordinal among the records of that cause. A
 * frame is written when it has {@value #FRAME_RECORDS} records, when the input runs empty, and at every barrier, so
 * that a checkpoint never holds what the journal does not.
 */
public final class JournalSink implements Operator
{
    private static final int FRAME_RECORDS = 1024;

    private final JournalContext context;
    private JournalWriter writer;
    private RetainedOutput retained;
    private String name;
    private Counter skipped;
    private long cause = -1;
    private long ordinal;
    private int inFrame;
    private long current;

    /**
     * A sink.
     *
     * @param context of the journal
     */
    public JournalSink(final JournalContext context)
    {
        this.context = context;
    }

    @Override
    public void open(final OperatorContext operator)
    {
        name = operator.name();
        if (operator.parallelism() != 1)
        {
            throw new IllegalStateException("sink " + name + " has parallelism=" + operator.parallelism() +
                ", but a journal has one writer: set parallelism 1");
        }
        operator.showsOutput();
        skipped = operator.counter("recordsSkipped");
        writer = JournalWriter.open(context.account(operator.account()));
        retained = RetainedOutput.open(context, writer, name);
    }

    @Override
    public boolean process(final long slot)
    {
        current = slot;
        final long newCause = SlotDescriptor.cause(slot);
        ordinal = newCause == cause ? ordinal + 1 : 0;
        cause = newCause;
        if (retained != null)
        {
            if (retained.holds(slot, cause, ordinal))
            {
                skipped.increment();
                return true;
            }
            retained.close();
            retained = null;
        }
        append(slot);
        return true;
    }

    private void append(final long slot)
    {
        final int length = SlotDescriptor.length(slot);
        long target = writer.claim(length);
        if (target == 0)
        {
            flush();
            target = writer.claim(length);
        }
        SlotDescriptor.timestamp(target, SlotDescriptor.timestamp(slot));
        SlotDescriptor.cause(target, cause);
        SlotDescriptor.ingressTime(target, ordinal);
        Memory.copy(slot + SlotDescriptor.HEADER_LENGTH, target + SlotDescriptor.HEADER_LENGTH, length);
        writer.commit();
        if (++inFrame >= FRAME_RECORDS)
        {
            flush();
        }
    }

    private void flush()
    {
        if (inFrame > 0)
        {
            inFrame = 0;
            writer.flush();
        }
    }

    @Override
    public void idle()
    {
        flush();
    }

    @Override
    public void prepareSnapshot(final long checkpointId)
    {
        flush();
    }

    @Override
    public boolean finish(final long slot)
    {
        flush();
        return true;
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(cause).putLong(ordinal);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        cause = blob.getLong();
        ordinal = blob.getLong();
        if (retained != null && !retained.skipTo(cause, ordinal))
        {
            retained.close();
            retained = null;
        }
        else if (retained == null && cause >= 0)
        {
            throw new IllegalStateException("sink " + name + " was restored to cause=" + cause + " ordinal=" + ordinal +
                ", but journal=" + context.directory() +
                " is empty: bring the journal back, or begin with an empty checkpoint directory");
        }
    }

    @Override
    public long currentSlot()
    {
        return current;
    }

    @Override
    public void close()
    {
        if (retained != null)
        {
            retained.close();
        }
        if (writer != null)
        {
            writer.close();
        }
    }
}
