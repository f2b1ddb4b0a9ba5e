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
package io.millrace.samples.savepoint;

import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;
import io.millrace.operators.state.ValueState;

/** Uses a state of each kind, and timers. */
public final class Everything implements KeyedProcessFunction<LongKey, Tick, TotalFlyweight>
{
    private static final long DELAY = 70;

    private ValueState<Total, TotalFlyweight> total;
    private LongMapState<Total, TotalFlyweight> byRest;
    private ListState<Tick, TickFlyweight> latest;
    private LongState fired;

    @Override
    public void open(final StateStore states)
    {
        total = states.value("total", TotalFlyweight.TYPE);
        byRest = states.longMap("byRest", TotalFlyweight.TYPE);
        latest = states.list("latest", TickFlyweight.TYPE);
        fired = states.longValue("fired");
    }

    @Override
    public void processElement(final Tick tick, final KeyedContext<LongKey> context, final Collector<TotalFlyweight> out)
    {
        final TotalFlyweight sum = total.value();
        sum.key(tick.key()).count(sum.count() + 1).sum(sum.sum() + tick.value());
        final long count = sum.count();
        final TotalFlyweight rest = byRest.value(tick.value() % 5);
        rest.count(rest.count() + 1);
        latest.add().time(tick.time()).key(tick.key()).value(tick.value());
        if (latest.size() > 3)
        {
            latest.clear();
        }
        if (count % 3 == 0)
        {
            context.timerService().registerEventTimeTimer(tick.time() + DELAY);
        }
        out.next().key(tick.key()).count(count).sum(total.read().sum()).end(tick.value());
        out.emit();
    }

    @Override
    public void onTimer(final long timestamp, final KeyedContext<LongKey> context, final Collector<TotalFlyweight> out)
    {
        long rests = 0;
        for (int i = 0; i < 5; i++)
        {
            final Total rest = byRest.read(i);
            rests = rests * 1_000 + (rest == null ? 0 : rest.count());
        }
        fired.add(1);
        out.next().key(context.currentKey().value()).count(-fired.get()).sum(rests * 10 + latest.size()).end(timestamp);
        out.emit();
    }
}
