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
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobFailedException;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.BroadcastContext;
import io.millrace.operators.process.BroadcastProcessFunction;
import io.millrace.operators.process.CoProcessFunction;
import io.millrace.operators.process.KeyedBroadcastProcessFunction;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.ProcessContext;
import io.millrace.operators.process.ProcessFunction;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.OperatorStateStore;
import io.millrace.operators.state.TextMapState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Broadcast state, enrichment and operator state, from the API to the sink, in parallel instances. One source is cut in two:
 * every tenth record is a rule, for all instances, the others are dealt; so the order of both is that of the source.
 */
class BroadcastPipelineTest
{
    private static final long COUNT = 3_000;
    private static final long RULES = 7;
    private static final long SENSORS = 50;

    private final List<String> results = Collections.synchronizedList(new ArrayList<>());

    private static DataStream<Reading> readings(final Pipeline pipeline)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, COUNT, (number, out) ->
            out.time(number).sensor(sensor(number)).place(place(number)).value(number)),
            WatermarkStrategy.forMonotonousTimestamps(), "readings");
    }

    private static long sensor(final long number)
    {
        return isRule(number) ? number / 10 % RULES : number % SENSORS;
    }

    private static String place(final long number)
    {
        return "p" + sensor(number) % RULES;
    }

    private static boolean isRule(final long number)
    {
        return number % 10 == 9;
    }

    private static SingleOutputStream<Reading> data(final DataStream<Reading> readings)
    {
        return readings.filter(reading -> reading.value() % 10 != 9).name("data");
    }

    private static SingleOutputStream<Reading> rules(final DataStream<Reading> readings)
    {
        return readings.filter(reading -> reading.value() % 10 == 9).name("rules");
    }

    private void run(
        final Supplier<Pipeline> pipelines, final ThreadingMode mode, final boolean chaining, final int ringCapacity)
        throws Exception
    {
        final JobConfig config = new JobConfig().threading(mode).chaining(chaining).ringCapacity(ringCapacity);
        if (mode == ThreadingMode.INVOKER)
        {
            TestJobs.run(pipelines.get(), config);
        }
        else
        {
            try (Job job = pipelines.get().start(config))
            {
                job.await();
            }
        }
    }

    private void take(final DataStream<Summary> stream)
    {
        stream.rebalance().sink(CallbackSink.of(summary ->
            results.add(summary.count() + " " + summary.sensor() + ":" + summary.sum()))).parallelism(1);
    }

    /** Runs, stops in the middle behind a checkpoint, and runs again from there. */
    private void runWithARestart(final Supplier<Pipeline> pipelines) throws Exception
    {
        final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
        try (Job job = pipelines.get().start(
            TestJobs.stepped().checkpointing(checkpoints).ringCapacity(16).chaining(false)))
        {
            stepTo(job, (int)COUNT / 3);
            job.checkpoint();
            while (job.completedCheckpoint() == 0)
            {
                job.doWork();
            }
            final int taken = results.size();
            assertTrue(taken < COUNT / 2, () -> "results=" + taken);
            stepTo(job, taken + 200);
        }
        try (Job job = pipelines.get().start(
            TestJobs.stepped().checkpointing(checkpoints).ringCapacity(16).chaining(false)))
        {
            assertEquals(1, job.restoredCheckpoint());
            TestJobs.finish(job);
        }
    }

    private void stepTo(final Job job, final int count)
    {
        while (results.size() < count)
        {
            job.doWork();
        }
    }

    /** What was seen, each once, where the same input gave the same result in both lives. */
    private List<String> distinct()
    {
        return results.stream().sorted().distinct().toList();
    }

    /** Compares long lists, with a message that is short. */
    private static void assertSame(final List<String> expected, final List<String> actual)
    {
        final int count = Math.min(expected.size(), actual.size());
        for (int i = 0; i < count; i++)
        {
            assertEquals(expected.get(i), actual.get(i), "at index=" + i);
        }
        assertEquals(expected.size(), actual.size());
    }

    private static List<String> sorted(final List<String> list)
    {
        return list.stream().sorted().toList();
    }

    private Pipeline enriching(final int parallelism, final boolean outer)
    {
        final Pipeline pipeline = Pipeline.create("enriching");
        final DataStream<Reading> readings = readings(pipeline);
        final EnrichedStream<Reading, Reading> enriched = data(readings).rebalance()
            .enrich(rules(readings), Reading::place, Reading::place).removeWhen(rule -> rule.value() % 70 == 69);
        final SingleOutputStream<Summary> joined = outer ?
            enriched.leftJoin(SummaryFlyweight.TYPE, BroadcastPipelineTest::enriched) :
            enriched.join(SummaryFlyweight.TYPE, BroadcastPipelineTest::enriched);
        take(joined.parallelism(parallelism));
        return pipeline;
    }

    private static void enriched(final Reading reading, final Reading rule, final SummaryFlyweight out)
    {
        out.sensor(reading.sensor()).count(reading.value()).sum(rule == null ? -1 : rule.value());
    }

    private static List<String> enriched(final boolean outer)
    {
        final Map<String, Long> latest = new HashMap<>();
        final List<String> expected = new ArrayList<>();
        for (long number = 0; number < COUNT; number++)
        {
            final long rule = latest.getOrDefault(place(number), -1L);
            if (!isRule(number))
            {
                if (outer || rule >= 0)
                {
                    expected.add(number + " " + sensor(number) + ":" + rule);
                }
            }
            else if (number % 70 == 69)
            {
                latest.remove(place(number));
            }
            else
            {
                latest.put(place(number), number);
            }
        }
        return expected;
    }

    @ParameterizedTest
    @CsvSource({
        "INVOKER, true, 1, 1024, true", "INVOKER, false, 1, 16, false", "INVOKER, false, 2, 16, true",
        "DEDICATED, true, 2, 64, false", "DEDICATED, false, 2, 4, true", "SHARED, true, 3, 256, true"})
    void shouldEnrich(
        final ThreadingMode mode, final boolean chaining, final int parallelism, final int ringCapacity, final boolean outer)
        throws Exception
    {
        run(() -> enriching(parallelism, outer), mode, chaining, ringCapacity);
        assertSame(enriched(outer), results);
    }

    @Test
    void shouldEnrichFromACheckpoint() throws Exception
    {
        runWithARestart(() -> enriching(2, true));
        assertSame(sorted(enriched(true)), distinct());
    }

    /** Adds up, for each reading, the rules so far, by one map, and counts them by another; and its own readings by a list. */
    private static final class Sums implements BroadcastProcessFunction<Reading, Reading, SummaryFlyweight>
    {
        private LongMapState<Reading, ReadingFlyweight> rules;
        private TextMapState<Summary, SummaryFlyweight> counts;
        private long sum;

        @Override
        public void open(final OperatorStateStore states)
        {
            rules = states.broadcastLongMap("rules", ReadingFlyweight.TYPE);
            counts = states.broadcastTextMap("counts", SummaryFlyweight.TYPE);
        }

        @Override
        public void processElement(
            final Reading record, final ProcessContext context, final Collector<SummaryFlyweight> out)
        {
            sum = 0;
            rules.forEach((sensor, rule) -> sum = sum * 3 + rule.value());
            counts.forEach((place, count) -> sum = sum * 5 + count.count());
            out.next().count(record.value()).sensor(record.sensor()).sum(sum);
            out.emit();
        }

        @Override
        public void processBroadcastElement(
            final Reading record, final ProcessContext context, final Collector<SummaryFlyweight> out)
        {
            rules.put(record.sensor(), record);
            final SummaryFlyweight count = counts.value(record.place());
            count.count(count.count() + 1);
        }
    }

    private Pipeline summing(final int parallelism)
    {
        final Pipeline pipeline = Pipeline.create("summing");
        final DataStream<Reading> readings = readings(pipeline);
        take(data(readings).rebalance().connect(rules(readings).broadcast())
            .process(SummaryFlyweight.TYPE, Sums::new).parallelism(parallelism));
        return pipeline;
    }

    /** The results at parallelism 1, where every instance has all key groups; the values of the model are checked there. */
    private List<String> summed() throws Exception
    {
        run(() -> summing(1), ThreadingMode.INVOKER, true, 1024);
        final List<String> expected = List.copyOf(results);
        results.clear();
        assertEquals(COUNT * 9 / 10, expected.size());
        final TreeMap<Long, Long> rules =
            new TreeMap<>((left, right) -> Long.compareUnsigned(KeyHash.hash(left), KeyHash.hash(right)));
        final long last = COUNT - 2;
        for (long number = 0; number < last; number++)
        {
            if (isRule(number))
            {
                rules.put(sensor(number), number);
            }
        }
        long sum = 0;
        for (final Long value : rules.values())
        {
            sum = sum * 3 + value;
        }
        long counts = 0;
        for (int i = 0; i < RULES; i++)
        {
            sum *= 5;
            counts = counts * 5 + 1;
        }
        // 299 rules came before the last reading: 42 or 43 of each kind, of which at least 42 are in every place of the sum.
        final String shown = expected.get(expected.size() - 1);
        final long rest = Long.parseLong(shown.substring(shown.indexOf(':') + 1)) - sum - 42 * counts;
        assertTrue(rest > 0 && rest < 5 * counts, () -> "rest=" + rest);
        return expected;
    }

    @ParameterizedTest
    @CsvSource({"INVOKER, false, 2, 16", "DEDICATED, true, 2, 64", "SHARED, false, 3, 1024"})
    void shouldShowTheSameMapInEveryInstance(
        final ThreadingMode mode, final boolean chaining, final int parallelism, final int ringCapacity) throws Exception
    {
        final List<String> expected = summed();
        run(() -> summing(parallelism), mode, chaining, ringCapacity);
        assertSame(expected, results);
    }

    @Test
    void shouldShowTheSameMapFromACheckpoint() throws Exception
    {
        final List<String> expected = summed();
        runWithARestart(() -> summing(2));
        assertSame(sorted(expected), distinct());
    }

    /** Counts each sensor's readings; a timer shows the count and the rule in force; each rule of 0 shows all counts. */
    private static final class Counting
        implements KeyedBroadcastProcessFunction<LongKey, Reading, Reading, SummaryFlyweight>
    {
        private LongMapState<Reading, ReadingFlyweight> rules;
        private LongState count;

        @Override
        public void open(final OperatorStateStore states)
        {
            rules = states.broadcastLongMap("rules", ReadingFlyweight.TYPE);
            count = states.keyed().longValue("count");
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            count.add(1);
            context.timerService().registerEventTimeTimer(context.timestamp());
        }

        @Override
        public void processBroadcastElement(
            final Reading record, final BroadcastContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            rules.put(record.sensor(), record);
            if (record.sensor() == 0)
            {
                context.applyToKeyedState(count, (key, state) ->
                {
                    out.next().count(-record.value()).sensor(key.value()).sum(state.get());
                    out.emit();
                });
            }
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            final long sensor = context.currentKey().value();
            final Reading rule = rules.read(sensor % RULES);
            out.next().count(timestamp).sensor(sensor).sum(count.get() * 10_000 + (rule == null ? 0 : rule.value()));
            out.emit();
        }
    }

    private Pipeline counting(final int parallelism)
    {
        final Pipeline pipeline = Pipeline.create("counting");
        final DataStream<Reading> readings = readings(pipeline);
        take(data(readings).keyByLong(Reading::sensor).connect(rules(readings).broadcast())
            .process(SummaryFlyweight.TYPE, Counting::new).name("counting").parallelism(parallelism));
        return pipeline;
    }

    private List<String> counted()
    {
        final Map<Long, Long> rules = new HashMap<>();
        final Map<Long, Long> counts =
            new TreeMap<>((left, right) -> Long.compareUnsigned(KeyHash.hash(left), KeyHash.hash(right)));
        final List<String> expected = new ArrayList<>();
        for (long number = 0; number < COUNT; number++)
        {
            final long cause = number;
            final long sensor = sensor(number);
            if (!isRule(number))
            {
                final long count = counts.merge(sensor, 1L, Long::sum);
                if (isRule(number + 1))
                {
                    // The timer fires at the watermark that the next record brings, which is behind that record.
                    rules.put(sensor(number + 1), number + 1);
                }
                expected.add(number + " " + sensor + ":" + (count * 10_000 + rules.getOrDefault(sensor % RULES, 0L)));
                continue;
            }
            rules.put(sensor, number);
            if (sensor == 0)
            {
                counts.forEach((key, count) -> expected.add(-cause + " " + key + ":" + count));
            }
        }
        return expected;
    }

    @ParameterizedTest
    @CsvSource({
        "INVOKER, true, 1, 1024", "INVOKER, false, 1, 1024", "INVOKER, false, 2, 16", "DEDICATED, true, 2, 64",
        "SHARED, false, 3, 256"})
    void shouldCountByKeyWhatIsRuledByBroadcast(
        final ThreadingMode mode, final boolean chaining, final int parallelism, final int ringCapacity) throws Exception
    {
        run(() -> counting(parallelism), mode, chaining, ringCapacity);
        // A timer fires at the watermark that follows its record; the counts of all keys may come before or behind it.
        assertSame(sorted(counted()), sorted(results));
        assertSame(counted().stream().filter(line -> line.startsWith("-")).toList(),
            results.stream().filter(line -> line.startsWith("-")).toList());
    }

    @Test
    void shouldCountByKeyFromACheckpoint() throws Exception
    {
        runWithARestart(() -> counting(2));
        assertSame(sorted(counted()), distinct());
    }

    /** Numbers the readings of an instance; the number is put into a union list at the barrier. */
    private static final class Numbering implements ProcessFunction<Reading, SummaryFlyweight>
    {
        private final List<String> seen;
        private ListState<Reading, ReadingFlyweight> numbers;
        private ListState<Reading, ReadingFlyweight> growing;
        private ListState<Reading, ReadingFlyweight> own;
        private int subtask;
        private long number;

        private Numbering(final List<String> seen)
        {
            this.seen = seen;
        }

        @Override
        public void open(final OperatorStateStore states)
        {
            numbers = states.unionListState("numbers", ReadingFlyweight.TYPE);
            growing = states.unionListState("growing", ReadingFlyweight.TYPE);
            own = states.listState("own", ReadingFlyweight.TYPE);
            subtask = states.subtask();
            assertEquals(2, states.parallelism());
        }

        @Override
        public void start(final boolean restored)
        {
            if (!restored)
            {
                growing.add().sensor(subtask);
                own.add().sensor(subtask);
            }
            for (long i = 0; i < numbers.size(); i++)
            {
                number = numbers.get(i).sensor() == subtask ? numbers.get(i).value() : number;
            }
            seen.add(subtask + " " + text(numbers) + " " + text(growing) + " " + text(own));
        }

        private static String text(final ListState<Reading, ReadingFlyweight> list)
        {
            final List<Long> sensors = new ArrayList<>();
            for (long i = 0; i < list.size(); i++)
            {
                sensors.add(list.get(i).sensor());
            }
            return sensors.toString();
        }

        @Override
        public void prepareSnapshot(final long checkpointId)
        {
            numbers.clear();
            numbers.add().sensor(subtask).value(number);
        }

        @Override
        public void processElement(
            final Reading record, final ProcessContext context, final Collector<SummaryFlyweight> out)
        {
            out.next().count(record.value()).sensor(subtask).sum(number);
            out.emit();
            number++;
        }
    }

    private Pipeline numbering(final List<String> seen)
    {
        final Pipeline pipeline = Pipeline.create("numbering");
        take(readings(pipeline).rebalance().process(SummaryFlyweight.TYPE, () -> new Numbering(seen)).parallelism(2));
        return pipeline;
    }

    @Test
    void shouldGiveListsBackAsOP1AndOP2AtTheSameParallelism() throws Exception
    {
        final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
        final List<String> seen = new ArrayList<>();
        for (int life = 1; life <= 3; life++)
        {
            final int number = life;
            try (Job job = numbering(seen).start(TestJobs.stepped().checkpointing(checkpoints).ringCapacity(16)))
            {
                assertEquals(life - 1, job.restoredCheckpoint());
                if (life == 3)
                {
                    TestJobs.finish(job);
                    continue;
                }
                stepTo(job, number * 700);
                job.checkpoint();
                while (job.completedCheckpoint() < number)
                {
                    job.doWork();
                }
                stepTo(job, results.size() + 100);
            }
        }
        assertEquals(List.of(
            "0 [] [0] [0]", "1 [] [1] [1]",
            "0 [0, 1] [0, 1] [0]", "1 [0, 1] [0, 1] [1]",
            "0 [0, 1] [0, 1, 0, 1] [0]", "1 [0, 1] [0, 1, 0, 1] [1]"), seen);
        // Dealt in turn, so the same reading has the same number in every life.
        final List<String> expected = new ArrayList<>();
        for (long number = 0; number < COUNT; number++)
        {
            expected.add(number + " " + number % 2 + ":" + number / 2);
        }
        assertSame(sorted(expected), distinct());
        assertTrue(results.size() > COUNT, () -> "results=" + results.size());
    }

    /** Shows each record of both streams with a number. */
    private static final class Both implements CoProcessFunction<Reading, Reading, SummaryFlyweight>
    {
        private long number;

        @Override
        public void processElement1(
            final Reading record, final ProcessContext context, final Collector<SummaryFlyweight> out)
        {
            out.next().count(record.value()).sensor(1).sum(number++);
            out.emit();
        }

        @Override
        public void processElement2(
            final Reading record, final ProcessContext context, final Collector<SummaryFlyweight> out)
        {
            out.next().count(record.value()).sensor(2).sum(number++);
            out.emit();
        }
    }

    @ParameterizedTest
    @CsvSource({"INVOKER, true, 1024", "INVOKER, false, 16", "DEDICATED, false, 64"})
    void shouldTakeTwoStreamsWithoutKeysSideBySide(
        final ThreadingMode mode, final boolean chaining, final int ringCapacity) throws Exception
    {
        run(() ->
        {
            final Pipeline pipeline = Pipeline.create("both");
            final DataStream<Reading> readings = readings(pipeline);
            take(data(readings).connect(rules(readings)).process(SummaryFlyweight.TYPE, Both::new));
            return pipeline;
        }, mode, chaining, ringCapacity);
        final List<String> expected = new ArrayList<>();
        for (long number = 0; number < COUNT; number++)
        {
            expected.add(number + " " + (isRule(number) ? 2 : 1) + ":" + number);
        }
        assertSame(expected, results);
    }

    @Test
    void shouldNameTheRecordAndTheLatestThatFail()
    {
        final Pipeline pipeline = Pipeline.create("failing");
        final DataStream<Reading> readings = readings(pipeline);
        data(readings).enrichByLong(rules(readings), reading -> reading.sensor() % RULES, Reading::sensor)
            .join(SummaryFlyweight.TYPE, (reading, rule, out) -> out.sum(1 / (reading.value() - 50)))
            .name("dividing").sink(CallbackSink.of(summary ->
            {
            }));
        shouldFailWith(pipeline, "operator=dividing record at position=", "value=50", "latest Reading[");
    }

    @Test
    void shouldNameTheBroadcastRecordThatFails()
    {
        final Pipeline pipeline = Pipeline.create("failing");
        final DataStream<Reading> readings = readings(pipeline);
        rules(readings).name("keyed").keyByLong(Reading::sensor).connect(data(readings).name("all").broadcast())
            .process(SummaryFlyweight.TYPE, () -> new KeyedBroadcastProcessFunction<LongKey, Reading, Reading, SummaryFlyweight>()
            {
                @Override
                public void processElement(
                    final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
                {
                }

                @Override
                public void processBroadcastElement(
                    final Reading record, final BroadcastContext<LongKey> context, final Collector<SummaryFlyweight> out)
                {
                    context.applyToKeyedState("nothing", (key, state) ->
                    {
                    });
                }
            }).name("applying").uid("applying").sink(CallbackSink.of(summary ->
            {
            }));
        shouldFailWith(pipeline, "operator=applying record at position=", "value=0",
            "state=nothing is no state by key of operator=applying");
    }

    private static void shouldFailWith(final Pipeline pipeline, final String... parts)
    {
        final Job job = pipeline.start(TestJobs.stepped());
        try (job)
        {
            final JobFailedException failure = assertThrows(JobFailedException.class, () -> TestJobs.finish(job));
            final String message = failure.getMessage() + " " + failure.getCause();
            for (final String part : parts)
            {
                assertTrue(message.contains(part), () -> part + " is not in: " + message);
            }
        }
        assertEquals(0, job.offHeapBytes());
    }

    @Test
    void shouldRefuseBadInput()
    {
        final Pipeline pipeline = Pipeline.create("one");
        final DataStream<Reading> mine = readings(pipeline);
        final DataStream<Reading> others = readings(Pipeline.create("other"));
        refused("both must be of one pipeline", () -> mine.connect(others));
        refused("both must be of one pipeline", () -> mine.connect(others.broadcast()));
        refused("both must be of one pipeline", () -> mine.keyByLong(Reading::sensor).connect(others.broadcast()));
        refused("enrichment of a stream of ", () -> mine.enrichByLong(others, Reading::sensor, Reading::sensor));
        final DataStream<Document> documents = pipeline.source(Generator.of(DocumentFlyweight.TYPE, 1,
            (number, out) -> out.number(number)), WatermarkStrategy.noWatermarks(), "documents");
        refused("kept by enrichment has variable length", () ->
            mine.enrichByLong(documents, Reading::sensor, Document::number));
        assertThrows(NullPointerException.class, () -> mine.enrichByLong(mine, Reading::sensor, Reading::sensor)
            .removeWhen(null));
    }

    private static void refused(final String part, final Runnable action)
    {
        final String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
