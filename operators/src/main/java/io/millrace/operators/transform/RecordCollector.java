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
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.OutputTag;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes the results of a user's function, for the main output and for side outputs. Each operator has one of its own
 * copy of the class, as its calls of outputs decide the speed.
 *
 * @param <W> flyweight that writes the results
 */
public final class RecordCollector<W extends Flyweight> implements ResultCollector<W>
{
    private final OperatorContext context;
    private final String operator;
    private final RecordWriter<W> writer;
    private final Output output;
    private final Counter dropped;
    private final List<SideCollector<?>> sides = new ArrayList<>();
    private long input;
    private long timestamp;
    private boolean begun;
    private boolean goOn;

    /**
     * A collector.
     *
     * @param context of the operator
     * @param type    of the main output's records
     */
    public RecordCollector(final OperatorContext context, final RecordType<?, W> type)
    {
        this.context = context;
        this.operator = context.name();
        this.writer = new RecordWriter<>(type);
        this.output = context.output();
        this.dropped = context.counter("sideOutputRecordsDropped");
    }

    @Override
    public void begin(final long slot)
    {
        begin(slot, SlotDescriptor.timestamp(slot));
    }

    @Override
    public void begin(final long slot, final long newTimestamp)
    {
        input = slot;
        timestamp = newTimestamp;
        goOn = true;
        begun = false;
    }

    @Override
    public boolean goOn()
    {
        return goOn;
    }

    @Override
    public W next()
    {
        begun = true;
        final W result = writer.begin(output.claim(), input, writer.flyweight().blockLength());
        SlotDescriptor.timestamp(writer.slot(), timestamp);
        return result;
    }

    @Override
    public void emit()
    {
        if (!begun)
        {
            throw withoutNext("");
        }
        begun = false;
        writer.end(operator);
        goOn &= output.commit();
    }

    private IllegalStateException withoutNext(final String where)
    {
        return new IllegalStateException("operator " + operator + " emits " + where +
            "without next(): get the record from next(), fill it, then emit()");
    }

    @Override
    @SuppressWarnings("unchecked")
    public <X extends Flyweight> Collector<X> sideOutput(final OutputTag<?, X> tag)
    {
        for (int i = 0; i < sides.size(); i++)
        {
            final SideCollector<?> known = sides.get(i);
            if (known.tag.equals(tag))
            {
                return (Collector<X>)known;
            }
        }
        final SideCollector<X> side = open(tag);
        sides.add(side);
        return side;
    }

    private <X extends Flyweight> SideCollector<X> open(final OutputTag<?, X> tag)
    {
        final Output taken = context.sideOutput(tag.name());
        if (taken != null)
        {
            checkType(tag, context.sideOutputType(tag.name()));
            return new SideCollector<>(tag, taken, null);
        }
        final int length = SlotDescriptor.slotLength(tag.type().maxLength(), 64);
        final Region unwanted = Region.allocate(context.account(), operator + " side output " + tag.name(), length);
        SlotDescriptor.kindAndLength(unwanted.address(), SlotDescriptor.KIND_DATA, tag.type().blockLength());
        return new SideCollector<>(tag, new DiscardOutput(unwanted.address()), unwanted);
    }

    private void checkType(final OutputTag<?, ?> tag, final RecordType<?, ?> declared)
    {
        if (declared != tag.type())
        {
            throw new IllegalArgumentException("side output tag=" + tag.name() + " of operator " + operator +
                " takes record=" + declared + " but gets record=" + tag.type() +
                ": use one tag for both, best a constant");
        }
    }

    @Override
    public void close()
    {
        for (final SideCollector<?> side : sides)
        {
            if (side.unwanted != null)
            {
                side.unwanted.close();
            }
        }
    }

    /**
     * Takes the records of a side output.
     *
     * @param <X> flyweight that writes them
     */
    private final class SideCollector<X extends Flyweight> implements Collector<X>
    {
        private final OutputTag<?, X> tag;
        private final RecordWriter<X> sideWriter;
        private final Output sideOutput;
        /** Where the records go that nobody takes; null when somebody does. */
        private final Region unwanted;
        private boolean sideBegun;

        private SideCollector(final OutputTag<?, X> tag, final Output sideOutput, final Region unwanted)
        {
            this.tag = tag;
            this.sideWriter = new RecordWriter<>(tag.type());
            this.sideOutput = sideOutput;
            this.unwanted = unwanted;
        }

        @Override
        public X next()
        {
            sideBegun = true;
            final X result = sideWriter.begin(sideOutput.claim(), input, sideWriter.flyweight().blockLength());
            SlotDescriptor.timestamp(sideWriter.slot(), timestamp);
            return result;
        }

        @Override
        public void emit()
        {
            if (!sideBegun)
            {
                throw withoutNext("to " + tag.name() + ' ');
            }
            sideBegun = false;
            sideWriter.end(operator);
            goOn &= sideOutput.commit();
            if (unwanted != null)
            {
                dropped.increment();
            }
        }

        @Override
        public <Y extends Flyweight> Collector<Y> sideOutput(final OutputTag<?, Y> side)
        {
            return RecordCollector.this.sideOutput(side);
        }
    }
}
