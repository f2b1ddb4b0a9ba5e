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

import io.millrace.operators.Pipeline;
import io.millrace.operators.TumblingEventTimeWindows;
import io.millrace.operators.sink.CallbackSink;

import java.time.Duration;
import java.util.List;

/** Counts and sums the values of each key in tumbling windows of a second. */
final class TumblingSum implements Workload.Definition
{
    private static final long KEYS = 10_000;
    private static final long SIZE = 1_000;

    @Override
    public long keys()
    {
        return KEYS;
    }

    @Override
    public List<Contender> contenders()
    {
        return List.of(Contender.LOOP, Contender.MILLRACE);
    }

    @Override
    public Program open(final Contender contender, final Input input)
    {
        return contender == Contender.LOOP ? new Loop(input) : millrace(contender, input);
    }

    private static Program millrace(final Contender contender, final Input input)
    {
        final Checksum checksum = new Checksum();
        final Pipeline pipeline = Pipeline.create("tumbling-sum");
        pipeline
            .source(input.source((number, out) ->
            {
                final long mixed = Events.mixed(number);
                out.time(Events.time(number, mixed)).key(Events.key(mixed, KEYS)).value(Events.value(mixed));
            }), MillraceProgram.watermarks(), "events")
            .keyByLong(Event::key)
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(SIZE)))
            .aggregate(WindowSumFlyweight.TYPE, WindowResultFlyweight.TYPE,
                (sum, event) -> sum.count(sum.count() + 1).sum(sum.sum() + event.value()),
                (key, window, sum, out) ->
                    out.key(key.value()).windowEnd(window.end()).count(sum.count()).sum(sum.sum()))
            .sink(CallbackSink.of(result -> checksum.add(
                Checksum.mix(result.key(), result.windowEnd(), result.count(), result.sum()))));
        return MillraceProgram.of(contender, input, pipeline, checksum);
    }

    /**
     * The same by hand. Disorder is less than a window, so that two windows are live at a time: one of an even number,
     * one of an odd number. A table that a late event would find taken or gone is the way to tell that it is late.
     */
    private static final class Loop extends LoopProgram
    {
        private final FlatWindow even = new FlatWindow();
        private final FlatWindow odd = new FlatWindow();
        private long maxTime = Long.MIN_VALUE;
        private long dueAt = Long.MIN_VALUE;
        private long watermark = Long.MIN_VALUE;
        private long dropped;

        Loop(final Input input)
        {
            super(input);
        }

        @Override
        long generated(final long from, final long to)
        {
            long checksum = 0;
            long max = maxTime;
            for (long number = from; number < to; number++)
            {
                final long mixed = Events.mixed(number);
                final long time = Events.time(number, mixed);
                final FlatWindow window = window(time);
                if (window != null)
                {
                    window.add(Events.key(mixed, KEYS), Events.value(mixed));
                }
                if (time > max)
                {
                    max = time;
                    if (time >= dueAt)
                    {
                        checksum += advanceWatermark(time);
                    }
                }
            }
            maxTime = max;
            return checksum;
        }

        @Override
        long preloaded(final long from, final long to, final long shift)
        {
            long checksum = 0;
            long max = maxTime;
            for (long event = from; event < to; event += PreloadedEvents.LENGTH)
            {
                final long time = time(event) + shift;
                final FlatWindow window = window(time);
                if (window != null)
                {
                    window.add(key(event), value(event));
                }
                if (time > max)
                {
                    max = time;
                    if (time >= dueAt)
                    {
                        checksum += advanceWatermark(time);
                    }
                }
            }
            maxTime = max;
            return checksum;
        }

        /** The window of a time, or null when it has been fired. */
        private FlatWindow window(final long time)
        {
            final long number = time / SIZE;
            final FlatWindow window = (number & 1) == 0 ? even : odd;
            return window.window() == number ? window : opened(window, number);
        }

        private FlatWindow opened(final FlatWindow window, final long number)
        {
            if ((number + 1) * SIZE - 1 <= watermark)
            {
                dropped++;
                return null;
            }
            window.open(number);
            return window;
        }

        private long advanceWatermark(final long time)
        {
            dueAt = time + Events.WATERMARK_STEP;
            watermark = time - Events.WATERMARK_LAG;
            return fire(even) + fire(odd);
        }

        private long fire(final FlatWindow window)
        {
            final long windowEnd = (window.window() + 1) * SIZE;
            return window.window() >= 0 && windowEnd - 1 <= watermark ? window.fire(windowEnd) : 0;
        }

        @Override
        long end()
        {
            if (dropped != 0)
            {
                throw new IllegalStateException("dropped=" + dropped + " events as late: none can be");
            }
            watermark = Long.MAX_VALUE;
            return fire(even) + fire(odd);
        }
    }
}
