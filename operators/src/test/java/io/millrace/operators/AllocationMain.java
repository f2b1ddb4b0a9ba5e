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

import com.sun.management.ThreadMXBean;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.DebugMode;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.InvertibleAggregateFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.process.BroadcastContext;
import io.millrace.operators.process.KeyedBroadcastProcessFunction;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.quantile.Quantiles;
import io.millrace.operators.ranking.Ranking;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.sink.FileSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.state.ExpiredEntry;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.OperatorStateStore;
import io.millrace.operators.state.StateStore;
import io.millrace.operators.state.StateTtl;
import io.millrace.operators.state.TextMapState;
import io.millrace.operators.trigger.ContinuousEventTimeTrigger;
import io.millrace.operators.trigger.TimeEvictor;
import io.millrace.operators.trigger.WindowContext;
import io.millrace.operators.trigger.WindowElements;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints what the task threads of a pipeline allocate, thread by thread: {@code thread bytes events}, the least of several
 * rounds after warm-up.
 */
final class AllocationMain
{
    private static final int WARM_UP_ROUNDS = 3;
    private static final int ROUNDS = 4;
    /**
     * Rounds at most until no task has allocated in one: code that is still compiled, or thrown away and compiled again, puts
     * objects onto the heap now and then that compiled code keeps in registers; what is allocated per event comes in every round.
     */
    private static final int MAX_ROUNDS = 60;
    private static final long EVENTS = 1_000_000;
    private static final long POLL_NANOS = 100_000;
    private static final String IO = "millrace-allocation-io";
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    private AllocationMain()
    {
    }

    /** Takes the workload, and whether its operators share a task. */
    public static void main(final String[] arguments) throws Exception
    {
        if (DebugMode.ENABLED)
        {
            throw new IllegalStateException("debug mode is on, which allocates: run without -Dmillrace.debug=true");
        }
        final AtomicLong made = new AtomicLong();
        final Pipeline pipeline = Pipeline.create("allocation");
        workload(arguments[0], pipeline.source(Generator.of(ReadingFlyweight.TYPE, Long.MAX_VALUE, (number, out) ->
        {
            made.lazySet(number);
            // Spread as a hash spreads, in the same way in every run; 200 events a millisecond, disorder below 50 ms.
            final long mixed = (number ^ number >>> 7) * 0x9E3779B97F4A7C15L >>> 20;
            out.time(number / 200 + (mixed & 31)).sensor(mixed % 10_000).place("VOD.L").value(number);
        }), WatermarkStrategy.<Reading>forBoundedOutOfOrderness(Duration.ofMillis(50)).withStep(Duration.ofMillis(200)),
            "readings"));
        final Map<String, Long> least = new TreeMap<>();
        try (Job job = pipeline.start(new JobConfig().threading(ThreadingMode.SHARED)
            .chaining(Boolean.parseBoolean(arguments[1]))))
        {
            for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS || round < MAX_ROUNDS && allocates(least); round++)
            {
                final Map<String, Long> before = allocated();
                final long end = made.get() + EVENTS;
                while (made.get() < end)
                {
                    if (job.failure() != null)
                    {
                        throw job.failure();
                    }
                    LockSupport.parkNanos(POLL_NANOS);
                }
                if (round >= WARM_UP_ROUNDS)
                {
                    allocated().forEach((thread, bytes) -> least.merge(thread, bytes - before.get(thread), Math::min));
                }
            }
        }
        least.forEach((thread, bytes) -> System.out.println(thread + " " + bytes + " " + EVENTS));
    }

    private static boolean allocates(final Map<String, Long> least)
    {
        return least.entrySet().stream().anyMatch(thread -> !thread.getKey().equals(IO) && thread.getValue() > 0);
    }

    private static Map<String, Long> allocated()
    {
        final Map<String, Long> allocated = new TreeMap<>();
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("millrace-allocation-"))
            .forEach(thread -> allocated.put(thread.getName(), THREADS.getThreadAllocatedBytes(thread.getId())));
        return allocated;
    }

    private static void workload(final String name, final DataStream<Reading> readings)
    {
        switch (name)
        {
            case "filterAndMap" -> readings
                .filter(reading -> (reading.value() & 3) != 0)
                .map(SummaryFlyweight.TYPE, (reading, out) -> out.sensor(reading.sensor()).sum(reading.value() * 10))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "runningSum" -> readings
                .keyByLong(Reading::sensor)
                .sumLong(ReadingFlyweight.TYPE, Reading::value, (sum, value) -> sum.value(value & 0xFFFFFF))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "tumblingWindow" -> readings
                .keyByLong(Reading::sensor)
                .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                    (sum, reading) -> sum.count(sum.count() + 1).sum(sum.sum() + (reading.value() & 0xFF)),
                    (key, window, sum, out) ->
                        out.sensor(key.value()).windowEnd(window.end()).count(sum.count()).sum(sum.sum()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "sessionWindow" -> readings
                .keyByLong(Reading::sensor)
                .window(EventTimeSessionWindows.withGap(Duration.ofMillis(100)))
                .reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(sum.value() + reading.value() & 0xFFFFFF))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "countWindow" -> readings
                .keyByLong(Reading::sensor)
                .countWindow(8, 2)
                .process(SummaryFlyweight.TYPE, () -> AllocationMain::sum)
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "triggeredWindow" -> readings
                .keyByLong(Reading::sensor)
                .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
                .trigger(ContinuousEventTimeTrigger.of(Duration.ofMillis(500)))
                .evictor(TimeEvictor.of(Duration.ofMillis(700)))
                .process(SummaryFlyweight.TYPE, () -> AllocationMain::sum)
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "slidingWindow" -> readings
                .keyByLong(Reading::sensor)
                .window(SlidingEventTimeWindows.of(Duration.ofSeconds(2), Duration.ofMillis(500)))
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(),
                    (key, window, sum, out) -> out.sensor(key.value()).windowEnd(window.end()).sum(sum.sum()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "slidingReduction" -> readings
                .keyByLong(Reading::sensor)
                .window(SlidingEventTimeWindows.of(Duration.ofSeconds(2), Duration.ofMillis(300)))
                .reduce(ReadingFlyweight.TYPE, (last, reading) -> last.value(reading.value()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "assignedTimestamps" -> readings
                .assignTimestampsAndWatermarks(WatermarkStrategy.forGenerator(() -> (view, timestamp, output) ->
                    output.emitWatermark(timestamp - 50 & -16)))
                .keyByLong(Reading::sensor)
                .sumLong(ReadingFlyweight.TYPE, Reading::value, (sum, value) -> sum.value(value & 0xFFFFFF))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "textKeys" -> readings
                .keyBy(Reading::place)
                .reduce(ReadingFlyweight.TYPE, (last, reading) -> last.value(reading.value()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "fileSink" -> readings
                .sink(FileSink.<Reading>lines(Path.of("/dev/null"), (reading, line) -> line.append(reading.place())
                    .append(',').append(reading.value()).append(',').appendDecimal(reading.sensor(), 3)).overwriting());
            default -> several(name, readings);
        }
    }

    /** Joins, keyed functions and patterns. */
    private static void several(final String name, final DataStream<Reading> readings)
    {
        switch (name)
        {
            case "windowJoin" -> halves(readings)
                .window(TumblingEventTimeWindows.of(Duration.ofMillis(100)))
                .join(SummaryFlyweight.TYPE, (key, window, left, right, out) ->
                    out.sensor(key.value()).windowEnd(window.end()).sum(left.value() + right.value()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "coGroup" -> halves(readings)
                .window(TumblingEventTimeWindows.of(Duration.ofMillis(100)))
                .coGroup(SummaryFlyweight.TYPE, (key, window, lefts, rights, out) ->
                {
                    out.next().sensor(key.value()).count(lefts.size()).sum(rights.isEmpty() ? 0 : rights.get(0).value());
                    out.emit();
                })
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "sessionJoin" -> halves(readings)
                .window(EventTimeSessionWindows.withGap(Duration.ofMillis(100)))
                .join(SummaryFlyweight.TYPE, (key, window, left, right, out) ->
                    out.sensor(key.value()).windowEnd(window.end()).sum(left.value() + right.value()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "intervalJoin" -> halves(readings)
                .intervalJoin(Duration.ofMillis(-50), Duration.ofMillis(50))
                .process(SummaryFlyweight.TYPE, (left, right, out) ->
                    out.sensor(left.sensor()).sum(left.value() + right.value()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "asOfJoin" -> halves(readings)
                .asOfJoin(SummaryFlyweight.TYPE, (record, version, out) ->
                    out.sensor(record.sensor()).sum(record.value() + (version == null ? 0 : version.value())))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "process" -> readings.keyByLong(Reading::sensor)
                .process(SummaryFlyweight.TYPE, Quiet::new)
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "enrich" -> readings.filter(reading -> (reading.value() & 7) != 0).name("data")
                .enrich(readings.filter(reading -> (reading.value() & 7) == 0).name("table"), Reading::place, Reading::place)
                .join(SummaryFlyweight.TYPE, (reading, latest, out) -> out.sensor(reading.sensor()).sum(latest.value()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "broadcast" -> readings.filter(reading -> (reading.value() & 7) != 0).name("data")
                .keyByLong(Reading::sensor)
                .connect(readings.filter(reading -> (reading.value() & 7) == 0).name("rules").broadcast())
                .process(SummaryFlyweight.TYPE, Rules::new)
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "expiringState" -> readings.keyByLong(Reading::sensor)
                .process(SummaryFlyweight.TYPE, Forgetful::new)
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "pattern" -> readings.keyByLong(Reading::sensor)
                .pattern(Pattern.<Reading>begin("low").where((Reading reading) -> (reading.value() & 3) == 0)
                    .followedBy("high").where((Reading reading) -> (reading.value() & 3) == 3)
                    .within(Duration.ofMillis(100)))
                .select(SummaryFlyweight.TYPE, (match, out) ->
                    out.sensor(match.events("low").get(0).sensor()).sum(match.events("high").get(0).value()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            default -> keyed(name, readings.keyByLong(Reading::sensor), readings);
        }
    }

    /** Selections, rankings and quantiles. */
    private static void keyed(
        final String name, final KeyedStream<LongKey, Reading> keyed, final DataStream<Reading> readings)
    {
        final Quantiles<Reading> quantiles = Quantiles.<Reading>of(reading -> reading.value() & 0xFFFF);
        final Ranking<Reading> greatest = Ranking.greatest(reading -> reading.value() & 0xFFFF);
        switch (name)
        {
            case "deduplicate" -> keyed.deduplicate(Duration.ofMillis(300)).sink(CallbackSink.of(AllocationMain::ignore));
            case "distinct" -> keyed.deduplicate().sink(CallbackSink.of(AllocationMain::ignore));
            case "limit" -> keyed.limit(3, Duration.ofMillis(500)).sink(CallbackSink.of(AllocationMain::ignore));
            case "sample" -> readings.sampleEvery(3).name("every").sample(0.5, 1, Reading::place).name("by place")
                .sampleByLong(0.5, 2, Reading::value)
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "conflate" -> keyed.conflate(Duration.ofMillis(500)).sink(CallbackSink.of(AllocationMain::ignore));
            case "conflateOnDemand" -> keyed
                .conflate(readings.filter(reading -> (reading.value() & 7) == 0).name("demand"), reading -> 3)
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "topN" -> readings.keyByLong(reading -> reading.sensor() & 63)
                .topN(5, Ranking.<Reading>greatest(Reading::value), SummaryFlyweight.TYPE, (rank, reading, out) ->
                    out.count(rank).sum(reading.value()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "topNOfWindow" -> keyed.window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
                .topN(3, greatest, SummaryFlyweight.TYPE, (window, rank, reading, out) ->
                    out.count(rank).windowEnd(window.end()).sum(reading.value()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "quantiles" -> keyed
                .quantiles(quantiles, SummaryFlyweight.TYPE, (key, histogram, out) -> out.sum(histogram.valueAt(0.9)))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "quantilesOfWindow" -> readings.keyByLong(reading -> reading.sensor() & 63)
                .window(SlidingEventTimeWindows.of(Duration.ofMillis(400), Duration.ofMillis(100)))
                .quantiles(quantiles, SummaryFlyweight.TYPE, (key, window, histogram, out) ->
                    out.windowEnd(window.end()).sum(histogram.valueAt(0.9)))
                .sink(CallbackSink.of(AllocationMain::ignore));
            default -> throw new IllegalArgumentException("workload=" + name + " is not known");
        }
    }

    private static ConnectedStreams<LongKey, Reading, Reading> halves(final DataStream<Reading> readings)
    {
        return readings.filter(reading -> (reading.value() & 1) == 0).name("even").keyByLong(Reading::sensor)
            .connect(readings.filter(reading -> (reading.value() & 1) == 1).name("odd").keyByLong(Reading::sensor));
    }

    private static void sum(
        final LongKey key,
        final WindowContext context,
        final WindowElements<Reading> elements,
        final Collector<SummaryFlyweight> out)
    {
        long sum = 0;
        for (long i = 0; i < elements.count(); i++)
        {
            sum += elements.get(i).value() & 0xFF;
        }
        out.next().sensor(key.value()).windowEnd(context.window().end()).count(elements.count()).sum(sum);
        out.emit();
    }

    private static void ignore(final Object record)
    {
    }

    /** Says of each sensor how many of its readings came before it was quiet for a while. */
    private static final class Quiet implements KeyedProcessFunction<LongKey, Reading, SummaryFlyweight>
    {
        private LongState count;
        private LongState until;
        private ListState<Reading, ReadingFlyweight> kept;
        private TextMapState<Reading, ReadingFlyweight> places;

        @Override
        public void open(final StateStore states)
        {
            count = states.longValue("count");
            until = states.longValue("until");
            kept = states.list("kept", ReadingFlyweight.TYPE);
            places = states.textMap("places", ReadingFlyweight.TYPE);
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            count.add(1);
            kept.add(record);
            places.put(record.place(), record);
            context.timerService().deleteEventTimeTimer(until.get());
            until.set(context.timestamp() + 10);
            context.timerService().registerEventTimeTimer(until.get());
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            out.next().sensor(context.currentKey().value()).count(count.get()).sum(kept.size() + places.size());
            out.emit();
            count.clear();
            kept.clear();
            places.clear();
        }
    }

    /** Keeps what each sensor said lately, and tells of what it forgets. */
    private static final class Forgetful implements KeyedProcessFunction<LongKey, Reading, SummaryFlyweight>
    {
        private LongState count;
        private ListState<Reading, ReadingFlyweight> kept;
        private TextMapState<Reading, ReadingFlyweight> places;

        @Override
        public void open(final StateStore states)
        {
            final StateStore expiring = states.with(StateTtl.of(Duration.ofMillis(20)).withExpiryCallback());
            count = expiring.longValue("count");
            kept = expiring.list("kept", ReadingFlyweight.TYPE);
            places = expiring.textMap("places", ReadingFlyweight.TYPE);
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            count.add(1);
            kept.add(record);
            places.put(record.place(), record);
        }

        @Override
        public void onExpiry(
            final ExpiredEntry expired, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            out.next().sensor(context.currentKey().value()).count(expired.isOf(count) ? expired.number(count) : 0)
                .sum(expired.isOf(kept) ? expired.record(kept).value() : 0);
            out.emit();
        }
    }

    /** Keeps 16 rules; shows them all, and at times the readings of each sensor. */
    private static final class Rules
        implements KeyedBroadcastProcessFunction<LongKey, Reading, Reading, SummaryFlyweight>
    {
        private final LongMapState.EntryAction<Reading> add = (number, rule) -> this.sum += rule.value() & 0xFF;
        private final BroadcastContext.KeyedStateAction<LongKey, LongState> count = (key, state) -> this.sum += state.get();
        private LongMapState<Reading, ReadingFlyweight> rules;
        private ListState<Reading, ReadingFlyweight> last;
        private LongState readings;
        private long sum;

        @Override
        public void open(final OperatorStateStore states)
        {
            rules = states.broadcastLongMap("rules", ReadingFlyweight.TYPE);
            last = states.listState("last", ReadingFlyweight.TYPE);
            readings = states.keyed().longValue("readings");
        }

        @Override
        public void start(final boolean restored)
        {
            last.add();
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            sum = 0;
            readings.add(1);
            rules.forEach(add);
            last.value(0).value(sum);
            out.next().sensor(record.sensor()).sum(last.get(0).value());
            out.emit();
        }

        @Override
        public void processBroadcastElement(
            final Reading record, final BroadcastContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            rules.remove(record.sensor() & 15);
            rules.put(record.sensor() & 15, record);
            if ((record.value() & 0xFFFFF) == 0)
            {
                context.applyToKeyedState(readings, count);
            }
        }
    }

    /** A sum that can be deducted. */
    private static final class Sum implements InvertibleAggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight sum, final Reading reading)
        {
            sum.sum(sum.sum() + (reading.value() & 0xFF));
        }

        @Override
        public void merge(final SummaryFlyweight sum, final Summary other)
        {
            sum.sum(sum.sum() + other.sum());
        }

        @Override
        public void deduct(final SummaryFlyweight sum, final Summary other)
        {
            sum.sum(sum.sum() - other.sum());
        }
    }
}
