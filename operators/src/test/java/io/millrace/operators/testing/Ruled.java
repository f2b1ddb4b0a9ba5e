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
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.BroadcastContext;
import io.millrace.operators.process.KeyedBroadcastProcessFunction;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.OperatorStateStore;
import io.millrace.operators.state.TextMapState;

/** Weighs readings by rules that are broadcast, with a map by key, a list of the instance, and timers. */
final class Ruled implements KeyedBroadcastProcessFunction<LongKey, Reading, Reading, SummaryFlyweight>
{
    private LongMapState<Summary, SummaryFlyweight> weights;
    private TextMapState<Summary, SummaryFlyweight> places;
    private LongMapState<Summary, SummaryFlyweight> seen;
    private ListState<Summary, SummaryFlyweight> changes;
    private long told;

    @Override
    public void open(final OperatorStateStore states)
    {
        weights = states.broadcastLongMap("weights", SummaryFlyweight.TYPE);
        places = states.broadcastTextMap("places", SummaryFlyweight.TYPE);
        changes = states.listState("changes", SummaryFlyweight.TYPE);
        seen = states.keyed().longMap("seen", SummaryFlyweight.TYPE);
    }

    @Override
    public void processElement(
        final Reading reading, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
    {
        final Summary weight = weights.read(reading.value() % 7);
        final long weighed = weight == null ? reading.value() : reading.value() * weight.sum();
        final Summary place = places.read(reading.place());
        seen.value(reading.value() % 3).sum(weighed).count(place == null ? 0 : place.count());
        context.timerService().registerEventTimeTimer(context.timestamp() + reading.value() % 20);
    }

    @Override
    public void processBroadcastElement(
        final Reading reading, final BroadcastContext<LongKey> context, final Collector<SummaryFlyweight> out)
    {
        final SummaryFlyweight place = places.value(reading.place());
        place.count(place.count() + 1);
        changes.add().sum(reading.value());
        if (reading.value() % 5 == 0)
        {
            weights.remove(reading.value() % 7);
        }
        else
        {
            weights.value(reading.value() % 7).sum(reading.value());
        }
        if (reading.value() % 6 == 0)
        {
            context.applyToKeyedState(seen, (key, state) -> state.forEach((second, summary) ->
            {
                out.next().sensor(key.value()).count(second).sum(summary.sum());
                out.emit();
            }));
        }
    }

    @Override
    public void onTimer(final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
    {
        told = changes.size();
        seen.forEach((second, summary) -> told = told * 31 + second + summary.sum() + summary.count());
        weights.forEach((weight, summary) -> told = told * 31 + weight + summary.sum());
        out.next().sensor(context.currentKey().value()).windowEnd(timestamp).sum(told);
        out.emit();
        seen.remove(timestamp % 3);
    }
}
