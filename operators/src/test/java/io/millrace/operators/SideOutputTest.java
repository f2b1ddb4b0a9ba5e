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
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SideOutputTest
{
    private static final OutputTag<Reading, ReadingFlyweight> ODD = new OutputTag<>("odd", ReadingFlyweight.TYPE);
    private static final OutputTag<Summary, SummaryFlyweight> SUMS = new OutputTag<>("sums", SummaryFlyweight.TYPE);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowSO1TypedTagsKeepTheTimeOfTheElement(final boolean chaining) throws Exception
    {
        final List<Long> even = new ArrayList<>();
        final List<String> odd = new ArrayList<>();
        final List<String> sums = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("side");
        final SingleOutputStream<Reading> split = split(pipeline, 6);
        split.sink(CallbackSink.of(reading -> even.add(reading.value())), "even");
        split.sideOutput(ODD).sink(CallbackSink.identified((reading, metadata) ->
            odd.add(reading.value() + "@" + metadata.timestamp() + "#" + metadata.cause())), "odd");
        split.sideOutput(SUMS).sink(CallbackSink.identified((sum, metadata) ->
            sums.add(sum.sum() + "@" + metadata.timestamp() + "." + metadata.ordinal())), "sums");
        TestJobs.run(pipeline, TestJobs.stepped().chaining(chaining));

        assertEquals(List.of(0L, 2L, 4L), even);
        assertEquals(List.of("1@101#1", "3@103#3", "5@105#5"), odd);
        assertEquals(List.of("2@102.0", "20@102.1", "4@104.0", "40@104.1"), sums.subList(2, 6));
    }

    @Test
    void shouldCountWhatNobodyTakes() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("dropped");
        split(pipeline, 6).sideOutput(SUMS).sink(CallbackSink.of(sum -> assertEquals(0, sum.count())));
        final Job job = pipeline.start(TestJobs.stepped());
        try (job)
        {
            TestJobs.finish(job);
            assertEquals(3, TestJobs.counter(job, "sideOutputRecordsDropped"));
        }
        assertEquals(0, job.offHeapBytes());
    }

    @Test
    void shouldGiveTheSameCollectorForTheSameTag() throws Exception
    {
        final List<Collector<?>> collectors = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("same");
        source(pipeline, 3).flatMap(ReadingFlyweight.TYPE, (reading, out) ->
        {
            collectors.add(out.sideOutput(new OutputTag<>("odd", ReadingFlyweight.TYPE)));
            collectors.add(out.sideOutput(SUMS).sideOutput(ODD));
        }).sink(CallbackSink.of(reading ->
        {
        }));
        TestJobs.run(pipeline);
        collectors.forEach(collector -> assertSame(collectors.get(0), collector));
    }

    @Test
    void shouldRefuseATagWithAnotherTypeThanWasDeclared() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("mistyped");
        final SingleOutputStream<Reading> stream = source(pipeline, 3).flatMap(ReadingFlyweight.TYPE, (reading, out) ->
            out.sideOutput(new OutputTag<>("sums", ReadingFlyweight.TYPE)).next());
        stream.sideOutput(SUMS).sink(CallbackSink.of(sum ->
        {
        }));
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
            assertTrue(message.contains("tag=sums") && message.contains("takes record=Summary"), message);
        }
    }

    @Test
    void shouldFailAnEmitWithoutNext() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("early");
        source(pipeline, 3).flatMap(ReadingFlyweight.TYPE, (reading, out) -> out.sideOutput(ODD).emit())
            .name("splitter").sink(CallbackSink.of(reading ->
            {
            }));
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            final String message = assertThrows(JobFailedException.class, () -> TestJobs.finish(job)).getMessage();
            assertTrue(message.contains("operator splitter emits to odd without next()"), message);
        }
    }

    private static SingleOutputStream<Reading> split(final Pipeline pipeline, final long count)
    {
        return source(pipeline, count).flatMap(ReadingFlyweight.TYPE, (reading, out) ->
        {
            if (reading.value() % 2 == 0)
            {
                out.next().time(reading.time()).value(reading.value());
                out.sideOutput(SUMS).next().sum(reading.value());
                out.sideOutput(SUMS).emit();
                out.emit();
                out.sideOutput(SUMS).next().sum(reading.value() * 10);
                out.sideOutput(SUMS).emit();
            }
            else
            {
                final Collector<ReadingFlyweight> odd = out.sideOutput(ODD);
                odd.next().value(reading.value());
                odd.emit();
            }
        });
    }

    private static SingleOutputStream<Reading> source(final Pipeline pipeline, final long count)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, count, (number, out) ->
            out.time(100 + number).value(number)), WatermarkStrategy.forMonotonousTimestamps(), "numbers");
    }
}
