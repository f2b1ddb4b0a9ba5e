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
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.StreamSink;
import io.millrace.core.testing.Emitted;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;

/**
 * What came out of a stream, as values to keep. A restore takes back what came after the snapshot.
 *
 * @param <T> of the values
 */
public final class TestOutput<T>
{
    private final String name;
    private final List<Emitted<T>> records = new ArrayList<>();
    private int taken;

    TestOutput(final String name)
    {
        this.name = name;
    }

    /** What collects the records. */
    <V> StreamSink<V> sink(final Function<? super V, ? extends T> copy)
    {
        return type -> factory(type, copy);
    }

    private <V, X extends V, F extends Flyweight> OperatorFactory<Operator> factory(
        final RecordType<X, F> type, final Function<? super V, ? extends T> copy)
    {
        final LongConsumer record = slot ->
        {
            final F view = type.newFlyweight();
            view.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
            records.add(new Emitted<>(
                SlotDescriptor.timestamp(slot), SlotDescriptor.cause(slot), copy.apply(type.view(view))));
            if (DebugMode.ENABLED)
            {
                view.release("output " + name);
            }
        };
        final IntSupplier count = records::size;
        final IntConsumer backTo = size ->
        {
            records.subList(size, records.size()).clear();
            taken = Math.min(taken, size);
        };
        return OperatorFactory.of(CollectingOperator.class, record, count, backTo);
    }

    /**
     * What came out since the last call of this.
     *
     * @return values in the order in which they came out
     */
    public List<T> take()
    {
        return takeEmitted().stream().map(Emitted::value).toList();
    }

    /**
     * What came out since the last call of this, with event time and cause.
     *
     * @return in the order in which it came out
     */
    public List<Emitted<T>> takeEmitted()
    {
        final List<Emitted<T>> latest = List.copyOf(records.subList(taken, records.size()));
        taken = records.size();
        return latest;
    }

    /**
     * All that came out since the start, taken or not.
     *
     * @return values in the order in which they came out
     */
    public List<T> all()
    {
        return records.stream().map(Emitted::value).toList();
    }
}
