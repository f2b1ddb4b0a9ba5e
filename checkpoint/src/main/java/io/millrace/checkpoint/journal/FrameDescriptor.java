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
package io.millrace.checkpoint.journal;

import io.millrace.checkpoint.files.AddressBuffer;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Layout of a frame: one document of the journal's queue. A frame starts on a multiple of 8 bytes of the queue's file.
 * <pre>
 *    0               1               2               3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+   0
 *   |        CRC32C of everything behind it, to the end             |
 *   +---------------------------------------------------------------+   4
 *   |        length of the frame in bytes, header included          |
 *   +---------------+---------------+-------------------------------+   8
 *   |     kind      |    version    |           reserved            |
 *   +---------------+---------------+-------------------------------+  12
 *   |                         incarnation                           |
 *   +---------------------------------------------------------------+  16
 *   |        frame number, dense over all incarnations              |
 *   |                                                               |
 *   +---------------------------------------------------------------+  24
 *   |                       record count                            |
 *   +---------------------------------------------------------------+  28
 *   |                         reserved                              |
 *   +---------------------------------------------------------------+  32
 *   |        last output identity: cause                            |
 *   |                                                               |
 *   +---------------------------------------------------------------+  40
 *   |        last output identity: ordinal                          |
 *   |                                                               |
 *   +---------------------------------------------------------------+  48
 *   |        the engine's clock for the whole frame                 |
 *   |                                                               |
 *   +---------------------------------------------------------------+  56
 *   |                         reserved                              |
 *   |                                                               |
 *   +---------------------------------------------------------------+  64
 *   |   slots: header of {@link SlotDescriptor}, payload, 0 to 7 zero bytes  ...
 * </pre>
 * In an input journal a slot's cause is {@code frame number << 16 | index}; in an output journal it is the cause of the
 * input, and the field of the ingress time holds the ordinal within that cause.
 */
final class FrameDescriptor
{
    static final int CHECKSUM_OFFSET = 0;
    static final int LENGTH_OFFSET = 4;
    static final int KIND_OFFSET = 8;
    static final int VERSION_OFFSET = 9;
    static final int INCARNATION_OFFSET = 12;
    static final int FRAME_NUMBER_OFFSET = 16;
    static final int RECORD_COUNT_OFFSET = 24;
    static final int LAST_CAUSE_OFFSET = 32;
    static final int LAST_ORDINAL_OFFSET = 40;
    static final int CLOCK_OFFSET = 48;
    static final int HEADER_LENGTH = 64;

    /** Slots and frames are aligned to this. */
    static final int ALIGNMENT = 8;
    static final int VERSION = 1;

    /** First frame of every incarnation: its one slot holds the schema's text in UTF-8. */
    static final byte KIND_SCHEMA = 1;
    static final byte KIND_DATA = 2;
    /** Nothing follows, ever. */
    static final byte KIND_END = 3;

    /** A block of the queue's file, which is the unit that it is mapped in. */
    static final int BLOCK_LENGTH = 4 << 20;
    /** A document must fit in what the queue maps behind a block, a quarter of it, with its padding and its header. */
    static final int MAX_FRAME_LENGTH = (BLOCK_LENGTH >> 2) - 64;

    private FrameDescriptor()
    {
    }

    static int length(final long frame)
    {
        return Memory.getInt(frame + LENGTH_OFFSET);
    }

    static byte kind(final long frame)
    {
        return Memory.getByte(frame + KIND_OFFSET);
    }

    static int incarnation(final long frame)
    {
        return Memory.getInt(frame + INCARNATION_OFFSET);
    }

    static long frameNumber(final long frame)
    {
        return Memory.getLong(frame + FRAME_NUMBER_OFFSET);
    }

    static int recordCount(final long frame)
    {
        return Memory.getInt(frame + RECORD_COUNT_OFFSET);
    }

    static long lastCause(final long frame)
    {
        return Memory.getLong(frame + LAST_CAUSE_OFFSET);
    }

    static long lastOrdinal(final long frame)
    {
        return Memory.getLong(frame + LAST_ORDINAL_OFFSET);
    }

    static long clock(final long frame)
    {
        return Memory.getLong(frame + CLOCK_OFFSET);
    }

    static int checksum(final long frame)
    {
        return Memory.getInt(frame + CHECKSUM_OFFSET);
    }

    static int slotLength(final int payloadLength)
    {
        return SlotDescriptor.slotLength(payloadLength, ALIGNMENT);
    }

    static void header(
        final long frame,
        final int length,
        final byte kind,
        final int incarnation,
        final long frameNumber,
        final int recordCount)
    {
        Memory.putInt(frame + LENGTH_OFFSET, length);
        Memory.putInt(frame + KIND_OFFSET, VERSION << 8 | kind);
        Memory.putInt(frame + INCARNATION_OFFSET, incarnation);
        Memory.putLong(frame + FRAME_NUMBER_OFFSET, frameNumber);
        Memory.putLong(frame + RECORD_COUNT_OFFSET, recordCount);
        Memory.putLong(frame + CLOCK_OFFSET + Long.BYTES, 0);
    }

    static void lastIdentity(final long frame, final long cause, final long ordinal)
    {
        Memory.putLong(frame + LAST_CAUSE_OFFSET, cause);
        Memory.putLong(frame + LAST_ORDINAL_OFFSET, ordinal);
    }

    static void clock(final long frame, final long clock)
    {
        Memory.putLong(frame + CLOCK_OFFSET, clock);
    }

    /** Last step before a frame is written. */
    static void seal(final long frame, final AddressBuffer buffer)
    {
        Memory.putInt(frame + CHECKSUM_OFFSET, computeChecksum(frame, buffer));
    }

    /**
     * What is wrong with a frame.
     *
     * @param frame       address of the document's frame
     * @param length      of the document, without its padding; 0 when it cannot be a frame's
     * @param incarnation that it must have
     * @param frameNumber that it must have
     * @param checksums   whether to verify its checksum
     * @return null when it is good
     */
    static String problem(
        final long frame,
        final int length,
        final int incarnation,
        final long frameNumber,
        final boolean checksums,
        final AddressBuffer buffer)
    {
        if (length == 0 || length(frame) != length)
        {
            return describe(incarnation, frameNumber, "does not fit its document");
        }
        if (checksums && checksum(frame) != computeChecksum(frame, buffer))
        {
            return describe(incarnation, frameNumber, "does not match its CRC32C");
        }
        if (incarnation(frame) != incarnation || frameNumber(frame) != frameNumber)
        {
            return describe(incarnation, frameNumber,
                "is not there, but frame=" + frameNumber(frame) + " of incarnation=" + incarnation(frame));
        }
        return null;
    }

    static String describe(final int incarnation, final long frameNumber, final String what)
    {
        return "frame=" + frameNumber + " of incarnation=" + incarnation + " " + what;
    }

    static int computeChecksum(final long frame, final AddressBuffer buffer)
    {
        return buffer.crc32c(frame + LENGTH_OFFSET, length(frame) - LENGTH_OFFSET);
    }
}
