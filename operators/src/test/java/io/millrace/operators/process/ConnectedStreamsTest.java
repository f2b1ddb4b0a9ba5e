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
package io.millrace.operators.process;

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Document;
import io.millrace.operators.DocumentFlyweight;
import io.millrace.operators.KeyedStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.SummaryValue;
import io.millrace.operators.TestJobs;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.state.ExpiredEntry;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;
import io.millrace.operators.state.StateTtl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConnectedStreamsTest
{
    private static final long COUNT = 5_000;

    /** Adds the first stream's values, takes the second one's away, and shows the difference ten units later. */
    private static final class Balance implements KeyedCoProcessFunction<LongKey, Reading, Summary, SummaryFlyweight>
    {
        private LongState balance;

        @Override
        public void open(final StateStore states)
        {
            balance = states.longValue("balance");
        }

        @Override
        public void processElement1(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            balance.add(record.value());
            context.timerService().registerEventTimeTimer(context.timestamp() + 10);
        }

        @Override
        public void processElement2(
            final Summary record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            balance.add(-record.sum());
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            out.next().sensor(context.currentKey().value()).windowEnd(timestamp).sum(balance.get());
            out.emit();
        }
    }

    private static KeyedStream<LongKey, Reading> readings(final Pipeline pipeline, final String name)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, COUNT,
            (index, reading) -> reading.time(index).sensor(index % 7).place("p").value(index)),
            WatermarkStrategy.forMonotonousTimestamps(), name).keyByLong(Reading::sensor);
    }

    private static KeyedStream<LongKey, Summary> summaries(final Pipeline pipeline)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, COUNT,
                (index, reading) -> reading.time(index).sensor(index % 5).place("p").value(index)),
                WatermarkStrategy.forMonotonousTimestamps(), "second")
            .map(SummaryFlyweight.TYPE, (reading, out) -> out.sensor(reading.sensor())
                .sum(reading.value()))
            .keyByLong(Summary::sensor);
    }

    @ParameterizedTest
    @CsvSource({"INVOKER, true, 1", "INVOKER, false, 1", "INVOKER, false, 3", "DEDICATED, true, 2", "SHARED, false, 1"})
    void shouldTakeTwoStreamsSideBySideInTheOrderOfTheirCauses(
        final ThreadingMode mode, final boolean chaining, final int parallelism) throws Exception
    {
        final List<SummaryValue> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("balance");
        readings(pipeline, "first").connect(summaries(pipeline))
            .process(SummaryFlyweight.TYPE, Balance::new).parallelism(parallelism).rebalance()
            .sink(CallbackSink.of(summary -> results.add(SummaryValue.copyOf(summary)))).parallelism(1);
        final JobConfig config = new JobConfig().threading(mode).chaining(chaining).ringCapacity(64);
        if (mode == ThreadingMode.INVOKER)
        {
            TestJobs.run(pipeline, config);
        }
        else
        {
            try (Job job = pipeline.start(config))
            {
                job.await();
            }
        }
        assertEquals(COUNT, results.size());
        final long[] last = new long[7];
        results.forEach(result -> last[(int)result.sensor()] = result.sum());
        for (int sensor = 0; sensor < 7; sensor++)
        {
            assertEquals(total(sensor, 7) - (sensor < 5 ? total(sensor, 5) : 0), last[sensor], "sensor=" + sensor);
        }
    }

    /** Keeps each reading of the first stream for ten units by its value, and tells of it then. */
    private static final class Lately implements KeyedCoProcessFunction<LongKey, Reading, Summary, SummaryFlyweight>
    {
        private LongMapState<Reading, ReadingFlyweight> readings;

        @Override
        public void open(final StateStore states)
        {
            readings = states.with(StateTtl.of(Duration.ofMillis(10)).withExpiryCallback())
                .longMap("readings", ReadingFlyweight.TYPE);
        }

        @Override
        public void processElement1(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            readings.put(record.value(), record);
        }

        @Override
        public void processElement2(
            final Summary record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            assertTrue(readings.size() <= 10);
        }

        @Override
        public void onExpiry(
            final ExpiredEntry expired, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            out.next().sensor(context.currentKey().value()).count(expired.longKey()).sum(expired.record(readings).time());
            out.emit();
        }
    }

    /** Several tasks own a part of the keys' hashes each, while those of the map's entries lie anywhere. */
    @ParameterizedTest
    @CsvSource({"false, 1", "false, 3", "true, 2"})
    void shouldTellOfWhatHasExpiredInAnyTask(final boolean chaining, final int parallelism) throws Exception
    {
        final List<Long> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("lately");
        readings(pipeline, "first").connect(summaries(pipeline))
            .process(SummaryFlyweight.TYPE, Lately::new).parallelism(parallelism).rebalance()
            .sink(CallbackSink.of(summary ->
            {
                assertEquals(summary.count(), summary.sum());
                assertEquals(summary.count() % 7, summary.sensor());
                results.add(summary.count());
            })).parallelism(1);
        TestJobs.run(pipeline, new JobConfig().threading(ThreadingMode.INVOKER).chaining(chaining).ringCapacity(64));
        assertEquals(LongStream.range(0, COUNT).boxed().toList(), results.stream().sorted().toList());
    }

    /** Adds up the lengths of documents, which take many slots of a ring, and shows the sum with each reading. */
    private static final class Lengths implements KeyedCoProcessFunction<LongKey, Reading, Document, SummaryFlyweight>
    {
        private LongState sum;

        @Override
        public void open(final StateStore states)
        {
            sum = states.longValue("sum");
        }

        @Override
        public void processElement1(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            out.next().sensor(record.sensor()).count(record.value()).sum(sum.get());
            out.emit();
        }

        @Override
        public void processElement2(
            final Document record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            sum.add(record.body().length());
        }
    }

    @Test
    void shouldTakeRecordsOfDifferentLengthsSideBySide() throws Exception
    {
        final byte[] body = new byte[4000];
        final List<Long> results = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("lengths");
        final KeyedStream<LongKey, Document> documents = pipeline
            .source(Generator.of(DocumentFlyweight.TYPE, COUNT,
                (index, document) -> document.number(index % 7).body(body, 0, (int)(index % 4000))),
                WatermarkStrategy.<Document>forMonotonousTimestamps().withTimestampAssigner(Document::number), "documents")
            .keyByLong(Document::number);
        readings(pipeline, "readings").connect(documents)
            .process(SummaryFlyweight.TYPE, Lengths::new)
            .sink(CallbackSink.of(summary -> results.add(summary.sum())));
        TestJobs.run(pipeline, TestJobs.stepped().chaining(false).ringCapacity(256));

        // How the two sources alternate is theirs; what a reading sees is always a sum of its key's first documents.
        assertEquals(COUNT, results.size());
        final int[] seen = new int[7];
        final long[] sums = new long[7];
        for (int index = 0; index < COUNT; index++)
        {
            final int sensor = index % 7;
            while (sums[sensor] < results.get(index))
            {
                sums[sensor] += (sensor + 7 * seen[sensor]) % 4000;
                seen[sensor]++;
            }
            assertEquals(sums[sensor], results.get(index), "index=" + index);
        }
        assertTrue(Arrays.stream(seen).sum() > COUNT / 2, Arrays.toString(seen));
    }

    private static long total(final long sensor, final int sensors)
    {
        long total = 0;
        for (long index = sensor; index < COUNT; index += sensors)
        {
            total += index;
        }
        return total;
    }

    @Test
    void shouldRefuseStreamsOfDifferentPipelines()
    {
        final Pipeline pipeline = Pipeline.create("one");
        final Pipeline other = Pipeline.create("other");
        final KeyedStream<LongKey, Reading> first = readings(pipeline, "first");
        final String message = assertThrows(IllegalArgumentException.class,
            () -> first.connect(readings(other, "first"))).getMessage();
        assertTrue(message.contains("both must be of one pipeline"), message);
    }
}
