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
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Ingress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Joins and groups of what comes in together. Readings below 100 are on the left, others on the right. */
class ProcessingTimeJoinTest
{
    private final Ingress<Reading, ReadingFlyweight> ingress = Ingress.create(ReadingFlyweight.TYPE, 64);
    private final List<String> results = new ArrayList<>();
    private long now = 1_000;

    @AfterEach
    void close()
    {
        ingress.close();
    }

    private ConnectedStreams<LongKey, Reading, Reading> connected(final Pipeline pipeline)
    {
        final DataStream<Reading> readings = pipeline.source(ingress, WatermarkStrategy.noWatermarks(), "readings");
        return readings.filter(reading -> reading.value() < 100).keyByLong(Reading::sensor)
            .connect(readings.filter(reading -> reading.value() >= 100).keyByLong(Reading::sensor));
    }

    private List<String> at(final Job job, final long time)
    {
        now = time;
        TestJobs.settle(job);
        final List<String> taken = List.copyOf(results);
        results.clear();
        return taken;
    }

    private void publish(final long sensor, final long... values)
    {
        for (final long value : values)
        {
            ingress.offer(reading -> reading.sensor(sensor).value(value));
        }
    }

    @Test
    void shouldFollowWIN17AndJoinWhatComesInInOneWindow()
    {
        final Pipeline pipeline = Pipeline.create("join");
        connected(pipeline).window(TumblingProcessingTimeWindows.of(Duration.ofMillis(5)))
            .join(SummaryFlyweight.TYPE, (key, window, left, right, out) ->
                out.sensor(key.value()).windowEnd(window.end()).count(left.value()).sum(right.value()))
            .sink(CallbackSink.of(pair -> results.add(
                pair.sensor() + " " + pair.count() + "-" + pair.sum() + " to " + pair.windowEnd())));
        try (Job job = pipeline.start(TestJobs.stepped().ioThread(false).clock(() -> now)))
        {
            publish(7, 1, 2, 101);
            publish(8, 3);
            assertEquals(List.of(), at(job, 1_000));
            assertEquals(List.of(), at(job, 1_003));
            assertEquals(List.of("7 1-101 to 1005", "7 2-101 to 1005"), at(job, 1_004));
            // The window has fired at its last time, and begins anew with what comes at that time.
            publish(8, 4, 104);
            at(job, 1_004);
            publish(8, 105);
            assertEquals(List.of("8 4-104 to 1005"), at(job, 1_005));
            publish(8, 5);
            at(job, 1_006);
            assertEquals(List.of("8 5-105 to 1010"), at(job, 1_050));
        }
    }

    @Test
    void shouldGroupWhatComesInInWindowsThatSlide()
    {
        final Pipeline pipeline = Pipeline.create("groups");
        connected(pipeline).window(SlidingProcessingTimeWindows.of(Duration.ofMillis(10), Duration.ofMillis(5)))
            .coGroup(SummaryFlyweight.TYPE, (key, window, lefts, rights, out) ->
            {
                out.next().sensor(key.value()).windowEnd(window.end()).count(lefts.size()).sum(rights.size());
                out.emit();
            })
            .sink(CallbackSink.of(group -> results.add(
                group.sensor() + " " + group.count() + "+" + group.sum() + " to " + group.windowEnd())));
        try (Job job = pipeline.start(TestJobs.stepped().ioThread(false).clock(() -> now)))
        {
            publish(7, 1, 101);
            at(job, 1_001);
            publish(7, 102);
            assertEquals(List.of("7 1+1 to 1005"), at(job, 1_006));
            assertEquals(List.of("7 1+2 to 1010"), at(job, 1_012));
            assertEquals(List.of("7 0+1 to 1015"), at(job, 1_020));
        }
    }
}
