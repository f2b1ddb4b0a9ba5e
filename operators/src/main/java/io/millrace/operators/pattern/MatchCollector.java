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
package io.millrace.operators.pattern;

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
import io.millrace.operators.transform.RecordWriter;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes what functions make of matches, for the main output and for side outputs, all with the timestamp of the match.
 *
 * @param <W> flyweight that writes the records of this output
 */
public final class MatchCollector<W extends Flyweight> implements Collector<W>, AutoCloseable
{
    private final OperatorContext context;
    /** The collector of the main output, which knows the others and what is being sent. */
    private final MatchCollector<?> main;
    private final List<MatchCollector<?>> sideOutputs = new ArrayList<>();
    /** Null for the main output. */
    private final OutputTag<?, W> tag;
    private final RecordWriter<W> writer;
    private final Output output;
    /** Where the records go that nobody takes; null when somebody does. */
    private final Region unwanted;
    private final Counter dropped;
    private boolean begun;
    private long cause;
    private long timestamp;
    private boolean goOn;

    /**
     * A collector for the main output.
     *
     * @param type    of its records
     * @param context of the operator
     */
    public MatchCollector(final RecordType<?, W> type, final OperatorContext context)
    {
        this.context = context;
        this.main = this;
        this.tag = null;
        this.writer = new RecordWriter<>(type);
        this.output = context.output();
        this.unwanted = null;
        this.dropped = context.counter("sideOutputRecordsDropped");
    }

    private MatchCollector(final MatchCollector<?> main, final OutputTag<?, W> tag)
    {
        this.context = main.context;
        this.main = main;
        this.tag = tag;
        this.writer = new RecordWriter<>(tag.type());
        this.dropped = main.dropped;
        final Output taken = context.sideOutput(tag.name());
        if (taken != null)
        {
            checkType(context.sideOutputType(tag.name()));
            output = taken;
            unwanted = null;
            return;
        }
        unwanted = Region.allocate(context.account(), context.name() + " side output " + tag.name(),
            SlotDescriptor.slotLength(tag.type().maxLength(), 64));
        SlotDescriptor.kindAndLength(unwanted.address(), SlotDescriptor.KIND_DATA, tag.type().blockLength());
        output = new DiscardOutput(unwanted.address());
    }

    private void checkType(final RecordType<?, ?> declared)
    {
        if (declared != null && declared != tag.type())
        {
            throw new IllegalArgumentException("side output tag=" + tag.name() + " of operator " + context.name() +
                " takes record=" + declared + " but gets record=" + tag.type() +
                ": use one tag for both, best a constant");
        }
    }

    /**
     * Begins a match.
     *
     * @param causeSlot    of what causes it
     * @param newTimestamp of it
     * @return this
     */
    public MatchCollector<W> begin(final long causeSlot, final long newTimestamp)
    {
        cause = causeSlot;
        timestamp = newTimestamp;
        goOn = true;
        begun = false;
        return this;
    }

    /**
     * What the outputs said of the match's records.
     *
     * @return false to stop as soon as possible
     */
    public boolean goOn()
    {
        return goOn;
    }

    @Override
    public W next()
    {
        begun = true;
        final W next = writer.begin(output.claim(), main.cause, writer.flyweight().blockLength());
        SlotDescriptor.timestamp(writer.slot(), main.timestamp);
        return next;
    }

    @Override
    public void emit()
    {
        if (!begun)
        {
            throw new IllegalStateException("operator " + context.name() + " emits " +
                (tag == null ? "" : "to " + tag.name() + ' ') + "without next(): get the record from next(), " +
                "fill it, then emit()");
        }
        begun = false;
        writer.end(context.name());
        main.goOn &= output.commit();
        if (unwanted != null)
        {
            dropped.increment();
        }
    }

    @Override
    public <X extends Flyweight> Collector<X> sideOutput(final OutputTag<?, X> side)
    {
        return main.collector(side);
    }

    @SuppressWarnings("unchecked")
    private <X extends Flyweight> Collector<X> collector(final OutputTag<?, X> side)
    {
        for (int i = 0; i < sideOutputs.size(); i++)
        {
            final MatchCollector<?> known = sideOutputs.get(i);
            if (known.tag.equals(side))
            {
                return (Collector<X>)known;
            }
        }
        final MatchCollector<X> collector = new MatchCollector<>(this, side);
        sideOutputs.add(collector);
        return collector;
    }

    @Override
    public void close()
    {
        for (final MatchCollector<?> collector : sideOutputs)
        {
            if (collector.unwanted != null)
            {
                collector.unwanted.close();
            }
        }
    }
}
