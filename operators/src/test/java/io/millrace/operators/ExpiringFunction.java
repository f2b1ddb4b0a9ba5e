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
package io.millrace.operators;

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.process.KeyedProcessOperator;
import io.millrace.operators.state.AggregatingState;
import io.millrace.operators.state.DoubleState;
import io.millrace.operators.state.ExpiredEntry;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.ReducingState;
import io.millrace.operators.state.StateStore;
import io.millrace.operators.state.StateTtl;
import io.millrace.operators.state.TextMapState;
import io.millrace.operators.state.ValueState;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Every type of state with one time to live, in an operator that does with each record what the test says. */
final class ExpiringFunction implements KeyedProcessFunction<LongKey, Reading, SummaryFlyweight>
{
    /** What a test does with the states of a record's key. */
    interface Action
    {
        void run(ExpiringFunction states, Reading record);
    }

    private final StateTtl ttl;
    private final Action action;
    private final Action timerAction;
    private boolean clocked;
    ValueState<Reading, ReadingFlyweight> value;
    LongState number;
    DoubleState fraction;
    ListState<Reading, ReadingFlyweight> list;
    LongMapState<Reading, ReadingFlyweight> longMap;
    TextMapState<Reading, ReadingFlyweight> textMap;
    ReducingState<Reading> reducing;
    AggregatingState<Reading, Summary> aggregating;
    LongState lasting;
    KeyedContext<LongKey> context;

    /**
     * A function.
     *
     * @param ttl         of all its states; null for none
     * @param action      for a record
     * @param timerAction for a timer; takes no record
     */
    ExpiringFunction(final StateTtl ttl, final Action action, final Action timerAction)
    {
        this.ttl = ttl;
        this.action = action;
        this.timerAction = timerAction;
    }

    /** Has the function use processing time. */
    ExpiringFunction withClock()
    {
        clocked = true;
        return this;
    }

    @Override
    public boolean usesProcessingTime()
    {
        return clocked;
    }

    static OperatorHarness<ReadingFlyweight, Summary> harness(final StateTtl ttl, final Action action)
    {
        return harness(() -> new ExpiringFunction(ttl, action, (states, record) ->
        {
        }));
    }

    static OperatorHarness<ReadingFlyweight, Summary> harness(
        final Supplier<? extends KeyedProcessFunction<LongKey, Reading, SummaryFlyweight>> functions)
    {
        return OperatorHarness.of(
            factory(KeyedProcessOperator.class, functions), ReadingFlyweight.TYPE, SummaryFlyweight.TYPE);
    }

    static OperatorFactory<Operator> factory(
        final Class<? extends Operator> operator,
        final Supplier<? extends KeyedProcessFunction<LongKey, Reading, SummaryFlyweight>> functions)
    {
        final ToLongFunction<Reading> sensor = Reading::sensor;
        final OperatorFactory<KeyEncoder> encoder = OperatorFactory.of(LongKeyEncoder.class, ReadingFlyweight.TYPE, sensor);
        final OperatorFactory<KeyView<LongKey>> view = OperatorFactory.of(LongKeyView.class);
        return raw(operator, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, encoder, view, functions);
    }

    private static OperatorFactory<Operator> raw(final Class<? extends Operator> type, final Object... arguments)
    {
        return OperatorFactory.of(type, arguments);
    }

    @Override
    public void open(final StateStore states)
    {
        final StateStore store = ttl == null ? states : states.with(ttl);
        value = store.value("value", ReadingFlyweight.TYPE);
        number = store.longValue("number", 7);
        fraction = store.doubleValue("fraction");
        list = store.list("list", ReadingFlyweight.TYPE);
        longMap = store.longMap("long map", ReadingFlyweight.TYPE);
        textMap = store.textMap("text map", ReadingFlyweight.TYPE);
        reducing = store.reducing("reducing", ReadingFlyweight.TYPE,
            (sum, reading) -> sum.value(sum.value() + reading.value()));
        aggregating = store.aggregating("aggregating", SummaryFlyweight.TYPE,
            (sum, reading) -> sum.count(sum.count() + 1).sum(sum.sum() + reading.value()));
        lasting = states.longValue("lasting");
    }

    @Override
    public void processElement(
        final Reading record, final KeyedContext<LongKey> newContext, final Collector<SummaryFlyweight> out)
    {
        context = newContext;
        action.run(this, record);
    }

    @Override
    public void onTimer(
        final long timestamp, final KeyedContext<LongKey> newContext, final Collector<SummaryFlyweight> out)
    {
        context = newContext;
        timerAction.run(this, null);
        tell(out, "timer", timestamp, 0, 0);
    }

    @Override
    public void onExpiry(
        final ExpiredEntry expired, final KeyedContext<LongKey> newContext, final Collector<SummaryFlyweight> out)
    {
        context = newContext;
        final long time = expired.time();
        if (expired.isOf(value))
        {
            tell(out, "value", time, 0, expired.record(value).value());
        }
        else if (expired.isOf(number))
        {
            tell(out, "number", time, 0, expired.number(number));
        }
        else if (expired.isOf(fraction))
        {
            tell(out, "fraction", time, 0, (long)expired.number(fraction));
        }
        else if (expired.isOf(list))
        {
            tell(out, "list", time, 0, expired.record(list).value());
        }
        else if (expired.isOf(longMap))
        {
            tell(out, "long map", time, expired.longKey(), expired.record(longMap).value());
        }
        else if (expired.isOf(textMap))
        {
            tell(out, "text map", time, Long.parseLong(expired.textKey().toString()), expired.record(textMap).value());
        }
        else if (expired.isOf(reducing))
        {
            tell(out, "reducing", time, 0, expired.record(reducing).value());
        }
        else
        {
            tell(out, "aggregating", time, expired.record(aggregating).count(), expired.record(aggregating).sum());
        }
    }

    private void tell(
        final Collector<SummaryFlyweight> out, final String what, final long time, final long second, final long amount)
    {
        out.next().sensor(context.currentKey().value()).place(what).windowEnd(time).count(second).sum(amount);
        out.emit();
    }

    /** What was told since the last call: state, key, second key, value, time of the expiry, time of the result. */
    static List<String> told(final OperatorHarness<ReadingFlyweight, Summary> harness)
    {
        final Function<Summary, String> text = summary -> String.format(Locale.ROOT, "%s %d/%d=%d until %d",
            summary.place(), summary.sensor(), summary.count(), summary.sum(), summary.windowEnd());
        return harness.emitted(text).stream().map(result -> result.value() + "@" + result.timestamp()).toList();
    }

    /** All that is there, type by type. */
    String all()
    {
        final List<String> texts = new ArrayList<>();
        texts.add(value.isEmpty() ? "-" : "" + value.read().value());
        texts.add(number.isEmpty() ? "-" : "" + number.get());
        texts.add(fraction.isEmpty() ? "-" : "" + (long)fraction.get());
        final List<Long> elements = new ArrayList<>();
        for (long i = 0; i < list.size(); i++)
        {
            elements.add(list.get(i).value());
        }
        texts.add(elements.toString());
        final List<String> entries = new ArrayList<>();
        longMap.forEach((second, record) -> entries.add(second + "=" + record.value()));
        texts.add(entries.stream().sorted().toList().toString());
        entries.clear();
        textMap.forEach((second, record) -> entries.add(second + "=" + record.value()));
        texts.add(entries.stream().sorted().toList().toString());
        texts.add(reducing.isEmpty() ? "-" : "" + reducing.read().value());
        texts.add(aggregating.isEmpty() ? "-" : "" + aggregating.read().sum());
        return String.join(" ", texts);
    }

    /** Writes into every state, under a second key in the maps. */
    void write(final long second, final Reading record)
    {
        value.update(record);
        number.set(record.value());
        fraction.set((double)record.value());
        list.add(record);
        longMap.put(second, record);
        textMap.put(Long.toString(second), record);
        reducing.add(record);
        aggregating.add(record);
    }
}
