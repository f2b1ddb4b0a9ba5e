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
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Ingress;
import io.millrace.operators.trigger.ContinuousProcessingTimeTrigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Processing time as a user writes it. Results are sensor:sum of the count, with the end of the window behind it. */
class ProcessingTimePipelineTest
{
    private final Ingress<Reading, ReadingFlyweight> ingress = Ingress.create(ReadingFlyweight.TYPE, 64);
    private final List<String> results = new ArrayList<>();
    private long now = 1_000_000;

    @AfterEach
    void close()
    {
        ingress.close();
    }

    private Job start(
        final TimeUnit unit,
        final WatermarkStrategy<Reading> strategy,
        final Function<KeyedStream<LongKey, Reading>, DataStream<Summary>> query)
    {
        final Pipeline pipeline = Pipeline.create("test", unit);
        query.apply(pipeline.source(ingress, strategy, "readings").keyByLong(Reading::sensor)).sink(CallbackSink.of(summary ->
            results.add(summary.sensor() + ":" + summary.sum() + " of " + summary.count() + " " + summary.windowEnd())));
        return pipeline.start(TestJobs.stepped().ioThread(false).clock(() -> now));
    }

    private Job start(final Function<KeyedStream<LongKey, Reading>, DataStream<Summary>> query)
    {
        return start(TimeUnit.MILLISECONDS, WatermarkStrategy.noWatermarks(), query);
    }

    private List<String> at(final Job job, final long time)
    {
        now = time;
        TestJobs.settle(job);
        final List<String> taken = List.copyOf(results);
        results.clear();
        return taken;
    }

    private void publish(final long sensor, final long value)
    {
        ingress.offer(reading -> reading.sensor(sensor).value(value));
    }

    private static DataStream<Summary> sums(final TriggeredWindowedStream<LongKey, Reading> windows)
    {
        return windows.aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
            (sum, reading) -> sum.sum(sum.sum() + reading.value()).count(sum.count() + 1),
            (key, window, sum, out) -> out.sensor(key.value()).sum(sum.sum()).count(sum.count()).windowEnd(window.end()));
    }

    @Test
    void shouldFireTumblingWindowsByTheClockWithoutEventTime() throws Exception
    {
        try (Job job = start(readings -> sums(readings.window(TumblingProcessingTimeWindows.of(Duration.ofMillis(10))))))
        {
            publish(1, 5);
            publish(1, 6);
            assertEquals(List.of(), at(job, 1_000_003));
            publish(1, 7);
            assertEquals(List.of(), at(job, 1_000_008));
            assertEquals(List.of("1:18 of 3 1000010"), at(job, 1_000_009));
            publish(1, 8);
            assertEquals(List.of(), at(job, 1_000_010));
            ingress.end();
            TestJobs.finish(job);
            assertEquals(List.of(), results);
        }
    }

    @Test
    void shouldCountWindowsInTheUnitOfThePipeline()
    {
        try (Job job = start(TimeUnit.MICROSECONDS, WatermarkStrategy.noWatermarks(), readings ->
            sums(readings.window(SlidingProcessingTimeWindows.of(Duration.ofMillis(10), Duration.ofMillis(5))))))
        {
            publish(1, 5);
            assertEquals(List.of(), at(job, 1_000_003));
            assertEquals(List.of("1:5 of 1 1000005000"), at(job, 1_000_005));
            assertEquals(List.of("1:5 of 1 1000010000"), at(job, 1_000_010));
        }
    }

    @Test
    void shouldFollowWIN17WithSessions()
    {
        try (Job job = start(readings -> readings.window(ProcessingTimeSessionWindows.withGap(Duration.ofMillis(10)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(),
                (key, window, sum, out) ->
                    out.sensor(key.value()).sum(sum.sum()).count(sum.count()).windowEnd(window.end()))))
        {
            publish(1, 5);
            publish(2, 1);
            assertEquals(List.of(), at(job, 1_000_000));
            publish(1, 6);
            assertEquals(List.of(), at(job, 1_000_008));
            assertEquals(List.of("2:1 of 1 1000010"), at(job, 1_000_009));
            publish(1, 7);
            publish(2, 2);
            assertEquals(List.of(), at(job, 1_000_016));
            publish(2, 3);
            assertEquals(List.of("1:18 of 3 1000026", "2:2 of 1 1000026"), at(job, 1_000_025).stream().sorted().toList());
            assertEquals(List.of(), at(job, 1_000_030));
            publish(2, 4);
            assertEquals(List.of("2:3 of 1 1000035"), at(job, 1_000_040));
            assertEquals(List.of("2:4 of 1 1000050"), at(job, 5_000_000));
        }
    }

    /** Sum and number of values. */
    private static final class Sum implements AggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight sum, final Reading reading)
        {
            sum.sum(sum.sum() + reading.value()).count(sum.count() + 1);
        }

        @Override
        public void merge(final SummaryFlyweight sum, final Summary other)
        {
            sum.sum(sum.sum() + other.sum()).count(sum.count() + other.count());
        }
    }

    @Test
    void shouldRefuseASessionThatIsOverAtOnce()
    {
        final IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, () -> start(readings ->
            readings.window(ProcessingTimeSessionWindows.withGap(Duration.ofMillis(1))).reduce(ReadingFlyweight.TYPE,
                (reduced, reading) -> reduced.value(reading.value())).map(SummaryFlyweight.TYPE, (reading, out) -> out.sum(1))));
        assertEquals("gap=PT0.001S of sessions of processing time is over when the record comes: 2 units of the pipeline's " +
            "time at least", thrown.getMessage());
    }

    @Test
    void shouldFireByATriggerOfProcessingTime()
    {
        try (Job job = start(readings -> sums(readings.window(GlobalWindows.create())
            .trigger(ContinuousProcessingTimeTrigger.of(Duration.ofMillis(10))))))
        {
            publish(1, 5);
            assertEquals(List.of(), at(job, 1_000_003));
            publish(1, 5);
            // The tick of its batch comes before the second record.
            assertEquals(List.of("1:5 of 1 " + Long.MAX_VALUE), at(job, 1_000_012));
            assertEquals(List.of("1:10 of 2 " + Long.MAX_VALUE), at(job, 1_000_020));
        }
    }

    /** Shows for how long a sensor was silent, whenever that is 10 milliseconds. */
    private static final class Silence implements KeyedProcessFunction<LongKey, Reading, SummaryFlyweight>
    {
        @Override
        public boolean usesProcessingTime()
        {
            return true;
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            context.timerService().registerProcessingTimeTimer(context.timerService().currentProcessingTime() + 10);
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            out.next().sensor(context.currentKey().value()).sum(timestamp).windowEnd(context.timerService().currentProcessingTime());
            out.emit();
        }
    }

    @Test
    void shouldCallTimersOfAFunction()
    {
        try (Job job = start(readings -> readings.process(SummaryFlyweight.TYPE, Silence::new)))
        {
            publish(1, 5);
            publish(2, 5);
            assertEquals(List.of(), at(job, 1_000_000));
            assertEquals(List.of(), at(job, 1_000_009));
            assertEquals(List.of("1:1000010 of 0 1000012", "2:1000010 of 0 1000012"), at(job, 1_000_012));
        }
    }

    @Test
    void shouldTakeTheTimeOfArrivalAsEventTime()
    {
        try (Job job = start(TimeUnit.MILLISECONDS, WatermarkStrategy.forIngestionTime(), readings ->
            readings.window(TumblingEventTimeWindows.of(Duration.ofMillis(10))).aggregate(
                SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.sum(sum.sum() + reading.value()).count(sum.count() + 1),
                (key, window, sum, out) ->
                    out.sensor(key.value()).sum(sum.sum()).count(sum.count()).windowEnd(window.end()))))
        {
            publish(1, 5);
            assertEquals(List.of(), at(job, 1_000_003));
            publish(1, 6);
            assertEquals(List.of(), at(job, 1_000_009));
            publish(1, 7);
            assertEquals(List.of("1:11 of 2 1000010"), at(job, 1_000_010));
        }
    }
}
