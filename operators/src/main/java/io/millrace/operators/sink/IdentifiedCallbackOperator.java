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

import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.transform.RecordOperator;

/**
 * Hands every record to a function, with its identity.
 *
 * @param <V> read-only view of the records
 */
public final class IdentifiedCallbackOperator<V> extends RecordOperator<V> implements SkippingOperator, RecordMetadata
{
    private final CallbackSink.IdentifiedSinkFunction<? super V> function;
    private long current;
    private long cause = -1;
    private int ordinal = -1;

    /**
     * A sink.
     *
     * @param type     of the records
     * @param function that takes them
     */
    public IdentifiedCallbackOperator(
        final RecordType<V, ?> type, final CallbackSink.IdentifiedSinkFunction<? super V> function)
    {
        super(type);
        this.function = function;
    }

    @Override
    public boolean process(final long slot)
    {
        final long newCause = SlotDescriptor.cause(slot);
        ordinal = newCause == cause ? ordinal + 1 : 0;
        cause = newCause;
        current = slot;
        function.accept(view(slot), this);
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        return true;
    }

    @Override
    public void recordFailed(final boolean again)
    {
        ordinal -= again ? 1 : 0;
    }

    @Override
    public long timestamp()
    {
        return SlotDescriptor.timestamp(current);
    }

    @Override
    public long cause()
    {
        return cause;
    }

    @Override
    public int ordinal()
    {
        return ordinal;
    }

    @Override
    public long ingressTime()
    {
        return SlotDescriptor.ingressTime(current);
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(cause).putInt(ordinal);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        cause = reader.getLong();
        ordinal = reader.getInt();
    }
}
