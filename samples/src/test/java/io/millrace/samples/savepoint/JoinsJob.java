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

import io.millrace.operators.ConnectedStreams;
import io.millrace.operators.DataStream;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.TumblingEventTimeWindows;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.StateStore;
import io.millrace.operators.state.StateTtl;

import java.time.Duration;

/** Joins, patterns, state that expires, and ready-made operators. */
final class JoinsJob extends SavepointJob
{
    JoinsJob(final long seed)
    {
        super(seed);
    }

    private static ConnectedStreams<LongKey, Tick, Tick> connected(final SingleOutputStream<Tick> ticks, final String name)
    {
        final DataStream<Tick> lefts = ticks.filter(tick -> tick.value() % 2 == 0).name(name + " lefts");
        final DataStream<Tick> rights = ticks.filter(tick -> tick.value() % 2 == 1).name(name + " rights");
        return lefts.keyByLong(Tick::key).connect(rights.keyByLong(Tick::key));
    }

    @Override
    void branches(final SingleOutputStream<Tick> ticks, final int parallelism)
    {
        show("interval", connected(ticks, "interval").intervalJoin(Duration.ofMillis(-60), Duration.ofMillis(80))
            .process(TotalFlyweight.TYPE, (left, right, out) -> out.key(left.key()).count(left.value()).sum(right.value()))
            .uid("interval").parallelism(parallelism));
        show("pairs", connected(ticks, "pairs").window(TumblingEventTimeWindows.of(Duration.ofMillis(200)))
            .fullOuterJoin(TotalFlyweight.TYPE, (key, window, left, right, out) -> out.key(key.value()).end(window.end())
                .count(left == null ? -1 : left.value()).sum(right == null ? -1 : right.value()))
            .uid("pairs").parallelism(parallelism));
        show("groups", connected(ticks, "groups").window(TumblingEventTimeWindows.of(Duration.ofMillis(200)))
            .coGroup(TotalFlyweight.TYPE, (key, window, lefts, rights, out) ->
            {
                out.next().key(key.value()).end(window.end()).count(lefts.size()).sum(rights.size());
                out.emit();
            })
            .uid("groups").parallelism(parallelism));
        show("asof", connected(ticks, "asof").asOfJoin(TotalFlyweight.TYPE, (record, version, out) ->
            out.key(record.key()).count(record.value()).sum(version == null ? -1 : version.value()))
            .uid("asof").parallelism(parallelism));
        show("pattern", ticks.keyByLong(Tick::key).pattern(Pattern.<Tick>begin("small").where(tick -> tick.value() % 5 == 0)
            .followedBy("large").where((tick, match) -> tick.value() % 3 == match.events("small").get(0).value() % 3)
            .within(Duration.ofMillis(150)))
            .select(TotalFlyweight.TYPE, (match, out) -> out.key(match.events("small").get(0).key())
                .count(match.events("small").get(0).value()).sum(match.events("large").get(0).value()))
            .uid("pattern").parallelism(parallelism));
        show("expiring", ticks.keyByLong(Tick::key).process(TotalFlyweight.TYPE, Expiring::new).uid("expiring").parallelism(parallelism));
        show("first", ticks.keyByLong(Tick::key).deduplicate(Duration.ofMillis(90)).uid("first").parallelism(parallelism)
            .map(TotalFlyweight.TYPE, (tick, out) -> out.key(tick.key()).count(tick.value()))
            .name("first totals").parallelism(parallelism));
    }

    /** Keeps what was seen of late. */
    public static final class Expiring implements KeyedProcessFunction<LongKey, Tick, TotalFlyweight>
    {
        private LongMapState<Total, TotalFlyweight> rests;
        private ListState<Tick, TickFlyweight> latest;

        @Override
        public void open(final StateStore states)
        {
            final StateStore expiring = states.with(StateTtl.of(Duration.ofMillis(120)));
            rests = expiring.longMap("rests", TotalFlyweight.TYPE);
            latest = expiring.list("latest", TickFlyweight.TYPE);
        }

        @Override
        public void processElement(final Tick tick, final KeyedContext<LongKey> context, final Collector<TotalFlyweight> out)
        {
            final TotalFlyweight rest = rests.value(tick.value() % 4);
            rest.count(rest.count() + 1);
            final long count = rest.count();
            latest.add().time(tick.time()).key(tick.key()).value(tick.value());
            out.next().key(tick.key()).count(count).sum(latest.size()).end(rests.size());
            out.emit();
        }
    }
}
