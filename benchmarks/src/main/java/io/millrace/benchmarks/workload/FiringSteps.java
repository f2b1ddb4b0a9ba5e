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
package io.millrace.benchmarks.workload;

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.EventTimeSessionWindows;
import io.millrace.operators.KeyedStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.SlidingEventTimeWindows;
import io.millrace.operators.TumblingEventTimeWindows;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.HdrHistogram.Histogram;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The steps of a task while a watermark closes many windows, or makes many timers due, at once: as long as one step takes,
 * other tasks of its thread wait. The job is stepped by the caller. In each round every key has one event, then the first
 * event of the next round brings the watermark.
 */
public final class FiringSteps implements AutoCloseable
{
    private static final long HIGHEST = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;
    private static final long ROUND_MILLIS = 10_000;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final WindowFunction<LongKey, WindowSum, WindowResultFlyweight> RESULT =
        (key, window, sum, out) -> out.key(key.value()).windowEnd(window.end()).sum(sum.sum());

    private final long keys;
    private final Job job;
    private final Histogram steps = new Histogram(HIGHEST, DIGITS);
    private long results;
    private long round;

    /** What fires. */
    public enum Kind
    {
        /** A tumbling window of each key. */
        TUMBLING,
        /** Two sliding windows of each key. */
        SLIDING,
        /** A session of each key. */
        SESSION,
        /** A timer of each key. */
        TIMER
    }

    /**
     * Starts the job.
     *
     * @param kind of what fires
     * @param keys that it fires for at once
     */
    public FiringSteps(final Kind kind, final long keys)
    {
        this.keys = keys;
        final Pipeline pipeline = Pipeline.create("firing");
        final KeyedStream<LongKey, Event> events = pipeline
            .source(Generator.of(EventFlyweight.TYPE, Long.MAX_VALUE, (number, out) -> out
                .time(number / keys * ROUND_MILLIS).key(number % keys).value(1)),
                WatermarkStrategy.forMonotonousTimestamps(), "events")
            .keyByLong(Event::key);
        fired(kind, events).sink(CallbackSink.of(result -> results++));
        job = pipeline.start(new JobConfig().threading(ThreadingMode.INVOKER));
    }

    private static SingleOutputStream<?> fired(final Kind kind, final KeyedStream<LongKey, Event> events)
    {
        return switch (kind)
        {
            case TUMBLING -> events.window(TumblingEventTimeWindows.of(SECOND))
                .aggregate(WindowSumFlyweight.TYPE, WindowResultFlyweight.TYPE, new Sum(), RESULT);
            case SLIDING -> events.window(SlidingEventTimeWindows.of(SECOND.multipliedBy(2), SECOND))
                .aggregate(WindowSumFlyweight.TYPE, WindowResultFlyweight.TYPE, new Sum(), RESULT);
            case SESSION -> events.window(EventTimeSessionWindows.withGap(SECOND))
                .aggregate(WindowSumFlyweight.TYPE, WindowResultFlyweight.TYPE, new Sum(), RESULT);
            case TIMER -> events.process(EventFlyweight.TYPE, TimerOfASecond::new);
        };
    }

    /** What a window comes to. */
    private static final class Sum implements AggregateFunction<Event, WindowSum, WindowSumFlyweight>
    {
        @Override
        public void add(final WindowSumFlyweight sum, final Event event)
        {
            sum.sum(sum.sum() + event.value());
        }

        @Override
        public void merge(final WindowSumFlyweight sum, final WindowSum other)
        {
            sum.sum(sum.sum() + other.sum());
        }
    }

    private static final class TimerOfASecond implements KeyedProcessFunction<LongKey, Event, EventFlyweight>
    {
        @Override
        public void processElement(
            final Event event, final KeyedContext<LongKey> context, final Collector<EventFlyweight> out)
        {
            context.timerService().registerEventTimeTimer(event.time() + 1_000);
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<EventFlyweight> out)
        {
            out.next().time(timestamp).key(context.currentKey().value());
            out.emit();
        }
    }

    /**
     * Brings an event of each key in, then steps until all that they began has fired.
     *
     * @param record whether the steps count in which something fires, and the one behind
     */
    public void round(final boolean record)
    {
        round++;
        final long before = results;
        long last = before;
        boolean firing = false;
        boolean done = false;
        while (!done)
        {
            final long start = System.nanoTime();
            final int work = job.doWork();
            final long nanos = System.nanoTime() - start;
            if (work == 0 && job.status() != JobStatus.RUNNING)
            {
                throw new IllegalStateException("the job ended while it was measured", job.failure());
            }
            done = firing && results == last;
            firing |= results != last;
            last = results;
            if (firing && record)
            {
                steps.recordValue(Math.min(HIGHEST, nanos));
            }
        }
        if ((results - before) % keys != 0)
        {
            throw new IllegalStateException("results=" + (results - before) + " of keys=" + keys + " in round=" + round);
        }
    }

    /**
     * How long the steps took in which something fired.
     *
     * @return nanoseconds
     */
    public Histogram steps()
    {
        return steps;
    }

    @Override
    public void close()
    {
        job.close();
    }
}
