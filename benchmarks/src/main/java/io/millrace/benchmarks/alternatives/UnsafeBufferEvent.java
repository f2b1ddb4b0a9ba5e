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
package io.millrace.benchmarks.alternatives;

import org.agrona.concurrent.UnsafeBuffer;

/** A flyweight over Agrona's buffer, which checks bounds at every access unless it is told not to. */
public final class UnsafeBufferEvent
{
    private static final int TIME_OFFSET = 0;
    private static final int KEY_OFFSET = 8;
    private static final int VALUE_OFFSET = 16;

    private UnsafeBuffer buffer;
    private int offset;

    /**
     * Puts the flyweight over an event.
     *
     * @param events buffer that the event lies in
     * @param index  of the event's first byte
     */
    public void wrap(final UnsafeBuffer events, final int index)
    {
        buffer = events;
        offset = index;
    }

    /**
     * Writes an event.
     *
     * @param time  of the event
     * @param key   of the event
     * @param value of the event
     */
    public void set(final long time, final long key, final long value)
    {
        buffer.putLong(offset + TIME_OFFSET, time);
        buffer.putLong(offset + KEY_OFFSET, key);
        buffer.putLong(offset + VALUE_OFFSET, value);
    }

    /**
     * Reads the event.
     *
     * @return sum of its fields
     */
    public long sum()
    {
        return buffer.getLong(offset + TIME_OFFSET) + buffer.getLong(offset + KEY_OFFSET) +
            buffer.getLong(offset + VALUE_OFFSET);
    }
}
