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
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.BroadcastContext;
import io.millrace.operators.process.KeyedBroadcastProcessFunction;
import io.millrace.operators.process.KeyedBroadcastProcessOperator;
import io.millrace.operators.process.KeyedCoProcessFunction;
import io.millrace.operators.process.KeyedCoProcessOperator;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.TimerService;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.OperatorStateStore;
import io.millrace.operators.state.StateStore;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Functions of two streams, with state and timers by key and with broadcast state: an element's number decides what the
 * function does with it.
 */
class ConnectedOracleTest
{
    private static final MapStateDescriptor<Long, Long> RULES = new MapStateDescriptor<>("rules", Types.LONG, Types.LONG);
    private static final MapStateDescriptor<Long, Long> SEEN = new MapStateDescriptor<>("seen", Types.LONG, Types.LONG);

    @Test
    void shouldConnectKeyedStreamsAsFlinkDoes() throws Exception
    {
        final Supplier<OurConnected> ours = OurConnected::new;
        Oracle.compare("connected streams", 2, 40, seed -> new Oracle.Run[] {
            new FlinkInputs.Connected(() -> new org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator<>(
                new FlinkConnected())),
            new MillraceInputs("connected streams", WindowOracleTest.factory(KeyedCoProcessOperator.class,
                ReadingFlyweight.TYPE, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, WindowOracleTest.encoder(),
                WindowOracleTest.encoder(), WindowOracleTest.keyView(), ours), ConnectedOracleTest::text)});
    }

    @Test
    void shouldBroadcastAsFlinkDoes() throws Exception
    {
        final Supplier<OurBroadcast> ours = OurBroadcast::new;
        Oracle.compare("broadcast state", 2, 40, seed -> new Oracle.Run[] {
            new FlinkInputs.Broadcast(() -> new CoBroadcastWithKeyedOperator<>(
                new FlinkBroadcast(), List.of(RULES))),
            new MillraceInputs("broadcast state", WindowOracleTest.factory(KeyedBroadcastProcessOperator.class,
                ReadingFlyweight.TYPE, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, WindowOracleTest.encoder(),
                WindowOracleTest.keyView(), ours), ConnectedOracleTest::text)});
    }

    private static String text(final Summary result)
    {
        return result.sensor() + " " + result.sum() + " W" + result.count();
    }

    private static int action(final long bit)
    {
        return Long.numberOfTrailingZeros(bit) % 4;
    }

    private static void emit(final Collector<SummaryFlyweight> out, final long key, final long sum, final long watermark)
    {
        out.next().sensor(key).sum(sum).count(watermark);
        out.emit();
    }

    /** The first stream adds to the state and registers timers, the second reads, deletes timers and clears. */
    private static final class OurConnected implements KeyedCoProcessFunction<LongKey, Reading, Reading, SummaryFlyweight>
    {
        private LongState state;

        @Override
        public void open(final StateStore states)
        {
            state = states.longValue("state");
        }

        @Override
        public void processElement1(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            state.set(state.get() | record.value());
            context.timerService().registerEventTimeTimer(context.timestamp() + action(record.value()) - 1);
        }

        @Override
        public void processElement2(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            final TimerService timers = context.timerService();
            switch (action(record.value()))
            {
                case 0 -> timers.deleteEventTimeTimer(context.timestamp() + 1);
                case 1 -> timers.registerEventTimeTimer(context.timestamp() + 7);
                case 2 -> emit(out, context.currentKey().value(), state.get(), timers.currentWatermark());
                default -> state.clear();
            }
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            emit(out, context.currentKey().value(), state.get(), context.timerService().currentWatermark());
            state.set(state.get() * 2);
        }
    }

    /** The same in Flink. */
    private static final class FlinkConnected extends org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction<
        Long, Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, String>
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
        public void processElement1(
            final Tuple3<Long, Long, Long> element, final Context context, final org.apache.flink.util.Collector<String> out)
            throws Exception
        {
            state.update(value() | element.f2);
            context.timerService().registerEventTimeTimer(element.f1 + action(element.f2) - 1);
        }

        @Override
        public void processElement2(
            final Tuple3<Long, Long, Long> element, final Context context, final org.apache.flink.util.Collector<String> out)
            throws Exception
        {
            switch (action(element.f2))
            {
                case 0 -> context.timerService().deleteEventTimeTimer(element.f1 + 1);
                case 1 -> context.timerService().registerEventTimeTimer(element.f1 + 7);
                case 2 -> out.collect(
                    context.getCurrentKey() + " " + value() + " W" + context.timerService().currentWatermark());
                default -> state.clear();
            }
        }

        @Override
        public void onTimer(
            final long timestamp, final OnTimerContext context, final org.apache.flink.util.Collector<String> out)
            throws Exception
        {
            out.collect(context.getCurrentKey() + " " + value() + " W" + context.timerService().currentWatermark());
            state.update(value() * 2);
        }
    }

    /**
     * The broadcast stream changes rules, which count in what the keyed one reads, and looks at the states of all keys; the
     * keyed one has timers.
     */
    private static final class OurBroadcast
        implements KeyedBroadcastProcessFunction<LongKey, Reading, Reading, SummaryFlyweight>
    {
        private LongMapState<Summary, SummaryFlyweight> rules;
        private LongMapState<Summary, SummaryFlyweight> seen;

        @Override
        public void open(final OperatorStateStore states)
        {
            rules = states.broadcastLongMap("rules", SummaryFlyweight.TYPE);
            seen = states.keyed().longMap("seen", SummaryFlyweight.TYPE);
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            final Summary rule = rules.read(action(record.value()));
            seen.value(record.sensor()).sum(record.value());
            context.timerService().registerEventTimeTimer(context.timestamp() + 2);
            emit(out, context.currentKey().value(), rule == null ? -1 : rule.sum(),
                context.timerService().currentWatermark());
        }

        @Override
        public void processBroadcastElement(
            final Reading record, final BroadcastContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            switch (action(record.value()))
            {
                case 0 -> rules.value(record.sensor()).sum(record.value());
                case 1 -> rules.remove(record.sensor());
                case 2 -> context.applyToKeyedState(seen, (key, state) -> state.forEach((second, summary) ->
                    emit(out, key.value(), summary.sum(), second)));
                default -> rules.forEach((key, rule) -> emit(out, key, rule.sum(), -1));
            }
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            final Summary rule = rules.read(Math.floorMod(timestamp, 4));
            emit(out, context.currentKey().value(), rule == null ? 0 : rule.sum(),
                context.timerService().currentWatermark());
            seen.remove(context.currentKey().value());
        }
    }

    /** The same in Flink. */
    private static final class FlinkBroadcast extends
        org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction<
            Long, Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, String>
    {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(
            final Tuple3<Long, Long, Long> element,
            final ReadOnlyContext context,
            final org.apache.flink.util.Collector<String> out) throws Exception
        {
            final Long rule = context.getBroadcastState(RULES).get((long)action(element.f2));
            getRuntimeContext().getMapState(SEEN).put(element.f0, element.f2);
            context.timerService().registerEventTimeTimer(element.f1 + 2);
            out.collect(context.getCurrentKey() + " " + (rule == null ? -1 : rule) + " W" + context.currentWatermark());
        }

        @Override
        public void processBroadcastElement(
            final Tuple3<Long, Long, Long> element, final Context context, final org.apache.flink.util.Collector<String> out)
            throws Exception
        {
            final BroadcastState<Long, Long> rules = context.getBroadcastState(RULES);
            switch (action(element.f2))
            {
                case 0 -> rules.put(element.f0, element.f2);
                case 1 -> rules.remove(element.f0);
                case 2 -> context.applyToKeyedState(SEEN, (key, state) ->
                {
                    for (final java.util.Map.Entry<Long, Long> entry : state.entries())
                    {
                        out.collect(key + " " + entry.getValue() + " W" + entry.getKey());
                    }
                });
                default -> rules.entries().forEach(rule -> out.collect(rule.getKey() + " " + rule.getValue() + " W-1"));
            }
        }

        @Override
        public void onTimer(
            final long timestamp, final OnTimerContext context, final org.apache.flink.util.Collector<String> out)
            throws Exception
        {
            final Long rule = context.getBroadcastState(RULES).get((long)Math.floorMod(timestamp, 4));
            out.collect(context.getCurrentKey() + " " + (rule == null ? 0 : rule) + " W" + context.currentWatermark());
            getRuntimeContext().getMapState(SEEN).remove(context.getCurrentKey());
        }
    }
}
