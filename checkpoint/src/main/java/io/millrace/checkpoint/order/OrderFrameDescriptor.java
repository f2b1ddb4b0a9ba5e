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
package io.millrace.checkpoint.order;

import io.millrace.checkpoint.files.AddressBuffer;
import io.millrace.memory.Memory;

/**
 * Layout of a frame of the order log: the entries of one flush, or a part of them.
 * <pre>
 *   0        4        8                16               24               32       36       40
 *   +--------+--------+----------------+----------------+----------------+--------+--------+----------
 *   | CRC32C | length | number of file | first batch    | hash of plan   | entries| 0      | runs ...
 *   +--------+--------+----------------+----------------+----------------+--------+--------+----------
 *     of all behind it  header included
 *
 *   run   entries - 1 | kind | source + 1 | count | value | clock - clock of the run before
 *         varint        byte   varint       varint  zigzag  zigzag varint
 * </pre>
 * A run is consecutive batches that differ in nothing. Varints have 7 bits a byte, the lowest first, the high bit set in
 * all but the last. The clock before a frame's first run is 0.
 */
final class OrderFrameDescriptor
{
    static final int HEADER_LENGTH = 40;
    /** The most bytes of a run: four varints of 10 bytes at most, one of 5, and the kind. */
    static final int MAX_RUN_LENGTH = 46;
    static final int MAX_FRAME_LENGTH = 1 << 16;

    private static final int CHECKSUM_OFFSET = 0;
    private static final int LENGTH_OFFSET = 4;
    private static final int FILE_OFFSET = 8;
    private static final int FIRST_BATCH_OFFSET = 16;
    private static final int PLAN_OFFSET = 24;
    private static final int ENTRIES_OFFSET = 32;

    private OrderFrameDescriptor()
    {
    }

    static int length(final long frame)
    {
        return Memory.getInt(frame + LENGTH_OFFSET);
    }

    static long file(final long frame)
    {
        return Memory.getLong(frame + FILE_OFFSET);
    }

    static long firstBatch(final long frame)
    {
        return Memory.getLong(frame + FIRST_BATCH_OFFSET);
    }

    static long plan(final long frame)
    {
        return Memory.getLong(frame + PLAN_OFFSET);
    }

    static int entries(final long frame)
    {
        return Memory.getInt(frame + ENTRIES_OFFSET);
    }

    static boolean isWhole(final long frame, final AddressBuffer buffer)
    {
        return Memory.getInt(frame + CHECKSUM_OFFSET) == checksum(frame, buffer);
    }

    /** Writes the header, when the runs are there. */
    static void seal(
        final long frame,
        final int length,
        final long file,
        final long firstBatch,
        final long plan,
        final int entries,
        final AddressBuffer buffer)
    {
        Memory.putInt(frame + LENGTH_OFFSET, length);
        Memory.putLong(frame + FILE_OFFSET, file);
        Memory.putLong(frame + FIRST_BATCH_OFFSET, firstBatch);
        Memory.putLong(frame + PLAN_OFFSET, plan);
        Memory.putLong(frame + ENTRIES_OFFSET, entries);
        Memory.putInt(frame + CHECKSUM_OFFSET, checksum(frame, buffer));
    }

    private static int checksum(final long frame, final AddressBuffer buffer)
    {
        return buffer.crc32c(frame + LENGTH_OFFSET, length(frame) - LENGTH_OFFSET);
    }
}
