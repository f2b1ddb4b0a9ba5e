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
package io.millrace.operators;

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobFailedException;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.TimeWindow;
import io.millrace.operators.pattern.AfterMatchSkipStrategy;
import io.millrace.operators.pattern.LimitPolicy;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.pattern.WithinType;
import io.millrace.operators.process.BroadcastContext;
import io.millrace.operators.process.KeyedBroadcastProcessFunction;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.process.ProcessContext;
import io.millrace.operators.process.ProcessFunction;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.OperatorStateStore;
import io.millrace.operators.state.StateStore;
import io.millrace.operators.trigger.CountTrigger;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.PurgingTrigger;
import io.millrace.operators.trigger.Trigger;
import io.millrace.operators.trigger.TriggerContext;
import io.millrace.operators.trigger.TriggerResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What each operator does with records that it cannot use: counted with the reason under the operator's name, or refused
 * with the remedy, before the start where that can be.
 */
class BadRecordsTest
{
    private static final Duration SIZE = Duration.ofMillis(10);
    private static final long[] LATE = {10, 20, 200, 1};

    /**
     * An operator.
     *
     * @param name     for people
     * @param operator puts it behind a stream
     */
    private record Step(String name, Function<DataStream<Reading>, SingleOutputStream<?>> operator)
    {
        @Override
        public String toString()
        {
            return name;
        }
    }

    private static Step keyed(final String name, final Function<KeyedStream<LongKey, Reading>, SingleOutputStream<?>> operator)
    {
        return new Step(name, readings -> operator.apply(readings.keyByLong(Reading::sensor)));
    }

    private static Step connected(
        final String name, final Function<ConnectedStreams<LongKey, Reading, Reading>, SingleOutputStream<?>> operator)
    {
        return keyed(name, readings -> operator.apply(
            readings.connect(readings.input().filter(reading -> reading.value() < 0).keyByLong(Reading::sensor))));
    }

    private static void ignore(final Object record)
    {
        // What comes out is of no interest.
    }

    private static SingleOutputStream<?> sum(final WindowedStream<?, Reading, ?> windows)
    {
        return windows.process(ReadingFlyweight.TYPE, () -> (key, context, elements, out) ->
        {
        });
    }

    /** Every operator that has event time. */
    static List<Step> timed()
    {
        return List.of(
            keyed("tumbling", readings -> readings.window(TumblingEventTimeWindows.of(SIZE))
                .aggregate(ReadingFlyweight.TYPE, ReadingFlyweight.TYPE, new Last(), (key, window, last, out) ->
                    out.value(last.value()))),
            keyed("sliding", readings -> readings.window(SlidingEventTimeWindows.of(SIZE, Duration.ofMillis(5)))
                .reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(0))),
            keyed("session", readings -> readings.window(EventTimeSessionWindows.withGap(SIZE))
                .reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(0))),
            keyed("process tumbling", readings -> sum(readings.window(TumblingEventTimeWindows.of(SIZE)))),
            keyed("process sliding", readings ->
                sum(readings.window(SlidingEventTimeWindows.of(SIZE, Duration.ofMillis(5))))),
            keyed("process session", readings -> sum(readings.window(EventTimeSessionWindows.withGap(SIZE)))),
            connected("window join", streams -> streams.window(TumblingEventTimeWindows.of(SIZE))
                .join(ReadingFlyweight.TYPE, (key, window, left, right, out) -> out.value(0))),
            connected("sliding coGroup", streams -> streams
                .window(SlidingEventTimeWindows.of(SIZE, Duration.ofMillis(5)))
                .coGroup(ReadingFlyweight.TYPE, (key, window, lefts, rights, out) ->
                {
                })),
            connected("interval join", streams -> streams.intervalJoin(Duration.ZERO, SIZE)
                .process(ReadingFlyweight.TYPE, (left, right, out) -> out.value(0))),
            connected("as-of join", streams -> streams
                .asOfJoin(ReadingFlyweight.TYPE, (left, right, out) -> out.value(0))),
            keyed("pattern", readings -> readings.pattern(Pattern.<Reading>begin("a").next("b").within(SIZE))
                .select(ReadingFlyweight.TYPE, (match, out) -> out.value(0))),
            keyed("deduplicate", readings -> readings.deduplicate(SIZE)),
            keyed("limit", readings -> readings.limit(1, SIZE)),
            keyed("conflate", readings -> readings.conflate(SIZE)));
    }

    @ParameterizedTest
    @MethodSource("timed")
    void shouldCountRecordsThatAreLateBeyondAllThatIsKept(final Step step) throws Exception
    {
        final List<String> counters = counters(step, LATE);
        assertTrue(counters.contains("step.lateRecordsDropped=1"), counters.toString());
    }

    @ParameterizedTest
    @MethodSource("timed")
    void shouldRefuseRecordsWithoutTimestamps(final Step step)
    {
        final Pipeline pipeline = Pipeline.create("timeless");
        step.operator.apply(source(pipeline, WatermarkStrategy.noWatermarks(), 1)).name("step")
            .sink(CallbackSink.of(BadRecordsTest::ignore));
        final String message = assertThrows(IllegalStateException.class, () -> pipeline.start(TestJobs.stepped())).getMessage();
        assertTrue(message.contains("operator step needs event time, but a source before it has " +
            "WatermarkStrategy.noWatermarks(): give that source a strategy with timestamps"), message);
    }

    /** Windows that forget elements which they have never shown. */
    static List<Step> forgetting()
    {
        return List.of(
            keyed("count of tumbling", readings -> sum(readings.window(TumblingEventTimeWindows.of(SIZE))
                .trigger(CountTrigger.of(2)))),
            keyed("count of sessions", readings -> sum(readings.window(EventTimeSessionWindows.withGap(SIZE))
                .trigger(CountTrigger.of(2)))),
            keyed("purging count, aggregated", readings -> readings.window(TumblingEventTimeWindows.of(SIZE))
                .trigger(PurgingTrigger.of(CountTrigger.of(2)))
                .reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(0))));
    }

    @ParameterizedTest
    @MethodSource("forgetting")
    void shouldFollowWIN14AndCountWhatIsLeftAtTheEndOfAWindow(final Step step) throws Exception
    {
        assertEquals(List.of("step.elementsNeverFired=1"), counters(step, 1, 2, 3, 101, 102));
    }

    @Test
    void shouldCountNothingWhereAllWasFired() throws Exception
    {
        assertEquals(List.of(), counters(keyed("fired", readings -> sum(readings
            .window(TumblingEventTimeWindows.of(SIZE)).trigger(EventTimeTrigger.create()))), 1, 2, 3, 101, 102));
    }

    /** Functions that keep a view beyond their callback, and use it in the next one. */
    static List<Step> keeping()
    {
        final Reading[] kept = new Reading[1];
        return List.of(
            new Step("map", readings -> readings.map(ReadingFlyweight.TYPE, (reading, out) -> out.value(keep(kept, reading)))),
            keyed("process", readings -> readings.process(ReadingFlyweight.TYPE, () -> new Keeper(kept))),
            keyed("accumulator of a window", readings -> readings.window(TumblingEventTimeWindows.of(SIZE))
                .aggregate(ReadingFlyweight.TYPE, ReadingFlyweight.TYPE, new Last(), (key, window, last, out) ->
                    out.value(keep(kept, last)))),
            keyed("accumulator of a sliding window", readings -> readings
                .window(SlidingEventTimeWindows.of(SIZE, Duration.ofMillis(5)))
                .aggregate(ReadingFlyweight.TYPE, ReadingFlyweight.TYPE, new Last(), (key, window, last, out) ->
                    out.value(keep(kept, last)))),
            keyed("accumulator of a session", readings -> readings
                .window(EventTimeSessionWindows.withGap(Duration.ofMillis(3)))
                .aggregate(ReadingFlyweight.TYPE, ReadingFlyweight.TYPE, new Last(), (key, window, last, out) ->
                    out.value(keep(kept, last)))),
            keyed("element of a window", readings -> readings.window(TumblingEventTimeWindows.of(SIZE))
                .process(ReadingFlyweight.TYPE, () -> (key, context, elements, out) -> keep(kept, elements.get(0)))),
            keyed("element of a session", readings -> readings
                .window(EventTimeSessionWindows.withGap(Duration.ofMillis(3)))
                .process(ReadingFlyweight.TYPE, () -> (key, context, elements, out) -> keep(kept, elements.get(0)))),
            keyed("pair", readings -> readings.connect(readings).window(TumblingEventTimeWindows.of(SIZE))
                .join(ReadingFlyweight.TYPE, (key, window, left, right, out) -> out.value(keep(kept, left)))),
            keyed("group", readings -> readings.connect(readings).window(TumblingEventTimeWindows.of(SIZE))
                .coGroup(ReadingFlyweight.TYPE, (key, window, lefts, rights, out) -> keep(kept, rights.get(0)))),
            keyed("record of a match", readings -> readings.pattern(Pattern.<Reading>begin("a").next("b"))
                .select(ReadingFlyweight.TYPE, (match, out) -> out.value(keep(kept, match.events("a").get(0))))));
    }

    private static long keep(final Reading[] kept, final Reading reading)
    {
        final Reading before = kept[0];
        kept[0] = reading;
        return before == null ? 0 : before.value();
    }

    @ParameterizedTest
    @MethodSource("keeping")
    void shouldNameTheOperatorWhoseFunctionKeepsAView(final Step step) throws Exception
    {
        final String message = failure(step, 1, 2, 31, 62, 93);
        assertTrue(message.contains("field=value of record=Reading accessed after the callback returned: operator=step"),
            message);
        assertTrue(message.contains("a view is valid only during the callback, keep a copy made with toValue()"), message);
    }

    @Test
    void shouldRefuseStateOutsideAKey() throws Exception
    {
        final String broadcast = failure(new Step("broadcast", readings -> readings.keyByLong(Reading::sensor)
            .connect(readings.broadcast()).process(ReadingFlyweight.TYPE, Keyless::new)), 1);
        assertTrue(broadcast.contains("state=count is used outside of a callback, or in that of a broadcast record, where " +
            "there is no key: use it in processElement or onTimer, or with applyToKeyedState(...)"), broadcast);
        final Pipeline pipeline = Pipeline.create("keyless");
        source(pipeline, WatermarkStrategy.forMonotonousTimestamps(), 1)
            .process(ReadingFlyweight.TYPE, Unkeyed::new).name("step").sink(CallbackSink.of(BadRecordsTest::ignore));
        final String unkeyed = assertThrows(IllegalStateException.class, () -> pipeline.start(TestJobs.stepped())).toString();
        assertTrue(unkeyed.contains("state is asked for outside a key by operator=step, whose stream has none: " +
            "keyBy(...) it"), unkeyed);
    }

    @Test
    void shouldRefuseAPatternThatMayWaitForEver()
    {
        final Pattern<Reading> waiting = Pattern.<Reading>begin("a").where(reading -> reading.value() == 1)
            .followedBy("b").where(reading -> reading.value() == 2);
        final String message = assertThrows(IllegalArgumentException.class, () -> select(waiting, false)).getMessage();
        assertEquals("pattern=(" + waiting + ") may wait for ever at step=b, and what waits is kept: limit its time by " +
            "within(...), or say by whenFull(policy) what is done when a key has more than allowedPartialMatches=1024",
            message);
        assertThrows(IllegalArgumentException.class, () -> select(Pattern.<Reading>begin("a",
            AfterMatchSkipStrategy.skipPastLastEvent()).where(reading -> reading.value() == 1).oneOrMore().next("b"), false));
        assertThrows(IllegalArgumentException.class, () -> select(Pattern.<Reading>begin("a").notFollowedBy("n")
            .where(reading -> false).followedByAny("b"), false));
        assertDoesNotThrow(() -> select(waiting, true));
        assertDoesNotThrow(() -> select(waiting.within(SIZE), false));
        assertDoesNotThrow(() -> select(waiting.within(SIZE, WithinType.PREVIOUS_AND_CURRENT), false));
        assertDoesNotThrow(() -> select(Pattern.<Reading>begin("a").where(reading -> reading.value() == 1).next("b"), false));
    }

    private static void select(final Pattern<Reading> pattern, final boolean policy)
    {
        final PatternStream<Reading> matches = source(
            Pipeline.create("patterns"), WatermarkStrategy.forMonotonousTimestamps(), 1).keyByLong(Reading::sensor)
            .pattern(pattern);
        (policy ? matches.whenFull(LimitPolicy.DROP_OLDEST) : matches)
            .select(ReadingFlyweight.TYPE, (match, out) -> out.value(0));
    }

    @Test
    void shouldFollowWIN11AndRefuseATriggerThatCannotMerge()
    {
        final KeyedStream<LongKey, Reading> readings = source(
            Pipeline.create("sessions"), WatermarkStrategy.forMonotonousTimestamps(), 1).keyByLong(Reading::sensor);
        final String message = assertThrows(UnsupportedOperationException.class, () -> readings
            .window(EventTimeSessionWindows.withGap(SIZE)).trigger(new Eager())).getMessage();
        assertEquals("trigger=eager cannot merge, and windows=(session gap=10) do: have its canMerge() return true and its " +
            "onMerge() make one state of several, or take another trigger", message);
        assertThrows(UnsupportedOperationException.class, () -> readings
            .window(EventTimeSessionWindows.withGap(SIZE)).trigger(PurgingTrigger.of(new Eager())));
    }

    private static SingleOutputStream<Reading> source(
        final Pipeline pipeline, final WatermarkStrategy<Reading> strategy, final long... times)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, times.length, (number, out) ->
            out.time(times[(int)number]).value(number)), strategy, "source");
    }

    private static List<String> counters(final Step step, final long... times) throws Exception
    {
        final Pipeline pipeline = Pipeline.create("counted");
        step.operator.apply(source(pipeline, WatermarkStrategy.forMonotonousTimestamps(), times)).name("step")
            .sink(CallbackSink.of(BadRecordsTest::ignore));
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            TestJobs.finish(job);
            return job.counters().stream().filter(counter -> counter.get() > 0).map(Object::toString).sorted().toList();
        }
    }

    private static String failure(final Step step, final long... times) throws Exception
    {
        final Pipeline pipeline = Pipeline.create("failing");
        step.operator.apply(source(pipeline, WatermarkStrategy.forMonotonousTimestamps(), times)).name("step")
            .sink(CallbackSink.of(BadRecordsTest::ignore));
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            return assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
        }
    }

    /** The last reading. */
    private static final class Last implements AggregateFunction<Reading, Reading, ReadingFlyweight>
    {
        @Override
        public void add(final ReadingFlyweight last, final Reading reading)
        {
            last.value(reading.value());
        }

        @Override
        public void merge(final ReadingFlyweight last, final Reading other)
        {
            last.value(other.value());
        }
    }

    /** Keeps the view of the record before. */
    private static final class Keeper implements KeyedProcessFunction<LongKey, Reading, ReadingFlyweight>
    {
        private final Reading[] kept;

        private Keeper(final Reading[] kept)
        {
            this.kept = kept;
        }

        @Override
        public void processElement(
            final Reading reading, final KeyedContext<LongKey> context, final Collector<ReadingFlyweight> out)
        {
            keep(kept, reading);
        }
    }

    /** Uses state by key for a broadcast record. */
    private static final class Keyless
        implements KeyedBroadcastProcessFunction<LongKey, Reading, Reading, ReadingFlyweight>
    {
        private LongState count;

        @Override
        public void open(final OperatorStateStore states)
        {
            count = states.keyed().longValue("count");
        }

        @Override
        public void processElement(
            final Reading reading, final KeyedContext<LongKey> context, final Collector<ReadingFlyweight> out)
        {
            count.add(1);
        }

        @Override
        public void processBroadcastElement(
            final Reading reading, final BroadcastContext<LongKey> context, final Collector<ReadingFlyweight> out)
        {
            count.add(1);
        }
    }

    /** Declares state by key in a stream without. */
    private static final class Unkeyed implements ProcessFunction<Reading, ReadingFlyweight>
    {
        private StateStore states;

        @Override
        public void open(final OperatorStateStore store)
        {
            states = store.keyed();
        }

        @Override
        public void processElement(
            final Reading reading, final ProcessContext context, final Collector<ReadingFlyweight> out)
        {
            states.longValue("count");
        }
    }

    /** Fires at each element. */
    private static final class Eager implements Trigger<Object>
    {
        @Override
        public TriggerResult onElement(
            final Object element, final long timestamp, final TimeWindow window, final TriggerContext context)
        {
            return TriggerResult.FIRE;
        }

        @Override
        public TriggerResult onEventTime(final long timestamp, final TimeWindow window, final TriggerContext context)
        {
            return TriggerResult.CONTINUE;
        }

        @Override
        public String toString()
        {
            return "eager";
        }
    }
}
