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

import io.millrace.core.chain.DiscardOutput;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Output;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.FlatMapFunction;
import io.millrace.operators.function.OutputTag;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes any number of records out of each, for the main output and for side outputs.
 *
 * @param <V> read-only view of the input
 * @param <W> flyweight that writes the results
 */
public final class FlatMapOperator<V, W extends Flyweight> extends RecordOperator<V>
{
    private final FlatMapFunction<? super V, W> function;
    private final RecordType<?, W> outputType;
    private final List<OutputCollector<?>> sideOutputs = new ArrayList<>();
    private OutputCollector<W> results;
    private OperatorContext context;
    /** The name once more: a nested class of an isolated one reaches no protected member of another loader's class. */
    private String operator;
    private Counter dropped;
    private long input;
    private boolean goOn;

    /**
     * An operator.
     *
     * @param inputType  of the records
     * @param outputType of the results
     * @param function   that makes them
     */
    public FlatMapOperator(
        final RecordType<V, ?> inputType,
        final RecordType<?, W> outputType,
        final FlatMapFunction<? super V, W> function)
    {
        super(inputType);
        this.function = function;
        this.outputType = outputType;
    }

    @Override
    public void open(final OperatorContext newContext)
    {
        super.open(newContext);
        context = newContext;
        operator = newContext.name();
        dropped = newContext.counter("sideOutputRecordsDropped");
        results = new OutputCollector<>(null, outputType, output(), null);
    }

    @Override
    public boolean process(final long slot)
    {
        input = slot;
        goOn = true;
        results.begun = false;
        function.flatMap(view(slot), results);
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        return goOn;
    }

    @SuppressWarnings("unchecked")
    private <X extends Flyweight> Collector<X> collector(final OutputTag<?, X> tag)
    {
        for (int i = 0; i < sideOutputs.size(); i++)
        {
            final OutputCollector<?> known = sideOutputs.get(i);
            if (known.tag.equals(tag))
            {
                return (Collector<X>)known;
            }
        }
        final OutputCollector<X> collector = open(tag);
        sideOutputs.add(collector);
        return collector;
    }

    private <X extends Flyweight> OutputCollector<X> open(final OutputTag<?, X> tag)
    {
        final Output taken = context.sideOutput(tag.name());
        if (taken != null)
        {
            checkType(tag, context.sideOutputType(tag.name()));
            return new OutputCollector<>(tag, tag.type(), taken, null);
        }
        final int length = SlotDescriptor.slotLength(tag.type().maxLength(), 64);
        final Region unwanted = Region.allocate(context.account(), name() + " side output " + tag.name(), length);
        SlotDescriptor.kindAndLength(unwanted.address(), SlotDescriptor.KIND_DATA, tag.type().blockLength());
        return new OutputCollector<>(tag, tag.type(), new DiscardOutput(unwanted.address()), unwanted);
    }

    private void checkType(final OutputTag<?, ?> tag, final RecordType<?, ?> declared)
    {
        if (declared != tag.type())
        {
            throw new IllegalArgumentException("side output tag=" + tag.name() + " of operator " + name() +
                " takes record=" + declared + " but gets record=" + tag.type() +
                ": use one tag for both, best a constant");
        }
    }

    @Override
    public void close()
    {
        for (final OutputCollector<?> collector : sideOutputs)
        {
            if (collector.unwanted != null)
            {
                collector.unwanted.close();
            }
        }
    }

    /**
     * Takes the records of one output.
     *
     * @param <X> flyweight that writes them
     */
    private final class OutputCollector<X extends Flyweight> implements Collector<X>
    {
        /** Null for the main output. */
        private final OutputTag<?, X> tag;
        private final RecordWriter<X> writer;
        private final Output output;
        /** Where the records go that nobody takes; null when somebody does. */
        private final Region unwanted;
        private boolean begun;

        private OutputCollector(
            final OutputTag<?, X> tag, final RecordType<?, X> type, final Output output, final Region unwanted)
        {
            this.tag = tag;
            this.writer = new RecordWriter<>(type);
            this.output = output;
            this.unwanted = unwanted;
        }

        @Override
        public X next()
        {
            begun = true;
            return writer.begin(output.claim(), input, writer.flyweight().blockLength());
        }

        @Override
        public void emit()
        {
            if (!begun)
            {
                throw new IllegalStateException("operator " + operator + " emits " +
                    (tag == null ? "" : "to " + tag.name() + ' ') + "without next(): get the record from next(), " +
                    "fill it, then emit()");
            }
            begun = false;
            writer.end(operator);
            goOn &= output.commit();
            if (unwanted != null)
            {
                dropped.increment();
            }
        }

        @Override
        public <Y extends Flyweight> Collector<Y> sideOutput(final OutputTag<?, Y> side)
        {
            return collector(side);
        }
    }
}
