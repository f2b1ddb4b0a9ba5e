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
import io.millrace.operators.sink.CallbackSink;

import java.util.List;

/** Keeps three of four events, at random, and computes one field of each. */
final class FilterMap implements Workload.Definition
{
    private static final long KEYS = 100_000;

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

    private static boolean kept(final long value)
    {
        return (value & 3) != 0;
    }

    private static long product(final long key, final long value)
    {
        return key * 31 + value;
    }

    private static Program millrace(final Contender contender, final Input input, final Setting setting)
    {
        final MillracePipeline pipeline = new MillracePipeline("filter-map", contender, input, setting);
        final Checksum checksum = pipeline.checksum();
        final SingleOutputStream<Event> events = pipeline
            .source((number, out) ->
            {
                final long mixed = Events.mixed(number);
                out.time(Events.time(number, mixed)).key(Events.key(mixed, KEYS)).value(Events.value(mixed));
            });
        pipeline.behindSource(events.filter(event -> kept(event.value())))
            .map(MappedFlyweight.TYPE, (event, out) ->
                out.time(event.time()).key(event.key()).product(product(event.key(), event.value())))
            .sink(CallbackSink.of(mapped ->
                checksum.add(Checksum.mix(mapped.time(), mapped.key(), mapped.product()))));
        return pipeline.start();
    }

    /** The same by hand. */
    private static final class Loop extends LoopProgram
    {
        Loop(final Input input)
        {
            super(input);
        }

        @Override
        long generated(final long from, final long to)
        {
            long checksum = 0;
            for (long number = from; number < to; number++)
            {
                final long mixed = Events.mixed(number);
                final long key = Events.key(mixed, KEYS);
                final long value = Events.value(mixed);
                if (kept(value))
                {
                    checksum += Checksum.mix(Events.time(number, mixed), key, product(key, value));
                }
            }
            return checksum;
        }

        @Override
        long preloaded(final long from, final long to, final long shift)
        {
            long checksum = 0;
            for (long event = from; event < to; event += PreloadedEvents.LENGTH)
            {
                final long value = value(event);
                if (kept(value))
                {
                    final long key = key(event);
                    checksum += Checksum.mix(time(event) + shift, key, product(key, value));
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

    /** The same by hand, on a second thread. */
    private static final class Worker implements EventWorker
    {
        private long checksum;

        @Override
        public void onEvent(final MutableEvent event, final long sequence, final boolean endOfBatch)
        {
            final long value = event.value;
            if (kept(value))
            {
                checksum += Checksum.mix(event.time, event.key, product(event.key, value));
            }
        }

        @Override
        public long end()
        {
            return checksum;
        }
    }
}
