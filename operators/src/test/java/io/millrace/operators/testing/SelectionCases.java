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

import io.millrace.operators.DataStream;
import io.millrace.operators.KeyedStream;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.JoinFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.process.BroadcastProcessFunction;
import io.millrace.operators.process.ProcessContext;
import io.millrace.operators.quantile.Histogram;
import io.millrace.operators.quantile.Quantiles;
import io.millrace.operators.ranking.Ranking;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.OperatorStateStore;

import java.time.Duration;
import java.util.List;

import static io.millrace.operators.testing.OperatorCase.one;
import static io.millrace.operators.testing.OperatorCase.two;

/** Ready-made selections, rankings and quantiles, tables and rules that all instances know. */
final class SelectionCases
{
    private static final OutputTag<Reading, ReadingFlyweight> LATE = new OutputTag<>("late", ReadingFlyweight.TYPE);
    private static final Quantiles<Reading> VALUES = Quantiles.of(Reading::value);
    private static final JoinFunction<Reading, Reading, SummaryFlyweight> PAIR = (reading, row, out) ->
        out.sensor(reading.sensor()).count(reading.value()).sum(row == null ? -1 : row.value());

    private SelectionCases()
    {
    }

    private static KeyedStream<LongKey, Reading> bySensor(final DataStream<Reading> readings)
    {
        return readings.keyByLong(Reading::sensor);
    }

    static List<OperatorCase> all()
    {
        return List.of(
            one("deduplicate", readings -> bySensor(readings).deduplicate(Duration.ofMillis(15), LATE)).byArrival(),
            one("deduplicate by text", readings -> readings.keyBy(Reading::place).deduplicate(Duration.ofMillis(6)))
                .byArrival(),
            one("deduplicate for ever", readings -> bySensor(readings).deduplicate()).byArrival(),
            one("limit", readings -> bySensor(readings).limit(2, Duration.ofMillis(20))).byArrival(),
            one("sample every", readings -> readings.sampleEvery(3)).byArrival(),
            one("sample", readings -> readings.sample(0.5, 7, Reading::place)),
            one("sample by long", readings -> readings.sampleByLong(0.5, 7, Reading::value)),
            one("conflate", readings -> bySensor(readings).conflate(Duration.ofMillis(12))).byTies().onTime(),
            two("conflate by demand", (readings, demand) ->
                bySensor(readings).conflate(demand, asking -> asking.value() % 3)).byArrival(),
            one("top", readings -> bySensor(readings).topN(3, Ranking.greatest(reading -> reading.value() * 37 % 101),
                SummaryFlyweight.TYPE, (rank, reading, out) -> out.count(rank).sum(reading.value()))).byArrival(),
            one("quantiles", readings -> bySensor(readings).quantiles(VALUES, SummaryFlyweight.TYPE,
                SelectionCases::median)).byArrival(),
            two("enrich", (readings, table) -> readings.enrich(table, Reading::place, Reading::place)
                .removeWhen(row -> row.value() % 4 == 0).join(SummaryFlyweight.TYPE, PAIR)).byArrival(),
            two("enrich by long", (readings, table) -> readings.enrichByLong(table, Reading::sensor, Reading::sensor)
                .leftJoin(SummaryFlyweight.TYPE, PAIR)).byArrival(),
            two("broadcast by key", (readings, rules) -> bySensor(readings).connect(rules.broadcast())
                .process(SummaryFlyweight.TYPE, Ruled::new)).byArrival(),
            two("broadcast", (readings, rules) -> readings.connect(rules.broadcast())
                .process(SummaryFlyweight.TYPE, Weighed::new)).byArrival());
    }

    private static void median(final LongKey key, final Histogram histogram, final SummaryFlyweight out)
    {
        out.sensor(key.value()).count(histogram.count()).sum(histogram.valueAt(0.5));
    }

    /** Weighs readings by rules. */
    private static final class Weighed implements BroadcastProcessFunction<Reading, Reading, SummaryFlyweight>
    {
        private LongMapState<Summary, SummaryFlyweight> weights;

        @Override
        public void open(final OperatorStateStore states)
        {
            weights = states.broadcastLongMap("weights", SummaryFlyweight.TYPE);
        }

        @Override
        public void processElement(
            final Reading reading, final ProcessContext context, final Collector<SummaryFlyweight> out)
        {
            final Summary weight = weights.read(reading.value() % 7);
            out.next().sensor(reading.sensor()).count(context.currentWatermark())
                .sum(weight == null ? -reading.value() : reading.value() * weight.sum());
            out.emit();
        }

        @Override
        public void processBroadcastElement(
            final Reading reading, final ProcessContext context, final Collector<SummaryFlyweight> out)
        {
            weights.value(reading.value() % 7).sum(reading.value());
        }
    }
}
