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
package io.millrace.operators.sink;

import io.millrace.core.exchange.RingWriter;
import io.millrace.core.operator.DrainingOperator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Writes records, header and all, into the ring of an {@link Egress}, and into an overflow buffer while that is full.
 * The ordinal is counted on both sides; after a restart the first slot says where the count goes on.
 */
public final class EgressOperator implements DrainingOperator
{
    private final EgressChannel channel;
    private final RecordType<?, ?> type;
    private RingWriter writer;
    private Region control;
    private boolean resumed;
    private long cause = -1;
    private int ordinal = -1;

    /**
     * A sink.
     *
     * @param channel that it writes to
     * @param type    of the records
     */
    public EgressOperator(final EgressChannel channel, final RecordType<?, ?> type)
    {
        this.channel = channel;
        this.type = type;
    }

    @Override
    public void open(final OperatorContext context)
    {
        final String sink = "sink " + context.name() + " of job " + context.jobName();
        writer = new RingWriter(channel.attach(sink), type, context.account());
        control = Region.allocate(context.account(), context.name() + " control", SlotDescriptor.HEADER_LENGTH);
    }

    @Override
    public boolean process(final long slot)
    {
        final long newCause = SlotDescriptor.cause(slot);
        ordinal = newCause == cause ? ordinal + 1 : 0;
        cause = newCause;
        return writer.copy(slot);
    }

    @Override
    public boolean finish(final long slot)
    {
        writer.copy(slot);
        return true;
    }

    @Override
    public int room()
    {
        return writer.room();
    }

    @Override
    public boolean drain()
    {
        channel.checkOpen();
        if (!resumed)
        {
            resumed = true;
            resume();
        }
        final boolean drained = writer.drain();
        writer.publish();
        return drained;
    }

    private void resume()
    {
        final long slot = control.address();
        SlotDescriptor.kindAndLength(slot, EgressChannel.KIND_RESUME, 0);
        Memory.putLong(slot + SlotDescriptor.TIMESTAMP_OFFSET, ordinal);
        SlotDescriptor.cause(slot, cause);
        SlotDescriptor.ingressTime(slot, 0);
        writer.copy(slot);
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(cause).putInt(ordinal);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        cause = blob.getLong();
        ordinal = blob.getInt();
    }

    @Override
    public void close()
    {
        if (writer != null)
        {
            writer.close();
            channel.detach();
        }
        if (control != null)
        {
            control.close();
        }
    }
}
