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
package io.millrace.operators.process;

import io.millrace.memory.Memory;

/**
 * Layout of a timer's entry in a queue.
 *
 * <pre>
 *   | timestamp 8 | sequence 8 | key |
 * </pre>
 */
public final class TimerEntry
{
    /** Offset of the key. */
    public static final int KEY_OFFSET = 2 * Long.BYTES;

    private TimerEntry()
    {
    }

    /**
     * Writes an entry.
     *
     * @param entry     its address
     * @param timestamp event time
     * @param sequence  number among those of its time
     * @param key       address of the key's bytes
     * @param keyLength bytes of the key
     */
    public static void write(
        final long entry, final long timestamp, final long sequence, final long key, final int keyLength)
    {
        Memory.putLong(entry, timestamp);
        Memory.putLong(entry + Long.BYTES, sequence);
        Memory.copyWords(key, entry + KEY_OFFSET, keyLength);
    }

    /**
     * Time of an entry.
     *
     * @param entry its address
     * @return event time
     */
    public static long timestamp(final long entry)
    {
        return Memory.getLong(entry);
    }

    /**
     * Number of an entry among those of its time.
     *
     * @param entry its address
     * @return the number
     */
    public static long sequence(final long entry)
    {
        return Memory.getLong(entry + Long.BYTES);
    }

    static boolean isBefore(final long timestamp, final long sequence, final long entry)
    {
        final long other = timestamp(entry);
        return timestamp < other || timestamp == other && sequence < sequence(entry);
    }
}
