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
import io.millrace.operators.EventTimeSessionWindows;
import io.millrace.operators.GlobalWindows;
import io.millrace.operators.KeyedStream;
import io.millrace.operators.PatternStream;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.SlidingEventTimeWindows;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.TumblingEventTimeWindows;
import io.millrace.operators.WindowedConnectedStreams;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.CompositeKey;
import io.millrace.operators.function.InvertibleAggregateFunction;
import io.millrace.operators.function.JoinFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.function.TimeWindow;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.function.WindowJoinFunction;
import io.millrace.operators.pattern.AfterMatchSkipStrategy;
import io.millrace.operators.pattern.EmitOrder;
import io.millrace.operators.pattern.LimitPolicy;
import io.millrace.operators.pattern.Match;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.sink.PrintSink;
import io.millrace.operators.trigger.ContinuousEventTimeTrigger;
import io.millrace.operators.trigger.CountEvictor;
import io.millrace.operators.trigger.CountTrigger;
import io.millrace.operators.trigger.DeltaEvictor;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.ProcessWindowFunction;
import io.millrace.operators.trigger.PurgingTrigger;
import io.millrace.operators.trigger.TimeEvictor;
import io.millrace.operators.trigger.WindowContext;
import io.millrace.operators.trigger.WindowElements;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static io.millrace.operators.testing.OperatorCase.one;
import static io.millrace.operators.testing.OperatorCase.two;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Every built-in operator, each with a function that tells records and their order apart where it may. */
public final class OperatorCases
{
    private static final OutputTag<Reading, ReadingFlyweight> LATE = new OutputTag<>("late", ReadingFlyweight.TYPE);
    private static final OutputTag<Reading, ReadingFlyweight> OTHER = new OutputTag<>("other", ReadingFlyweight.TYPE);
    private static final OutputTag<Summary, SummaryFlyweight> OVER = new OutputTag<>("over", SummaryFlyweight.TYPE);
    private static final TumblingEventTimeWindows TUMBLING =
        TumblingEventTimeWindows.of(Duration.ofMillis(20), Duration.ofMillis(3));
    private static final SlidingEventTimeWindows SLIDING =
        SlidingEventTimeWindows.of(Duration.ofMillis(40), Duration.ofMillis(12));
    private static final SlidingEventTimeWindows GAPS =
        SlidingEventTimeWindows.of(Duration.ofMillis(7), Duration.ofMillis(20));
    private static final EventTimeSessionWindows SESSIONS = EventTimeSessionWindows.withGap(Duration.ofMillis(6));
    private static final Duration LATENESS = Duration.ofMillis(25);

    private OperatorCases()
    {
    }

    /**
     * The operators.
     *
     * @return a case each, made anew
     */
    public static List<OperatorCase> all()
    {
        return Stream.of(transforms(), running(), windows(), triggered(), joins(), patterns(), processes(), sinks(),
            SelectionCases.all(), ClockedCases.all())
            .flatMap(List::stream).toList();
    }

    private static List<OperatorCase> transforms()
    {
        return List.of(
            one("map", readings -> readings.map(SummaryFlyweight.TYPE, OperatorCases::summarize)),
            one("filter", readings -> readings.filter(reading -> reading.value() % 3 != 0)),
            one("flatMap", readings -> readings.flatMap(SummaryFlyweight.TYPE, OperatorCases::split).sideOutput(OTHER)),
            two("union", (first, second) -> first.union(second)));
    }

    private static void summarize(final Reading reading, final SummaryFlyweight out)
    {
        out.place(reading.place()).sensor(reading.sensor()).sum(reading.value());
    }

    private static void split(final Reading reading, final Collector<SummaryFlyweight> out)
    {
        for (long part = reading.value() % 3; part > 0; part--)
        {
            summarize(reading, out.next().count(part));
            out.emit();
        }
        if (reading.value() % 3 == 0)
        {
            final Collector<ReadingFlyweight> other = out.sideOutput(OTHER);
            other.next().time(reading.time()).value(reading.value());
            other.emit();
        }
    }

    private static KeyedStream<LongKey, Reading> bySensor(final DataStream<Reading> readings)
    {
        return readings.keyByLong(Reading::sensor);
    }

    private static KeyedStream<CharSequence, Reading> byPlace(final DataStream<Reading> readings)
    {
        return readings.keyBy(Reading::place);
    }

    private static KeyedStream<CompositeKey, Reading> byBoth(final DataStream<Reading> readings)
    {
        return readings.keyByComposite((reading, key) -> key.putText(reading.place()).putLong(reading.sensor()));
    }

    private static List<OperatorCase> running()
    {
        return List.of(
            one("reduce by long", readings -> bySensor(readings).reduce(ReadingFlyweight.TYPE, OperatorCases::mix)),
            one("reduce by text", readings -> byPlace(readings).reduce(ReadingFlyweight.TYPE, OperatorCases::mix)),
            one("reduce by both", readings -> byBoth(readings).reduce(ReadingFlyweight.TYPE, OperatorCases::mix)),
            one("accumulate by long", readings -> bySensor(readings).accumulate(SummaryFlyweight.TYPE, MIX)),
            one("accumulate by text", readings -> byPlace(readings).accumulate(SummaryFlyweight.TYPE, MIX)),
            one("accumulate by both", readings -> byBoth(readings).accumulate(SummaryFlyweight.TYPE, MIX)),
            one("sum", readings -> bySensor(readings)
                .sumLong(ReadingFlyweight.TYPE, Reading::value, ReadingFlyweight::value)),
            one("sum of fractions", readings -> byPlace(readings).sumDouble(
                ReadingFlyweight.TYPE, Reading::value, (out, sum) -> out.value((long)sum))),
            one("min", readings -> byPlace(readings)
                .minLong(ReadingFlyweight.TYPE, reading -> -reading.value(), (out, value) -> out.value(-value))),
            one("max", readings -> byBoth(readings)
                .maxLong(ReadingFlyweight.TYPE, Reading::value, ReadingFlyweight::value)),
            one("minBy", readings -> bySensor(readings)
                .minByLong(ReadingFlyweight.TYPE, reading -> reading.value() * 31 % 64)),
            one("maxBy", readings -> byPlace(readings)
                .maxByDouble(ReadingFlyweight.TYPE, reading -> reading.value() * 31 % 64 / 2.0)))
            .stream().map(OperatorCase::byArrival).toList();
    }

    private static void mix(final ReadingFlyweight mixed, final Reading reading)
    {
        mixed.value(mixed.value() * 31 + reading.value());
    }

    private static final AccumulateFunction<Reading, SummaryFlyweight> MIX = (mixed, reading) ->
        mixed.sensor(reading.sensor()).count(mixed.count() + 1).sum(mixed.sum() * 31 + reading.value());

    /** A sum, in which the order of records does not count. */
    private static class Sum implements AggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight sum, final Reading reading)
        {
            sum.count(sum.count() + 1).sum(sum.sum() + reading.value() * reading.value());
        }

        @Override
        public void merge(final SummaryFlyweight sum, final Summary other)
        {
            sum.count(sum.count() + other.count()).sum(sum.sum() + other.sum());
        }
    }

    /** A sum that slices can be taken out of. */
    private static final class Difference extends Sum
        implements InvertibleAggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void deduct(final SummaryFlyweight sum, final Summary other)
        {
            sum.count(sum.count() - other.count()).sum(sum.sum() - other.sum());
        }
    }

    private static <K> WindowFunction<K, Summary, SummaryFlyweight> total()
    {
        return (key, window, sum, out) ->
        {
            key(out, key);
            out.windowEnd(window.end()).count(sum.count()).sum(sum.sum());
        };
    }

    private static void key(final SummaryFlyweight out, final Object key)
    {
        if (key instanceof LongKey number)
        {
            out.sensor(number.value());
        }
        else if (key instanceof CompositeKey both)
        {
            out.place(both.getText()).sensor(both.getLong());
        }
        else if (key instanceof CharSequence text)
        {
            out.place(text);
        }
    }

    private static List<OperatorCase> windows()
    {
        return List.of(
            one("tumbling", readings -> bySensor(readings).window(TUMBLING).allowedLateness(LATENESS)
                .sideOutputLateData(LATE).aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())),
            one("tumbling, order counts", readings -> byPlace(readings).window(TUMBLING).sideOutputLateData(LATE)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, MIX, total())).byArrival(),
            one("tumbling of all", readings -> readings.windowAll(TUMBLING)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())),
            one("sliding, deducting", readings -> byBoth(readings).window(SLIDING).allowedLateness(LATENESS)
                .sideOutputLateData(LATE)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Difference(), total())),
            one("sliding, stacking", readings -> byPlace(readings).window(SLIDING).sideOutputLateData(LATE)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())),
            one("sliding, with gaps", readings -> bySensor(readings).window(GAPS).sideOutputLateData(LATE)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())),
            one("sliding, of all", readings -> readings.windowAll(SLIDING)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Difference(), total())),
            one("session", readings -> bySensor(readings).window(SESSIONS).allowedLateness(LATENESS)
                .sideOutputLateData(LATE).aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total()))
                .onTime(),
            one("session, late", readings -> byPlace(readings).window(SESSIONS).allowedLateness(LATENESS)
                .sideOutputLateData(LATE).aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total()))
                .byArrival(),
            one("session of all", readings -> readings.windowAll(SESSIONS)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).onTime());
    }

    /** Tells a window's elements in their order, or their number and sum. */
    private record Tell<K>(boolean ordered) implements ProcessWindowFunction<K, Reading, SummaryFlyweight>
    {
        @Override
        public void process(
            final K key,
            final WindowContext context,
            final WindowElements<Reading> elements,
            final Collector<SummaryFlyweight> out)
        {
            long told = 0;
            for (long i = 0; i < elements.count(); i++)
            {
                final long value = elements.get(i).value();
                told = ordered ? told * 31 + value : told + value * value;
            }
            final SummaryFlyweight next = out.next();
            key(next, key);
            next.windowEnd(context.window().end()).count(elements.count()).sum(told);
            out.emit();
        }
    }

    private static List<OperatorCase> triggered()
    {
        return List.of(
            one("process tumbling", readings -> bySensor(readings).window(TUMBLING).allowedLateness(LATENESS)
                .sideOutputLateData(LATE).process(SummaryFlyweight.TYPE, () -> new Tell<>(false))),
            one("process sliding", readings -> byPlace(readings).window(SLIDING).sideOutputLateData(LATE)
                .process(SummaryFlyweight.TYPE, () -> new Tell<>(true))).byArrival(),
            one("continuous trigger", readings -> bySensor(readings).window(TUMBLING)
                .trigger(ContinuousEventTimeTrigger.of(Duration.ofMillis(7))).allowedLateness(LATENESS)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).byArrival(),
            one("purging trigger", readings -> byPlace(readings).window(SLIDING)
                .trigger(PurgingTrigger.of(EventTimeTrigger.create())).allowedLateness(LATENESS)
                .sideOutputLateData(LATE).reduce(ReadingFlyweight.TYPE, OperatorCases::mix)).byArrival(),
            one("count trigger", readings -> byPlace(readings).window(SLIDING).trigger(CountTrigger.of(2))
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).byArrival(),
            one("global", readings -> byBoth(readings).window(GlobalWindows.createWithEndOfStreamTrigger())
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())),
            one("count windows", readings -> byPlace(readings).countWindow(4)
                .process(SummaryFlyweight.TYPE, () -> new Tell<>(true))).byArrival(),
            one("sliding count windows", readings -> bySensor(readings).countWindow(5, 2)
                .process(SummaryFlyweight.TYPE, () -> new Tell<>(true))).byArrival(),
            one("count windows of all", readings -> readings.countWindowAll(7)
                .process(SummaryFlyweight.TYPE, () -> new Tell<>(true))).byArrival(),
            one("count evictor", readings -> bySensor(readings).window(TUMBLING).evictor(CountEvictor.of(2))
                .allowedLateness(LATENESS).process(SummaryFlyweight.TYPE, () -> new Tell<>(true))).byArrival(),
            one("time evictor", readings -> byPlace(readings).window(SLIDING)
                .evictor(TimeEvictor.of(Duration.ofMillis(9), true)).allowedLateness(LATENESS)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).byArrival(),
            one("delta evictor", readings -> byBoth(readings).window(TUMBLING)
                .evictor(DeltaEvictor.of(12, (element, last) -> last.value() - element.value()))
                .process(SummaryFlyweight.TYPE, () -> new Tell<>(true))).byArrival());
    }

    private static final JoinFunction<Reading, Reading, SummaryFlyweight> PAIR = (left, right, out) ->
        out.sensor(left.sensor()).count(left.value()).sum(right == null ? -1 : right.value());

    private static <K> WindowJoinFunction<K, Reading, Reading, SummaryFlyweight> pair()
    {
        return (final K key, final TimeWindow window, final Reading left, final Reading right,
            final SummaryFlyweight out) ->
        {
            key(out, key);
            out.windowEnd(window.end()).count(left == null ? -1 : left.value()).sum(right == null ? -1 : right.value());
        };
    }

    private static WindowedConnectedStreams<LongKey, Reading, Reading> joined(
        final DataStream<Reading> lefts, final DataStream<Reading> rights)
    {
        return bySensor(lefts).connect(bySensor(rights)).window(TUMBLING).allowedLateness(LATENESS)
            .sideOutputLeftLateData(LATE).sideOutputRightLateData(OTHER);
    }

    private static List<OperatorCase> joins()
    {
        return List.of(
            two("inner join", (lefts, rights) -> joined(lefts, rights).join(SummaryFlyweight.TYPE, pair())),
            two("left join", (lefts, rights) -> joined(lefts, rights).leftOuterJoin(SummaryFlyweight.TYPE, pair())),
            two("right join", (lefts, rights) -> joined(lefts, rights).rightOuterJoin(SummaryFlyweight.TYPE, pair())),
            two("full join", (lefts, rights) -> joined(lefts, rights).fullOuterJoin(SummaryFlyweight.TYPE, pair())),
            two("coGroup", (lefts, rights) -> joined(lefts, rights).coGroup(SummaryFlyweight.TYPE,
                (key, window, left, right, out) ->
                {
                    long told = 0;
                    for (int i = 0; i < left.size(); i++)
                    {
                        told += left.get(i).value() * left.get(i).value();
                    }
                    for (int i = 0; i < right.size(); i++)
                    {
                        told -= right.get(i).value() * right.get(i).value();
                    }
                    out.next().sensor(key.value()).windowEnd(window.end()).count(left.size()).sum(told);
                    out.emit();
                })),
            two("session join", (lefts, rights) -> bySensor(lefts).connect(bySensor(rights)).window(SESSIONS)
                .allowedLateness(LATENESS).sideOutputLeftLateData(LATE).sideOutputRightLateData(OTHER)
                .fullOuterJoin(SummaryFlyweight.TYPE, pair())).byArrival(),
            two("interval join", (lefts, rights) -> byPlace(lefts).connect(byPlace(rights))
                .intervalJoin(Duration.ofMillis(-4), Duration.ofMillis(9)).lowerBoundExclusive()
                .sideOutputLeftLateData(LATE).sideOutputRightLateData(OTHER).process(SummaryFlyweight.TYPE, PAIR)),
            two("as-of join", (lefts, rights) -> bySensor(lefts).connect(bySensor(rights))
                .asOfJoin(SummaryFlyweight.TYPE, PAIR, LATE)).byTies(),
            two("as-of join by both", (lefts, rights) -> byBoth(lefts).connect(byBoth(rights))
                .asOfJoin(SummaryFlyweight.TYPE, PAIR)).byTies().onTime());
    }

    private static PatternStream<Reading> matches(final DataStream<Reading> readings, final Pattern<Reading> pattern)
    {
        return bySensor(readings).pattern(pattern).sideOutputLateData(LATE);
    }

    private static SingleOutputStream<Summary> found(final PatternStream<Reading> matches, final String... names)
    {
        return matches.select(SummaryFlyweight.TYPE, (match, out) -> tell(match, out, names));
    }

    private static void tell(final Match<Reading> match, final SummaryFlyweight out, final String... names)
    {
        long told = 0;
        for (final String name : names)
        {
            for (int i = 0; i < match.events(name).count(); i++)
            {
                told = told * 101 + match.events(name).get(i).value() + 1;
            }
        }
        out.count(names.length).sum(told);
    }

    private static Pattern<Reading> small(final AfterMatchSkipStrategy skip)
    {
        return Pattern.<Reading>begin("a", skip).where(reading -> reading.value() % 5 < 2);
    }

    private static List<OperatorCase> patterns()
    {
        final AfterMatchSkipStrategy all = AfterMatchSkipStrategy.noSkip();
        return List.of(
            one("pattern, next", readings -> found(matches(readings, small(all).next("b")), "a", "b")).byTies(),
            one("pattern, timed out", readings -> found(matches(readings, small(all).followedBy("b")
                .where((reading, match) -> reading.value() > 20 + match.events("a").get(0).value())
                .within(Duration.ofMillis(30))).sideOutputTimedOut(OVER, (match, out) -> tell(match, out, "a")),
                "a", "b")).byTies(),
            one("pattern, any", readings -> found(matches(readings, small(all).followedByAny("b")
                .where(reading -> reading.value() % 5 > 2).within(Duration.ofMillis(20))), "a", "b")).byTies(),
            one("pattern, one or more", readings -> found(matches(readings,
                small(AfterMatchSkipStrategy.skipPastLastEvent()).oneOrMore().followedBy("b")
                .where(reading -> reading.value() % 5 == 4)).whenFull(LimitPolicy.FAIL), "a", "b")).byTies(),
            one("pattern, in order of starts", readings -> found(matches(readings, small(all).oneOrMore()
                .followedBy("b").where(reading -> reading.value() % 5 == 4).within(Duration.ofMillis(25)))
                .emit(EmitOrder.ORDERED), "a", "b")).byTies(),
            one("pattern, not followed", readings -> found(matches(readings, small(all).notFollowedBy("n")
                .where(reading -> reading.value() % 5 == 3).followedBy("b").where(reading -> reading.value() % 2 == 0)
                .within(Duration.ofMillis(40))), "a", "b")).byTies(),
            one("pattern, optional and ties ordered", readings -> found(matches(readings,
                small(AfterMatchSkipStrategy.skipToNext()).followedBy("o").optional()
                .where(reading -> reading.value() % 5 == 3).followedBy("b").where(reading -> reading.value() % 2 == 0)
                .within(Duration.ofMillis(30)))
                .orderTiesBy((one, other) -> Long.compare(one.value(), other.value())), "a", "o", "b")));
    }

    private static List<OperatorCase> processes()
    {
        return List.of(
            one("process, every state", readings -> bySensor(readings)
                .process(SummaryFlyweight.TYPE, EveryState::new).sideOutput(OVER)).byArrival(),
            one("process by text", readings -> byPlace(readings)
                .process(SummaryFlyweight.TYPE, EveryState::new).sideOutput(OVER)).byArrival(),
            two("process two by both", (first, second) -> byBoth(first).connect(byBoth(second))
                .process(SummaryFlyweight.TYPE, TwoStreams::new)).byArrival());
    }

    private static List<OperatorCase> sinks()
    {
        final List<String> called = new ArrayList<>();
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        final List<String> identified = new ArrayList<>();
        return List.of(
            one("print sink", readings -> readings.sink(PrintSink.to(new PrintStream(printed, true, UTF_8), "> ")))
                .byArrival().observing(printed),
            one("callback sink", readings -> readings.sink(CallbackSink.of(
                reading -> called.add(reading.toString())))).byArrival().observing(called),
            one("identified callback sink", readings -> readings.sink(CallbackSink.identified((reading, metadata) ->
                identified.add(reading + " " + metadata.cause() + "." + metadata.ordinal()))))
                .byArrival().observing(identified));
    }
}
