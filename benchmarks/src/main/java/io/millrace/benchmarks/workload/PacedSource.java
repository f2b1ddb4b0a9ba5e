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

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.operator.StreamSource;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.Memory;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Emits the events that a {@link Pace} allows; the time of an event is when it was due. Isolated like every source: it
 * uses constants and public members only. Never ends.
 */
final class PacedSource implements Source
{
    private final Pace pace;
    private long next;

    /**
     * A source.
     *
     * @param pace of the events
     */
    PacedSource(final Pace pace)
    {
        this.pace = pace;
    }

    static StreamSource<Event> of(final Pace pace)
    {
        final OperatorFactory<Source> factory = OperatorFactory.of(PacedSource.class, pace);
        return new StreamSource<>()
        {
            @Override
            public RecordType<Event, ?> type()
            {
                return EventFlyweight.TYPE;
            }

            @Override
            public OperatorFactory<Source> factory()
            {
                return factory;
            }
        };
    }

    @Override
    public void open(final OperatorContext context)
    {
        next = 0;
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        final Pace pace = this.pace;
        final long first = next;
        final long end = Math.min(pace.allowed(), first + limit);
        output.nextCause(first);
        long number = first;
        while (number < end)
        {
            final long record = output.claim() + SlotDescriptor.HEADER_LENGTH;
            Memory.putLong(record + PreloadedEvents.TIME_OFFSET, pace.due(number));
            Memory.putLong(record + PreloadedEvents.KEY_OFFSET, pace.key(number));
            Memory.putLong(record + PreloadedEvents.VALUE_OFFSET, 1);
            number++;
            if (!output.commit())
            {
                break;
            }
        }
        next = number;
        pace.emitted(number);
        return (int)(number - first);
    }

    @Override
    public boolean finished()
    {
        return false;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(next);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        next = reader.getLong();
        pace.restored(next);
    }
}
