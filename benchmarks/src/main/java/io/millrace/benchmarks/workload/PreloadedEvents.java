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

import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.StreamSource;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.RecordType;

/**
 * Events in off-heap memory, one behind the other, that are read as a ring: when all were read, they come again, later.
 * <pre>
 *   | time | key | value | time | key | value | ...
 * </pre>
 */
final class PreloadedEvents implements AutoCloseable
{
    static final int TIME_OFFSET = 0;
    static final int KEY_OFFSET = 8;
    static final int VALUE_OFFSET = 16;
    static final int LENGTH = 24;

    private final Region region;
    private final long capacity;

    PreloadedEvents(final long bytes, final long keys)
    {
        final long perSecond = 1000 * Events.PER_MILLISECOND;
        capacity = (bytes / LENGTH + perSecond - 1) / perSecond * perSecond;
        region = Region.allocate(new MemoryAccount("events", Long.MAX_VALUE), "events", capacity * LENGTH);
        for (long number = 0; number < capacity; number++)
        {
            final long address = region.address() + number * LENGTH;
            final long mixed = Events.mixed(number);
            Memory.putLong(address + TIME_OFFSET, Events.time(number, mixed));
            Memory.putLong(address + KEY_OFFSET, Events.key(mixed, keys));
            Memory.putLong(address + VALUE_OFFSET, Events.value(mixed));
        }
    }

    /** Address of an event, by its number. */
    long address(final long number)
    {
        return region.address() + number % capacity * LENGTH;
    }

    /** What is added to the time of an event, by its number. */
    long shift(final long number)
    {
        return number / capacity * (capacity / Events.PER_MILLISECOND);
    }

    /** Number of the event behind those that lie one behind the other from here. */
    long runEnd(final long number, final long end)
    {
        return Math.min(end, (number / capacity + 1) * capacity);
    }

    StreamSource<Event> source(final long count, final Progress progress)
    {
        final OperatorFactory<Source> factory = OperatorFactory.of(
            PreloadedSource.class, region.address(), capacity, capacity / Events.PER_MILLISECOND, count, progress);
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
    public void close()
    {
        region.close();
    }
}
