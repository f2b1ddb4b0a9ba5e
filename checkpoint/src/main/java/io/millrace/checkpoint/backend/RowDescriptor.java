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
package io.millrace.checkpoint.backend;

import io.millrace.memory.Memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Layout of the key that a row has in a library.
 * <pre>
 *   RocksDB, whose order of bytes is the canonical order then:
 *
 *    0                   8                   16
 *   +-------------------+-------------------+---------------------+
 *   | slice, sign bit   | hash, big-endian  | key bytes ...       |
 *   | flipped, big-end. |                   |                     |
 *   +-------------------+-------------------+---------------------+
 *
 *   Chronicle Map, which has no order:
 *
 *    0                   8
 *   +-------------------+---------------------+
 *   | slice,            | key bytes ...       |
 *   | little-endian     |                     |
 *   +-------------------+---------------------+
 *
 *   slice: start of the window slice; 0 in a state that has none
 * </pre>
 */
final class RowDescriptor
{
    static final int SLICE_OFFSET = 0;
    static final int SLICE_LENGTH = 8;

    /** Of the hash in an ordered row. */
    static final int HASH_OFFSET = 8;
    /** Of the key's bytes in an ordered row. */
    static final int ORDERED_KEY_OFFSET = 16;

    /** Of the key's bytes in an unordered row. */
    static final int PLAIN_KEY_OFFSET = 8;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private RowDescriptor()
    {
    }

    static void orderedSlice(final long row, final long slice)
    {
        Memory.putLong(row + SLICE_OFFSET, orderedSlice(slice));
    }

    /** The word that an ordered row of the slice begins with. */
    static long orderedSlice(final long slice)
    {
        return Long.reverseBytes(slice ^ Long.MIN_VALUE);
    }

    static void orderedHash(final long row, final long hash)
    {
        Memory.putLong(row + HASH_OFFSET, Long.reverseBytes(hash));
    }

    static void plainSlice(final byte[] row, final long slice)
    {
        WORD.set(row, SLICE_OFFSET, slice);
    }
}
