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
package io.millrace.operators.transform;

import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.function.FilterFunction;

/**
 * Passes on the records that a function keeps, as they are.
 *
 * @param <V> read-only view of the records
 */
public final class FilterOperator<V> extends RecordOperator<V> implements SkippingOperator, BatchOperator
{
    private final long[] kept = new long[BatchProcessor.MAX_BATCH];
    private final FilterFunction<? super V> function;

    /**
     * An operator.
     *
     * @param type     of the records
     * @param function that decides
     */
    public FilterOperator(final RecordType<V, ?> type, final FilterFunction<? super V> function)
    {
        super(type);
        this.function = function;
    }

    private boolean testChecked(final long slot)
    {
        final boolean keep = function.test(view(slot));
        releaseView();
        return keep;
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        final long[] kept = this.kept;
        final FilterFunction<? super V> function = this.function;
        final Flyweight record = flyweight();
        final V view = view();
        int keeping = 0;
        for (int i = 0; i < count; i++)
        {
            final long slot = slots[i];
            // In debug mode this is the view of the last batch, which must stay released.
            if (!DebugMode.ENABLED)
            {
                record.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
            }
            // Without a branch, which would be as unpredictable as the records are.
            kept[keeping] = slot;
            keeping += (DebugMode.ENABLED ? testChecked(slot) : function.test(view)) ? 1 : 0;
        }
        return keeping == 0 || output().forwardBatch(kept, keeping);
    }
}
