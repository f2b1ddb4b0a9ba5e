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

import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.process.TimerService;
import io.millrace.operators.state.AggregatingState;
import io.millrace.operators.state.DoubleState;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.ReducingState;
import io.millrace.operators.state.StateStore;
import io.millrace.operators.state.StateTtl;
import io.millrace.operators.state.TextMapState;
import io.millrace.operators.state.ValueState;

/**
 * Uses state of every type, and timers that are registered ahead and behind, deleted and registered by others.
 *
 * @param <K> view of the key
 */
final class EveryState<K> implements KeyedProcessFunction<K, Reading, SummaryFlyweight>
{
    private static final OutputTag<Summary, SummaryFlyweight> OVER = new OutputTag<>("over", SummaryFlyweight.TYPE);

    private ValueState<Reading, ReadingFlyweight> last;
    private LongState number;
    private DoubleState fraction;
    private ListState<Reading, ReadingFlyweight> list;
    private LongMapState<Summary, SummaryFlyweight> byValue;
    private TextMapState<Summary, SummaryFlyweight> byPlace;
    private ReducingState<Reading> least;
    private AggregatingState<Reading, Summary> total;
    private final StateTtl ttl;
    private final boolean clocked;
    private long folded;

    /** With states that stay. */
    EveryState()
    {
        this(null, false);
    }

    /**
     * With states that may expire, or timers of processing time.
     *
     * @param ttl     of the states; null when they stay
     * @param clocked whether processing time is used, and timers are of it
     */
    EveryState(final StateTtl ttl, final boolean clocked)
    {
        this.ttl = ttl;
        this.clocked = clocked;
    }

    @Override
    public boolean usesProcessingTime()
    {
        return clocked;
    }

    @Override
    public void open(final StateStore store)
    {
        final StateStore states = ttl == null ? store : store.with(ttl);
        last = states.value("last", ReadingFlyweight.TYPE);
        number = states.longValue("number", 5);
        fraction = states.doubleValue("fraction");
        list = states.list("list", ReadingFlyweight.TYPE);
        byValue = states.longMap("by value", SummaryFlyweight.TYPE);
        byPlace = states.textMap("by place", SummaryFlyweight.TYPE);
        least = states.reducing("least", ReadingFlyweight.TYPE,
            (minimum, reading) -> minimum.value(Math.min(minimum.value(), reading.value() * 37 % 101)));
        total = states.aggregating("total", SummaryFlyweight.TYPE,
            (sum, reading) -> sum.count(sum.count() + 1).sum(sum.sum() + reading.value()));
    }

    @Override
    public void processElement(
        final Reading reading, final KeyedContext<K> context, final Collector<SummaryFlyweight> out)
    {
        final long before = last.isEmpty() ? -1 : last.read().value();
        last.update(reading);
        number.set(number.get() * 3 + reading.value());
        fraction.set(fraction.get() / 2 + reading.value());
        list.add(reading);
        least.add(reading);
        total.add(reading);
        final SummaryFlyweight place = byPlace.value(reading.place());
        place.count(place.count() + 1);
        byValue.value(reading.value() % 7).sum(reading.value());
        if (reading.value() % 11 == 0)
        {
            byValue.remove(reading.value() % 5);
            byPlace.remove(reading.place());
        }
        if (list.size() > 4)
        {
            list.value(0).value(-1);
            tell(context.timestamp(), out);
            list.clear();
        }
        final TimerService timers = context.timerService();
        if (clocked)
        {
            timers.registerProcessingTimeTimer(timers.currentProcessingTime() + reading.value() % 30 - 5);
        }
        timers.registerEventTimeTimer(context.timestamp() + reading.value() % 30 - 5);
        if (before % 3 == 0)
        {
            timers.deleteEventTimeTimer(context.timestamp() + reading.value() % 4);
            if (clocked)
            {
                timers.deleteProcessingTimeTimer(timers.currentProcessingTime() + reading.value() % 9);
            }
        }
    }

    @Override
    public void onTimer(final long timestamp, final KeyedContext<K> context, final Collector<SummaryFlyweight> out)
    {
        if (timestamp % 4 == 0)
        {
            context.timerService().registerEventTimeTimer(timestamp - 1);
            context.timerService().registerEventTimeTimer(timestamp + 13);
        }
        tell(timestamp, out);
        if (timestamp % 10 == 0)
        {
            final Collector<SummaryFlyweight> over = out.sideOutput(OVER);
            over.next().windowEnd(timestamp).count(least.isEmpty() ? 0 : least.read().value());
            over.emit();
            last.clear();
            number.clear();
            fraction.clear();
            byValue.clear();
            least.clear();
        }
    }

    private void tell(final long timestamp, final Collector<SummaryFlyweight> out)
    {
        folded = number.get() * 31 + (long)(fraction.get() * 1000) + (last.isEmpty() ? 0 : last.read().value());
        for (long i = 0; i < list.size(); i++)
        {
            folded = folded * 31 + list.get(i).value();
        }
        byValue.forEach((value, summary) -> folded = folded * 31 + value * 7 + summary.sum());
        byPlace.forEach((place, summary) -> folded = folded * 31 + place.charAt(place.length() - 1) + summary.count());
        out.next().windowEnd(timestamp).count(total.isEmpty() ? 0 : total.read().count()).sum(folded);
        out.emit();
    }
}
