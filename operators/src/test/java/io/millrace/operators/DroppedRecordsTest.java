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

import io.millrace.core.metrics.Counter;
import io.millrace.core.runtime.Job;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.trigger.EventTimeTrigger;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Nothing is dropped uncounted: what no window takes is counted with its reason under the operator's name. */
class DroppedRecordsTest
{
    /** Size 3 and slide 5: 3 and 4 are in no window, 8 and 9 neither; 3 and 2 come again when they are late. */
    private static final long[] TIMES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 3, 2, 9};

    @Test
    void shouldCountRecordsBetweenSlidingWindows() throws Exception
    {
        assertEquals(List.of("gaps.lateRecordsDropped=3", "gaps.recordsInNoWindow=4"), counters(windows -> windows
            .reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(0))));
    }

    @Test
    void shouldCountRecordsBetweenTriggeredWindows() throws Exception
    {
        assertEquals(List.of("gaps.lateRecordsDropped=3", "gaps.recordsInNoWindow=4"), counters(windows -> windows
            .trigger(EventTimeTrigger.create()).reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(0))));
    }

    private static List<String> counters(final Function<SlidingWindowedStream<?, Reading>, SingleOutputStream<Reading>> reduce)
        throws Exception
    {
        final Pipeline pipeline = Pipeline.create("gaps");
        reduce.apply(pipeline.source(Generator.of(ReadingFlyweight.TYPE, TIMES.length, (number, out) ->
            out.time(TIMES[(int)number])), WatermarkStrategy.forMonotonousTimestamps(), "source").keyByLong(Reading::sensor)
            .window(SlidingEventTimeWindows.of(Duration.ofMillis(3), Duration.ofMillis(5)))).name("gaps")
            .sink(CallbackSink.of(reading ->
            {
            }));
        try (Job job = pipeline.start(TestJobs.stepped()))
        {
            TestJobs.finish(job);
            return job.counters().stream().filter(counter -> counter.get() > 0).map(Counter::toString).sorted().toList();
        }
    }
}
