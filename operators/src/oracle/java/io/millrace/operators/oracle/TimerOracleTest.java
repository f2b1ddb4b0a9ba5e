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
package io.millrace.operators.oracle;

import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.process.KeyedProcessOperator;
import io.millrace.operators.process.TimerService;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.function.Supplier;

/**
 * Timers and state of a keyed function: an element's number decides whether it registers a timer before or behind its
 * time, deletes one, or reads and clears the state; a timer may register others, at or below the watermark, too.
 */
class TimerOracleTest
{
    @Test
    void shouldFireTimersAsFlinkDoes() throws Exception
    {
        final Supplier<OurFunction> ours = OurFunction::new;
        Oracle.compare("timers", 1, 40, seed -> new Oracle.Run[] {
            new FlinkRun(() -> new org.apache.flink.streaming.api.operators.KeyedProcessOperator<>(new FlinkFunction()), null),
            new MillraceRun("timers", WindowOracleTest.factory(KeyedProcessOperator.class, ReadingFlyweight.TYPE,
                SummaryFlyweight.TYPE, WindowOracleTest.encoder(), WindowOracleTest.keyView(), ours),
                result -> result.sensor() + " " + result.sum() + " W" + result.count(), "late")});
    }

    private static int action(final long bit)
    {
        return Long.numberOfTrailingZeros(bit) % 5;
    }

    /** In Millrace. */
    private static final class OurFunction implements KeyedProcessFunction<LongKey, Reading, SummaryFlyweight>
    {
        private LongState state;

        @Override
        public void open(final StateStore states)
        {
            state = states.longValue("state");
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            final TimerService timers = context.timerService();
            state.set(state.get() | record.value());
            switch (action(record.value()))
            {
                case 0 -> timers.registerEventTimeTimer(context.timestamp() + 5);
                case 1 -> timers.registerEventTimeTimer(context.timestamp() - 3);
                case 2 -> timers.deleteEventTimeTimer(context.timestamp() + 4);
                case 3 -> timers.registerEventTimeTimer(context.timestamp() + 4);
                default ->
                {
                    emit(context, out);
                    state.clear();
                }
            }
        }

        private void emit(final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            out.next().sensor(context.currentKey().value()).sum(state.get())
                .count(context.timerService().currentWatermark());
            out.emit();
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            emit(context, out);
            if (timestamp % 3 == 0)
            {
                context.timerService().registerEventTimeTimer(timestamp - 2);
                context.timerService().registerEventTimeTimer(timestamp + 7);
            }
            else if (timestamp % 5 == 0)
            {
                context.timerService().deleteEventTimeTimer(timestamp + 1);
                state.clear();
            }
        }
    }

    /** The same in Flink. */
    private static final class FlinkFunction extends
        org.apache.flink.streaming.api.functions.KeyedProcessFunction<Long, Tuple3<Long, Long, Long>, String>
    {
        private static final long serialVersionUID = 1;
        private transient ValueState<Long> state;

        @Override
        public void open(final Configuration parameters)
        {
            state = getRuntimeContext().getState(new ValueStateDescriptor<>("state", Types.LONG));
        }

        private long value() throws IOException
        {
            final Long value = state.value();
            return value == null ? 0 : value;
        }

        @Override
        public void processElement(
            final Tuple3<Long, Long, Long> element, final Context context, final org.apache.flink.util.Collector<String> out)
            throws Exception
        {
            final org.apache.flink.streaming.api.TimerService timers = context.timerService();
            state.update(value() | element.f2);
            switch (action(element.f2))
            {
                case 0 -> timers.registerEventTimeTimer(element.f1 + 5);
                case 1 -> timers.registerEventTimeTimer(element.f1 - 3);
                case 2 -> timers.deleteEventTimeTimer(element.f1 + 4);
                case 3 -> timers.registerEventTimeTimer(element.f1 + 4);
                default ->
                {
                    out.collect(element.f0 + " " + value() + " W" + timers.currentWatermark());
                    state.clear();
                }
            }
        }

        @Override
        public void onTimer(
            final long timestamp, final OnTimerContext context, final org.apache.flink.util.Collector<String> out)
            throws Exception
        {
            out.collect(context.getCurrentKey() + " " + value() + " W" + context.timerService().currentWatermark());
            if (timestamp % 3 == 0)
            {
                context.timerService().registerEventTimeTimer(timestamp - 2);
                context.timerService().registerEventTimeTimer(timestamp + 7);
            }
            else if (timestamp % 5 == 0)
            {
                context.timerService().deleteEventTimeTimer(timestamp + 1);
                state.clear();
            }
        }
    }
}
