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

import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.SlidingEventTimeWindows;
import io.millrace.operators.function.InvertibleAggregateFunction;
import io.millrace.operators.sink.CallbackSink;

import java.time.Duration;
import java.util.List;

/** Counts and sums the values of each key in windows of ten seconds that begin every second. */
final class SlidingSum implements Workload.Definition
{
    private static final long KEYS = 1_000;
    private static final long SIZE = 10_000;
    private static final long SLIDE = 1_000;

    @Override
    public long keys()
    {
        return KEYS;
    }

    @Override
    public List<Contender> contenders()
    {
        return List.of(Contender.LOOP, Contender.MILLRACE, Contender.CHECKPOINTED, Contender.DISRUPTOR,
            Contender.EXCHANGED);
    }

    @Override
    public Program open(final Contender contender, final Input input, final Setting setting)
    {
        return switch (contender)
        {
            case LOOP -> new Loop(input);
            case DISRUPTOR -> new DisruptorProgram(input, setting, KEYS, new Worker());
            default -> millrace(contender, input, setting);
        };
    }

    private static Program millrace(final Contender contender, final Input input, final Setting setting)
    {
        final MillracePipeline pipeline = new MillracePipeline("sliding-sum", contender, input, setting);
        final Checksum checksum = pipeline.checksum();
        final SingleOutputStream<Event> events = pipeline
            .source((number, out) ->
            {
                final long mixed = Events.mixed(number);
                out.time(Events.time(number, mixed)).key(Events.key(mixed, KEYS)).value(Events.value(mixed));
            });
        pipeline.behindSource(events.keyByLong(Event::key)
            .window(SlidingEventTimeWindows.of(Duration.ofMillis(SIZE), Duration.ofMillis(SLIDE)))
            .aggregate(WindowSumFlyweight.TYPE, WindowResultFlyweight.TYPE, new Sum(),
                (key, window, sum, out) ->
                    out.key(key.value()).windowEnd(window.end()).count(sum.count()).sum(sum.sum())))
            .sink(CallbackSink.of(result -> checksum.add(
                Checksum.mix(result.key(), result.windowEnd(), result.count(), result.sum()))));
        return pipeline.start();
    }

    private static SlidingSlices slices()
    {
        return new SlidingSlices(SIZE, SLIDE);
    }

    /** Count and sum. */
    private static final class Sum implements InvertibleAggregateFunction<Event, WindowSum, WindowSumFlyweight>
    {
        @Override
        public void add(final WindowSumFlyweight sum, final Event event)
        {
            sum.count(sum.count() + 1).sum(sum.sum() + event.value());
        }

        @Override
        public void merge(final WindowSumFlyweight sum, final WindowSum other)
        {
            sum.count(sum.count() + other.count()).sum(sum.sum() + other.sum());
        }

        @Override
        public void deduct(final WindowSumFlyweight sum, final WindowSum other)
        {
            sum.count(sum.count() - other.count()).sum(sum.sum() - other.sum());
        }
    }

    /** The same by hand. */
    private static final class Loop extends LoopProgram
    {
        private final SlidingSlices openSlices = slices();
        private long maxTime = Long.MIN_VALUE;

        Loop(final Input input)
        {
            super(input);
        }

        @Override
        long generated(final long from, final long to)
        {
            final SlidingSlices slices = openSlices;
            long checksum = 0;
            long max = maxTime;
            for (long number = from; number < to; number++)
            {
                final long mixed = Events.mixed(number);
                final long time = Events.time(number, mixed);
                slices.add(time, Events.key(mixed, KEYS), Events.value(mixed));
                if (time > max)
                {
                    max = time;
                    if (time >= slices.dueAt())
                    {
                        checksum += slices.advanceWatermark(time);
                    }
                }
            }
            maxTime = max;
            return checksum;
        }

        @Override
        long preloaded(final long from, final long to, final long shift)
        {
            final SlidingSlices slices = openSlices;
            long checksum = 0;
            long max = maxTime;
            for (long event = from; event < to; event += PreloadedEvents.LENGTH)
            {
                final long time = time(event) + shift;
                slices.add(time, key(event), value(event));
                if (time > max)
                {
                    max = time;
                    if (time >= slices.dueAt())
                    {
                        checksum += slices.advanceWatermark(time);
                    }
                }
            }
            maxTime = max;
            return checksum;
        }

        @Override
        long end()
        {
            return openSlices.end();
        }
    }

    /** The same by hand, on a second thread. */
    private static final class Worker implements EventWorker
    {
        private final SlidingSlices slices = slices();
        private long maxTime = Long.MIN_VALUE;
        private long checksum;

        @Override
        public void onEvent(final MutableEvent event, final long sequence, final boolean endOfBatch)
        {
            final long time = event.time;
            slices.add(time, event.key, event.value);
            if (time > maxTime)
            {
                maxTime = time;
                if (time >= slices.dueAt())
                {
                    checksum += slices.advanceWatermark(time);
                }
            }
        }

        @Override
        public long end()
        {
            checksum += slices.end();
            return checksum;
        }
    }
}
