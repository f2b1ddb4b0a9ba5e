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
package io.millrace.checkpoint.store;

import io.millrace.checkpoint.files.AddressBuffer;
import io.millrace.memory.Memory;

/**
 * Layout of a block of a data file: one chunk, with everything that says where it belongs. Blocks follow each other
 * without gaps.
 * <pre>
 *    0               1               2               3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+   0
 *   |        CRC32C of the rest of the header and the payload       |
 *   +---------------------------------------------------------------+   4
 *   |        magic: delta or base                                   |
 *   +---------------------------------------------------------------+   8
 *   |        hash of the job's name                                 |
 *   |                                                               |
 *   +---------------------------------------------------------------+  16
 *   |        number in the file's name: checkpoint or base          |
 *   |                                                               |
 *   +---------------------------------------------------------------+  24
 *   |        block number, from 0                                   |
 *   |                                                               |
 *   +---------------------------------------------------------------+  32
 *   |        task id                                                |
 *   +---------------------------------------------------------------+  36
 *   |        length of the payload in bytes                         |
 *   +---------------------------------------------------------------+  40
 *   |        payload ...
 * </pre>
 */
final class BlockDescriptor
{
    static final int CHECKSUM_OFFSET = 0;
    static final int MAGIC_OFFSET = 4;
    static final int JOB_OFFSET = 8;
    static final int NUMBER_OFFSET = 16;
    static final int BLOCK_NUMBER_OFFSET = 24;
    static final int TASK_OFFSET = 32;
    static final int LENGTH_OFFSET = 36;
    static final int HEADER_LENGTH = 40;

    static final int MAGIC_DELTA = 0x4D524432;
    static final int MAGIC_BASE = 0x4D524232;

    /** The most bytes that a payload may have. */
    static final int MAX_PAYLOAD_LENGTH = 1 << 20;

    private BlockDescriptor()
    {
    }

    static void header(
        final long block,
        final int magic,
        final long job,
        final long number,
        final long blockNumber,
        final int task,
        final int length)
    {
        Memory.putInt(block + MAGIC_OFFSET, magic);
        Memory.putLong(block + JOB_OFFSET, job);
        Memory.putLong(block + NUMBER_OFFSET, number);
        Memory.putLong(block + BLOCK_NUMBER_OFFSET, blockNumber);
        Memory.putInt(block + TASK_OFFSET, task);
        Memory.putInt(block + LENGTH_OFFSET, length);
    }

    static void seal(final long block, final long payload, final AddressBuffer buffer)
    {
        Memory.putInt(block + CHECKSUM_OFFSET, computeChecksum(block, payload, buffer));
    }

    static int computeChecksum(final long block, final long payload, final AddressBuffer buffer)
    {
        return buffer.crc32c(block + MAGIC_OFFSET, HEADER_LENGTH - MAGIC_OFFSET, payload, length(block));
    }

    static int checksum(final long block)
    {
        return Memory.getInt(block + CHECKSUM_OFFSET);
    }

    static int magic(final long block)
    {
        return Memory.getInt(block + MAGIC_OFFSET);
    }

    static long job(final long block)
    {
        return Memory.getLong(block + JOB_OFFSET);
    }

    static long number(final long block)
    {
        return Memory.getLong(block + NUMBER_OFFSET);
    }

    static long blockNumber(final long block)
    {
        return Memory.getLong(block + BLOCK_NUMBER_OFFSET);
    }

    static int task(final long block)
    {
        return Memory.getInt(block + TASK_OFFSET);
    }

    static int length(final long block)
    {
        return Memory.getInt(block + LENGTH_OFFSET);
    }
}
