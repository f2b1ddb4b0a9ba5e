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
import io.millrace.operators.sink.CallbackSink;

import java.util.List;

/**
 * Cuts each event into up to two parts, and puts out the largest part so far of a composite key. It has no hand-written
 * program: it is the pipeline that shares a JVM with others and has none of their operators.
 */
final class FlatMapMax implements Workload.Definition
{
    private static final long KEYS = 100;

    @Override
    public long keys()
    {
        return KEYS;
    }

    @Override
    public List<Contender> contenders()
    {
        return List.of(Contender.MILLRACE, Contender.EXCHANGED);
    }

    @Override
    public Program open(final Contender contender, final Input input, final Setting setting)
    {
        final MillracePipeline pipeline = new MillracePipeline("flat-map-max", contender, input, setting);
        final Checksum checksum = pipeline.checksum();
        final SingleOutputStream<Event> events = pipeline
            .source((number, out) ->
            {
                final long mixed = Events.mixed(number);
                out.time(Events.time(number, mixed)).key(Events.key(mixed, KEYS)).value(Events.value(mixed));
            });
        pipeline.behindSource(events.flatMap(EventFlyweight.TYPE, FlatMapMax::cut))
            .keyByComposite((event, key) -> key.putLong(event.key()).putLong(event.value() & 15))
            .maxLong(EventFlyweight.TYPE, Event::value, (event, value) -> event.value(value))
            .sink(CallbackSink.of(event -> checksum.add(Checksum.mix(event.key(), event.value()))));
        return pipeline.start();
    }

    private static void cut(final Event event, final Collector<EventFlyweight> out)
    {
        out.next().time(event.time()).key(event.key()).value(event.value() & 0xFF);
        out.emit();
        if ((event.value() & 1) == 0)
        {
            out.next().time(event.time()).key(event.key()).value(event.value() >>> 8);
            out.emit();
        }
    }
}
