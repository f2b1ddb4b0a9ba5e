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
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.Collector;
import io.millrace.operators.process.KeyedCoProcessFunction;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;

/**
 * Counts what came from either side, and shows it at a timer behind.
 *
 * @param <K> view of the key
 */
final class TwoStreams<K> implements KeyedCoProcessFunction<K, Reading, Reading, SummaryFlyweight>
{
    private LongState firsts;
    private LongState seconds;

    @Override
    public void open(final StateStore states)
    {
        firsts = states.longValue("firsts");
        seconds = states.longValue("seconds");
    }

    @Override
    public void processElement1(
        final Reading reading, final KeyedContext<K> context, final Collector<SummaryFlyweight> out)
    {
        firsts.set(firsts.get() * 3 + reading.value());
        context.timerService().registerEventTimeTimer(context.timestamp() + 9);
    }

    @Override
    public void processElement2(
        final Reading reading, final KeyedContext<K> context, final Collector<SummaryFlyweight> out)
    {
        seconds.set(seconds.get() + reading.value());
        show(reading.time(), out);
        context.timerService().deleteEventTimeTimer(context.timestamp() + 3);
    }

    @Override
    public void onTimer(final long timestamp, final KeyedContext<K> context, final Collector<SummaryFlyweight> out)
    {
        show(timestamp, out);
        seconds.clear();
    }

    private void show(final long time, final Collector<SummaryFlyweight> out)
    {
        out.next().windowEnd(time).count(firsts.get()).sum(seconds.get());
        out.emit();
    }
}
