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
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;

import java.util.List;

/** Passes an event whose key has not passed for a second: a state of each key that passed, and a timer that clears it. */
final class Deduplication implements Workload.Definition
{
    private static final long KEYS = 100_000;
    private static final long HORIZON = 1_000;

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
        final MillracePipeline pipeline = new MillracePipeline("deduplication", contender, input, setting);
        final Checksum checksum = pipeline.checksum();
        final SingleOutputStream<Event> events = pipeline
            .source((number, out) ->
            {
                final long mixed = Events.mixed(number);
                out.time(Events.time(number, mixed)).key(Events.key(mixed, KEYS)).value(Events.value(mixed));
            });
        pipeline.behindSource(events.keyByLong(Event::key).process(EventFlyweight.TYPE, FirstOfASecond::new))
            .sink(CallbackSink.of(event -> checksum.add(Checksum.mix(event.key(), event.value()))));
        return pipeline.start();
    }

    private static final class FirstOfASecond implements KeyedProcessFunction<LongKey, Event, EventFlyweight>
    {
        private LongState passed;

        @Override
        public void open(final StateStore states)
        {
            passed = states.longValue("passed");
        }

        @Override
        public void processElement(
            final Event event, final KeyedContext<LongKey> context, final Collector<EventFlyweight> out)
        {
            if (passed.isEmpty())
            {
                passed.set(1);
                context.timerService().registerEventTimeTimer(event.time() + HORIZON);
                out.next().time(event.time()).key(event.key()).value(event.value());
                out.emit();
            }
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<EventFlyweight> out)
        {
            passed.clear();
        }
    }

    /** The same by hand. */
    private static final class Loop extends LoopProgram
    {
        private final KeyHorizons keyHorizons = new KeyHorizons(KEYS, HORIZON);
        private long maxTime = Long.MIN_VALUE;

        Loop(final Input input)
        {
            super(input);
        }

        @Override
        long generated(final long from, final long to)
        {
            final KeyHorizons horizons = keyHorizons;
            long checksum = 0;
            long max = maxTime;
            for (long number = from; number < to; number++)
            {
                final long mixed = Events.mixed(number);
                final long time = Events.time(number, mixed);
                final long key = Events.key(mixed, KEYS);
                if (horizons.passes(key, time))
                {
                    checksum += Checksum.mix(key, Events.value(mixed));
                }
                if (time > max)
                {
                    max = time;
                    if (time >= horizons.dueAt())
                    {
                        horizons.advanceWatermark(time);
                    }
                }
            }
            maxTime = max;
            return checksum;
        }

        @Override
        long preloaded(final long from, final long to, final long shift)
        {
            final KeyHorizons horizons = keyHorizons;
            long checksum = 0;
            long max = maxTime;
            for (long event = from; event < to; event += PreloadedEvents.LENGTH)
            {
                final long time = time(event) + shift;
                final long key = key(event);
                if (horizons.passes(key, time))
                {
                    checksum += Checksum.mix(key, value(event));
                }
                if (time > max)
                {
                    max = time;
                    if (time >= horizons.dueAt())
                    {
                        horizons.advanceWatermark(time);
                    }
                }
            }
            maxTime = max;
            return checksum;
        }

        @Override
        long end()
        {
            return 0;
        }
    }

    /** The same by hand, on a second thread. */
    private static final class Worker implements EventWorker
    {
        private final KeyHorizons horizons = new KeyHorizons(KEYS, HORIZON);
        private long maxTime = Long.MIN_VALUE;
        private long checksum;

        @Override
        public void onEvent(final MutableEvent event, final long sequence, final boolean endOfBatch)
        {
            final long time = event.time;
            if (horizons.passes(event.key, time))
            {
                checksum += Checksum.mix(event.key, event.value);
            }
            if (time > maxTime)
            {
                maxTime = time;
                if (time >= horizons.dueAt())
                {
                    horizons.advanceWatermark(time);
                }
            }
        }

        @Override
        public long end()
        {
            return checksum;
        }
    }
}
