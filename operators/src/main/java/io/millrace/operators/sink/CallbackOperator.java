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

import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.transform.RecordOperator;

/**
 * Hands every record to a function.
 *
 * @param <V> read-only view of the records
 */
public final class CallbackOperator<V> extends RecordOperator<V> implements SkippingOperator, BatchOperator
{
    private final CallbackSink.SinkFunction<? super V> function;

    /**
     * A sink.
     *
     * @param type     of the records
     * @param function that takes them
     */
    public CallbackOperator(final RecordType<V, ?> type, final CallbackSink.SinkFunction<? super V> function)
    {
        super(type);
        this.function = function;
    }

    private void acceptChecked(final long slot)
    {
        function.accept(view(slot));
        releaseView();
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        final CallbackSink.SinkFunction<? super V> function = this.function;
        final Flyweight record = flyweight();
        final V view = view();
        for (int i = 0; i < count; i++)
        {
            if (DebugMode.ENABLED)
            {
                acceptChecked(slots[i]);
            }
            else
            {
                record.wrapUnchecked(slots[i] + SlotDescriptor.HEADER_LENGTH);
                function.accept(view);
            }
        }
        return true;
    }
}
