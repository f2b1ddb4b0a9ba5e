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

import io.millrace.operators.KeyedStream;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.TumblingEventTimeWindows;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.sink.CallbackSink;

import java.time.Duration;
import java.util.List;

/**
 * Joins events of even value with those of odd value in tumbling windows of 100 ms: about one of each for a key and window.
 */
final class WindowJoin implements Workload.Definition
{
    private static final long KEYS = 10_000;
    private static final long SIZE = 100;

    @Override
    public long keys()
    {
        return KEYS;
    }

    @Override
    public List<Contender> contenders()
    {
        return List.of(Contender.LOOP, Contender.MILLRACE, Contender.CHECKPOINTED);
    }

    @Override
    public Program open(final Contender contender, final Input input, final Setting setting)
    {
        return contender == Contender.LOOP ? new Loop(input) : millrace(contender, input, setting);
    }

    private static Program millrace(final Contender contender, final Input input, final Setting setting)
    {
        final MillracePipeline pipeline = new MillracePipeline("window-join", contender, input, setting);
        final Checksum checksum = pipeline.checksum();
        final SingleOutputStream<Event> events = pipeline
            .source((number, out) ->
            {
                final long mixed = Events.mixed(number);
                out.time(Events.time(number, mixed)).key(Events.key(mixed, KEYS)).value(Events.value(mixed));
            });
        final KeyedStream<LongKey, Event> lefts =
            events.filter(event -> (event.value() & 1) == 0).name("lefts").keyByLong(Event::key);
        final KeyedStream<LongKey, Event> rights =
            events.filter(event -> (event.value() & 1) == 1).name("rights").keyByLong(Event::key);
        lefts.connect(rights)
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(SIZE)))
            .join(JoinedPairFlyweight.TYPE, (key, window, left, right, out) ->
                out.key(key.value()).time(window.end()).left(left.value()).right(right.value()))
            .sink(CallbackSink.of(pair -> checksum.add(
                Checksum.mix(pair.key(), pair.time(), pair.left(), pair.right()))));
        return pipeline.start();
    }

    /** The same by hand. */
    private static final class Loop extends LoopProgram
    {
        private final OpenPairs windows = new OpenPairs(SIZE);
        private long maxTime = Long.MIN_VALUE;

        Loop(final Input input)
        {
            super(input);
        }

        @Override
        long generated(final long from, final long to)
        {
            final OpenPairs windows = this.windows;
            long checksum = 0;
            long max = maxTime;
            for (long number = from; number < to; number++)
            {
                final long mixed = Events.mixed(number);
                final long time = Events.time(number, mixed);
                final long value = Events.value(mixed);
                windows.add(time, Events.key(mixed, KEYS), (int)value & 1, value);
                if (time > max)
                {
                    max = time;
                    if (time >= windows.dueAt())
                    {
                        checksum += windows.advanceWatermark(time);
                    }
                }
            }
            maxTime = max;
            return checksum;
        }

        @Override
        long preloaded(final long from, final long to, final long shift)
        {
            final OpenPairs windows = this.windows;
            long checksum = 0;
            long max = maxTime;
            for (long event = from; event < to; event += PreloadedEvents.LENGTH)
            {
                final long time = time(event) + shift;
                final long value = value(event);
                windows.add(time, key(event), (int)value & 1, value);
                if (time > max)
                {
                    max = time;
                    if (time >= windows.dueAt())
                    {
                        checksum += windows.advanceWatermark(time);
                    }
                }
            }
            maxTime = max;
            return checksum;
        }

        @Override
        long end()
        {
            return windows.end();
        }
    }
}
