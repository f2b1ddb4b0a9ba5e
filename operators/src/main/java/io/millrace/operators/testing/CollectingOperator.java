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
package io.millrace.operators.testing;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;

import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;

/** Hands records to a {@link TestOutput}; a restore takes back what came after the snapshot. */
public final class CollectingOperator implements Operator
{
    private final LongConsumer records;
    private final IntSupplier count;
    private final IntConsumer backTo;

    /**
     * A sink.
     *
     * @param records takes the slot of each record
     * @param count   how many were taken
     * @param backTo  forgets what was taken after so many
     */
    public CollectingOperator(final LongConsumer records, final IntSupplier count, final IntConsumer backTo)
    {
        this.records = records;
        this.count = count;
        this.backTo = backTo;
    }

    @Override
    public void open(final OperatorContext context)
    {
        // Nothing to get ready.
    }

    @Override
    public boolean process(final long slot)
    {
        records.accept(slot);
        return true;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putInt(count.getAsInt());
    }

    @Override
    public void restore(final BlobReader reader)
    {
        backTo.accept(reader.getInt());
    }
}
