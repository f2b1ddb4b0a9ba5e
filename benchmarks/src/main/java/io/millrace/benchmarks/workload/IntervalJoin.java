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
import io.millrace.operators.function.LongKey;
import io.millrace.operators.sink.CallbackSink;

import java.time.Duration;
import java.util.List;

/**
 * Joins events of even value with those of odd value whose times are at most 50 ms apart: about one partner for each event.
 */
final class IntervalJoin implements Workload.Definition
{
    private static final long KEYS = 10_000;
    private static final long DISTANCE = 50;

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
        final MillracePipeline pipeline = new MillracePipeline("interval-join", contender, input, setting);
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
            .intervalJoin(Duration.ofMillis(-DISTANCE), Duration.ofMillis(DISTANCE))
            .process(JoinedPairFlyweight.TYPE, (left, right, out) ->
                out.key(left.key()).time(Math.max(left.time(), right.time())).left(left.value()).right(right.value()))
            .sink(CallbackSink.of(pair -> checksum.add(
                Checksum.mix(pair.key(), pair.time(), pair.left(), pair.right()))));
        return pipeline.start();
    }

    /**
     * The same by hand. What is further back than the disorder lets partners be is forgotten, when its key is next met.
     */
    private static final class Loop extends LoopProgram
    {
        private final RecentEvents lefts = new RecentEvents((int)KEYS);
        private final RecentEvents rights = new RecentEvents((int)KEYS);
        private long maxTime = Long.MIN_VALUE;

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
                max = Math.max(max, time);
                checksum += add((int)Events.key(mixed, KEYS), time, Events.value(mixed), max);
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
                max = Math.max(max, time);
                checksum += add((int)key(event), time, value(event), max);
            }
            maxTime = max;
            return checksum;
        }

        private long add(final int key, final long time, final long value, final long max)
        {
            final boolean left = (value & 1) == 0;
            (left ? lefts : rights).add(key, time, value);
            final RecentEvents others = left ? rights : lefts;
            others.forget(key, max - Events.DISORDER - DISTANCE);
            final long[] events = others.events(key);
            final int end = others.end(key);
            long checksum = 0;
            for (int i = others.start(key); i < end; i += 2)
            {
                if (Math.abs(events[i] - time) <= DISTANCE)
                {
                    final long later = Math.max(events[i], time);
                    checksum += left ? Checksum.mix(key, later, value, events[i + 1]) :
                        Checksum.mix(key, later, events[i + 1], value);
                }
            }
            return checksum;
        }

        @Override
        long end()
        {
            return 0;
        }
    }
}
