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
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.sink.CallbackSink;

import java.time.Duration;
import java.util.List;

/**
 * Finds three kinds of events of a key one after the other within a second, whatever comes between. An event in eight is of
 * each kind, so a key has two or three of each in a second, and about as many sequences.
 */
final class ThreeInOrder implements Workload.Definition
{
    private static final long KEYS = 10_000;
    private static final long WITHIN = 1_000;
    private static final Pattern<Event> PATTERN = Pattern
        .<Event>begin("first").where(event -> kind(event) == 0)
        .followedBy("second").where(event -> kind(event) == 1)
        .followedBy("third").where(event -> kind(event) == 2)
        .within(Duration.ofMillis(WITHIN));

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
        final MillracePipeline pipeline = new MillracePipeline("three-in-order", contender, input, setting);
        final Checksum checksum = pipeline.checksum();
        final SingleOutputStream<Event> events = pipeline
            .source((number, out) ->
            {
                final long mixed = Events.mixed(number);
                out.time(Events.time(number, mixed)).key(Events.key(mixed, KEYS)).value(Events.value(mixed));
            });
        pipeline.behindSource(events.keyByLong(Event::key)
            .pattern(PATTERN)
            .select(SequenceFlyweight.TYPE, (match, out) -> out
                .key(match.events("first").get(0).key())
                .first(match.events("first").get(0).value())
                .second(match.events("second").get(0).value())
                .third(match.events("third").get(0).value())))
            .sink(CallbackSink.of(sequence -> checksum.add(
                KeySequences.mix(sequence.key(), sequence.first(), sequence.second(), sequence.third()))));
        return pipeline.start();
    }

    private static long kind(final Event event)
    {
        return event.value() >>> KeySequences.KIND_SHIFT;
    }

    /** The same by hand. */
    private static final class Loop extends LoopProgram
    {
        private final KeySequences sequences = new KeySequences((int)KEYS, WITHIN);
        private long maxTime = Long.MIN_VALUE;

        Loop(final Input input)
        {
            super(input);
        }

        @Override
        long generated(final long from, final long to)
        {
            final KeySequences waiting = sequences;
            long checksum = 0;
            long max = maxTime;
            for (long number = from; number < to; number++)
            {
                final long mixed = Events.mixed(number);
                final long time = Events.time(number, mixed);
                waiting.add(time, Events.key(mixed, KEYS), Events.value(mixed));
                if (time > max)
                {
                    max = time;
                    if (time >= waiting.dueAt())
                    {
                        checksum += waiting.advanceWatermark(time);
                    }
                }
            }
            maxTime = max;
            return checksum;
        }

        @Override
        long preloaded(final long from, final long to, final long shift)
        {
            final KeySequences waiting = sequences;
            long checksum = 0;
            long max = maxTime;
            for (long event = from; event < to; event += PreloadedEvents.LENGTH)
            {
                final long time = time(event) + shift;
                waiting.add(time, key(event), value(event));
                if (time > max)
                {
                    max = time;
                    if (time >= waiting.dueAt())
                    {
                        checksum += waiting.advanceWatermark(time);
                    }
                }
            }
            maxTime = max;
            return checksum;
        }

        @Override
        long end()
        {
            return sequences.end();
        }
    }

    /** The same by hand, on a second thread. */
    private static final class Worker implements EventWorker
    {
        private final KeySequences sequences = new KeySequences((int)KEYS, WITHIN);
        private long maxTime = Long.MIN_VALUE;
        private long checksum;

        @Override
        public void onEvent(final MutableEvent event, final long sequence, final boolean endOfBatch)
        {
            final long time = event.time;
            sequences.add(time, event.key, event.value);
            if (time > maxTime)
            {
                maxTime = time;
                if (time >= sequences.dueAt())
                {
                    checksum += sequences.advanceWatermark(time);
                }
            }
        }

        @Override
        public long end()
        {
            checksum += sequences.end();
            return checksum;
        }
    }
}
