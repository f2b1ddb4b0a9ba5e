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
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.process.KeyedProcessOperator;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;
import io.millrace.operators.state.StateTtl;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;

/**
 * States that expire by the clock: a value, a list and a map, of which an element's number decides what is written, read or
 * cleared. Expired values are never shown; what Flink may still show of them is best effort (TTL-4). Emptiness of a map is
 * not asked for: Flink counts what has expired (TTL-4).
 */
class TtlOracleTest
{
    private static final int MAP_KEYS = 3;

    @Test
    void shouldExpireStatesAsFlinkDoes() throws Exception
    {
        Oracle.compare("states that expire", seed -> Script.random(seed, 1, 40).later(100), seed ->
        {
            final Random random = new Random(~seed);
            final long ttl = 1 + random.nextInt(12);
            final boolean byReads = random.nextBoolean();
            final Supplier<OurFunction> ours = () -> new OurFunction(ttl, byReads);
            return new Oracle.Run[] {
                FlinkRun.byClock(() -> new org.apache.flink.streaming.api.operators.KeyedProcessOperator<>(
                    new FlinkFunction(ttl, byReads))),
                MillraceRun.byClock("ttl=" + ttl + " byReads=" + byReads, WindowOracleTest.factory(
                    KeyedProcessOperator.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, WindowOracleTest.encoder(),
                    WindowOracleTest.keyView(), ours), result -> result.sensor() + " " + result.sum())};
        });
    }

    private static int action(final long bit)
    {
        return (int)((Long.numberOfTrailingZeros(bit) + 1) * 0x9E3779B1L >>> 20) % 10;
    }

    private static long second(final long bit)
    {
        return Long.numberOfTrailingZeros(bit) / 3 % MAP_KEYS;
    }

    /** Ours. */
    private static final class OurFunction implements KeyedProcessFunction<LongKey, Reading, SummaryFlyweight>
    {
        private final long ttl;
        private final boolean byReads;
        private LongState value;
        private ListState<Summary, SummaryFlyweight> list;
        private LongMapState<Summary, SummaryFlyweight> map;
        private long told;

        private OurFunction(final long ttl, final boolean byReads)
        {
            this.ttl = ttl;
            this.byReads = byReads;
        }

        @Override
        public void open(final StateStore states)
        {
            final StateStore expiring = states.with(StateTtl.of(Duration.ofMillis(ttl))
                .timeDomain(StateTtl.TimeDomain.PROCESSING_TIME).updateType(byReads ?
                    StateTtl.UpdateType.ON_READ_AND_WRITE : StateTtl.UpdateType.ON_CREATE_AND_WRITE));
            value = expiring.longValue("value");
            list = expiring.list("list", SummaryFlyweight.TYPE);
            map = expiring.longMap("map", SummaryFlyweight.TYPE);
        }

        @Override
        public boolean usesProcessingTime()
        {
            return true;
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            final long bit = record.value();
            told = 0;
            switch (action(bit))
            {
                case 0 -> value.set(value.get() | bit);
                case 1 -> told = value.get();
                case 2 -> list.add().sum(bit);
                case 3 -> tellList();
                case 4, 5 -> map.value(second(bit)).sum(bit);
                case 6 -> tellMap(second(bit));
                case 7 -> map.forEach((second, summary) -> told += summary.sum() * (second + 1));
                case 8 -> told = map.contains(second(bit)) ? 1 : 2;
                default -> clear(second(bit));
            }
            if (told != 0)
            {
                out.next().sensor(context.currentKey().value()).sum(told);
                out.emit();
            }
        }

        private void tellList()
        {
            for (long i = 0; i < list.size(); i++)
            {
                told = told * 31 + list.get(i).sum();
            }
        }

        private void tellMap(final long second)
        {
            final Summary summary = map.read(second);
            told = summary == null ? -1 : summary.sum();
        }

        private void clear(final long second)
        {
            if (second == 0)
            {
                value.clear();
            }
            else if (second == 1)
            {
                list.clear();
            }
            else
            {
                map.remove(second);
            }
        }
    }

    /** The same in Flink. */
    private static final class FlinkFunction extends
        org.apache.flink.streaming.api.functions.KeyedProcessFunction<Long, Tuple3<Long, Long, Long>, String>
    {
        private static final long serialVersionUID = 1;
        private final long ttl;
        private final boolean byReads;
        private transient ValueState<Long> value;
        private transient org.apache.flink.api.common.state.ListState<Long> list;
        private transient MapState<Long, Long> map;

        private FlinkFunction(final long ttl, final boolean byReads)
        {
            this.ttl = ttl;
            this.byReads = byReads;
        }

        @Override
        public void open(final Configuration parameters)
        {
            final StateTtlConfig config = StateTtlConfig.newBuilder(Duration.ofMillis(ttl)).setUpdateType(byReads ?
                StateTtlConfig.UpdateType.OnReadAndWrite : StateTtlConfig.UpdateType.OnCreateAndWrite).build();
            final ValueStateDescriptor<Long> values = new ValueStateDescriptor<>("value", Types.LONG);
            values.enableTimeToLive(config);
            value = getRuntimeContext().getState(values);
            final ListStateDescriptor<Long> lists = new ListStateDescriptor<>("list", Types.LONG);
            lists.enableTimeToLive(config);
            list = getRuntimeContext().getListState(lists);
            final MapStateDescriptor<Long, Long> maps = new MapStateDescriptor<>("map", Types.LONG, Types.LONG);
            maps.enableTimeToLive(config);
            map = getRuntimeContext().getMapState(maps);
        }

        @Override
        public void processElement(
            final Tuple3<Long, Long, Long> element, final Context context, final org.apache.flink.util.Collector<String> out)
            throws Exception
        {
            final long bit = element.f2;
            final long told = told(bit);
            if (told != 0)
            {
                out.collect(context.getCurrentKey() + " " + told);
            }
        }

        private long told(final long bit) throws Exception
        {
            switch (action(bit))
            {
                case 0 -> value.update((value.value() == null ? 0 : value.value()) | bit);
                case 1 ->
                {
                    return value.value() == null ? 0 : value.value();
                }
                case 2 -> list.add(bit);
                case 3 ->
                {
                    long told = 0;
                    for (final long each : list.get())
                    {
                        told = told * 31 + each;
                    }
                    return told;
                }
                case 4, 5 -> map.put(second(bit), bit);
                case 6 ->
                {
                    final Long found = map.get(second(bit));
                    return found == null ? -1 : found;
                }
                case 7 ->
                {
                    long told = 0;
                    for (final java.util.Map.Entry<Long, Long> entry : map.entries())
                    {
                        told += entry.getValue() * (entry.getKey() + 1);
                    }
                    return told;
                }
                case 8 ->
                {
                    return map.contains(second(bit)) ? 1 : 2;
                }
                default -> clear(second(bit));
            }
            return 0;
        }

        private void clear(final long second) throws Exception
        {
            if (second == 0)
            {
                value.clear();
            }
            else if (second == 1)
            {
                list.clear();
            }
            else
            {
                map.remove(second);
            }
        }
    }
}
