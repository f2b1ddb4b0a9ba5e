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
package io.millrace.memory.record;

import io.millrace.memory.Memory;

/**
 * Layout of a slot: the unit of a ring and of a chain's hot slot. A record lies behind its header, and may span several
 * slots.
 * <pre>
 *    0               1               2               3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+   0
 *   |     kind      |     flags     |           reserved            |
 *   +---------------+---------------+-------------------------------+   4
 *   |                 length of the payload in bytes                |
 *   +---------------------------------------------------------------+   8
 *   |                event timestamp (or control value)             |
 *   |                                                               |
 *   +---------------------------------------------------------------+  16
 *   |      cause: ingress batch &lt;&lt; 16 | index in the batch          |
 *   |                                                               |
 *   +---------------------------------------------------------------+  24
 *   |                  ingress time in nanoseconds                  |
 *   |                                                               |
 *   +---------------------------------------------------------------+  32
 *   |                          payload ...                         ...
 * </pre>
 */
public final class SlotDescriptor
{
    /** Offset of the kind, a byte. */
    public static final int KIND_OFFSET = 0;
    /** Offset of the flags, a byte. */
    public static final int FLAGS_OFFSET = 1;
    /** Offset of the payload's length, an int. */
    public static final int LENGTH_OFFSET = 4;
    /** Offset of the event timestamp, a long; the watermark or checkpoint id of a control slot. */
    public static final int TIMESTAMP_OFFSET = 8;
    /** Offset of the cause, a long. */
    public static final int CAUSE_OFFSET = 16;
    /** Offset of the ingress time, a long of {@code System.nanoTime()}. */
    public static final int INGRESS_TIME_OFFSET = 24;
    /** Length of the header; the payload starts here. */
    public static final int HEADER_LENGTH = 32;

    /** Slot of a record. */
    public static final byte KIND_DATA = 1;
    /** Slot that says: no more records at or before its timestamp on this channel. */
    public static final byte KIND_WATERMARK = 2;
    /** Slot that says: the checkpoint whose id its timestamp field holds is between what was before and what comes. */
    public static final byte KIND_BARRIER = 3;
    /** Slot that says: do not wait for this channel's watermark. */
    public static final byte KIND_IDLE = 4;
    /** Slot that says: this channel's watermark counts again. */
    public static final byte KIND_ACTIVE = 5;
    /** Slot that says: nothing will follow. */
    public static final byte KIND_END_OF_STREAM = 6;
    /** Slot that is skipped: a record that spans several slots does not wrap around the end of the ring. */
    public static final byte KIND_PADDING = 7;
    /** Slot that carries the engine's clock. */
    public static final byte KIND_TICK = 8;

    /** Event timestamp of a record that has none: it is not later than any watermark. */
    public static final long NO_TIMESTAMP = Long.MIN_VALUE;

    /** Bits of a cause that count records within an ingress batch. */
    public static final int CAUSE_INDEX_BITS = 16;
    /** The most records that one ingress batch may have. */
    public static final int MAX_BATCH_RECORDS = (1 << CAUSE_INDEX_BITS) - 1;

    private SlotDescriptor()
    {
    }

    /**
     * @param payloadLength in bytes
     * @param alignment     a power of two
     * @return bytes that a slot needs for the header and a payload, rounded up
     */
    public static int slotLength(final int payloadLength, final int alignment)
    {
        return HEADER_LENGTH + payloadLength + alignment - 1 & -alignment;
    }

    /**
     * Writes kind (flags and reserved become 0) and length in one store.
     *
     * @param slot   address of the slot
     * @param kind   one of the constants here
     * @param length of the payload in bytes
     */
    public static void kindAndLength(final long slot, final byte kind, final int length)
    {
        Memory.putLong(slot, (long)length << 32 | kind & 0xFF);
    }

    public static byte kind(final long slot)
    {
        return Memory.getByte(slot + KIND_OFFSET);
    }

    public static int length(final long slot)
    {
        return Memory.getInt(slot + LENGTH_OFFSET);
    }

    public static long timestamp(final long slot)
    {
        return Memory.getLong(slot + TIMESTAMP_OFFSET);
    }

    public static void timestamp(final long slot, final long timestamp)
    {
        Memory.putLong(slot + TIMESTAMP_OFFSET, timestamp);
    }

    public static long cause(final long slot)
    {
        return Memory.getLong(slot + CAUSE_OFFSET);
    }

    public static void cause(final long slot, final long cause)
    {
        Memory.putLong(slot + CAUSE_OFFSET, cause);
    }

    public static long ingressTime(final long slot)
    {
        return Memory.getLong(slot + INGRESS_TIME_OFFSET);
    }

    public static void ingressTime(final long slot, final long nanos)
    {
        Memory.putLong(slot + INGRESS_TIME_OFFSET, nanos);
    }

    /**
     * Copies timestamp, cause and ingress time: what an output inherits from the input that caused it.
     *
     * @param from address of the input's slot
     * @param to   address of the output's slot
     */
    public static void inherit(final long from, final long to)
    {
        Memory.putLong(to + TIMESTAMP_OFFSET, Memory.getLong(from + TIMESTAMP_OFFSET));
        Memory.putLong(to + CAUSE_OFFSET, Memory.getLong(from + CAUSE_OFFSET));
        Memory.putLong(to + INGRESS_TIME_OFFSET, Memory.getLong(from + INGRESS_TIME_OFFSET));
    }

    /**
     * Whether two records are the same, byte for byte, whatever their headers say else.
     *
     * @param left  address of a slot with a record
     * @param right address of another one
     * @return true when their lengths and payloads are equal
     */
    public static boolean samePayload(final long left, final long right)
    {
        final int length = length(left);
        if (length(right) != length)
        {
            return false;
        }
        final long end = (long)HEADER_LENGTH + length;
        for (long offset = HEADER_LENGTH; offset < end; offset++)
        {
            if (Memory.getByte(left + offset) != Memory.getByte(right + offset))
            {
                return false;
            }
        }
        return true;
    }
}
