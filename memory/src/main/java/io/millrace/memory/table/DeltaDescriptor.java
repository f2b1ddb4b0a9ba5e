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
package io.millrace.memory.table;

/**
 * Layout of what a snapshot emits. A delta is a sequence of chunks; a chunk is a sequence of runs, packed; a run is a
 * header and {@code count} entries of one length. All numbers are little-endian. A run never crosses the end of a
 * chunk.
 * <pre>
 *    0               1               2               3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+   0
 *   |                           state id                            |
 *   +---------------+-----------------------------------------------+   4
 *   |     kind      |                 reserved: 0                   |
 *   +---------------+-----------------------------------------------+   8
 *   |                       count of entries                        |
 *   +---------------------------------------------------------------+  12
 *   |          length of an entry in bytes, a multiple of 8         |
 *   +---------------------------------------------------------------+  16
 *   |                          namespace                            |
 *   |                                                               |
 *   +---------------------------------------------------------------+  24
 *   |                   count x length bytes ...                   ...
 *
 *   kind        entry
 *   UPSERT      key bytes, then value bytes
 *   TOMBSTONE   key bytes
 *   CLEAR       none: count 0, length 0
 *   DROP        none: count 0, length 0
 *   BLOB        count 1: true length in bytes (int), the bytes, zeros up to a multiple of 8
 * </pre>
 * Within the delta of one epoch CLEAR, DROP and TOMBSTONE runs come before the UPSERT runs of the same state, so that
 * it is right to apply a delta in the order of its bytes.
 */
public final class DeltaDescriptor
{
    /** Offset of the state's id, an int. */
    public static final int STATE_ID_OFFSET = 0;
    /** Offset of the kind, a byte, and three reserved bytes. */
    public static final int KIND_OFFSET = 4;
    /** Offset of the number of entries, an int. */
    public static final int COUNT_OFFSET = 8;
    /** Offset of the length of an entry, an int. */
    public static final int ENTRY_LENGTH_OFFSET = 12;
    /** Offset of the namespace, a long. */
    public static final int NAMESPACE_OFFSET = 16;
    /** Length of a run's header; the entries start here. */
    public static final int RUN_HEADER_LENGTH = 24;

    /** Offset of a blob's true length in its entry, an int. */
    public static final int BLOB_LENGTH_OFFSET = 0;
    /** Offset of a blob's bytes in its entry. */
    public static final int BLOB_BYTES_OFFSET = 4;

    /** Entries that are there now, whatever was there before. */
    public static final int UPSERT = 1;
    /** Keys that are gone. */
    public static final int TOMBSTONE = 2;
    /** Every entry of the state in this namespace is gone. */
    public static final int CLEAR = 3;
    /** The namespace is gone with every entry: a window slice that was dropped. */
    public static final int DROP = 4;
    /** Opaque bytes of an operator. */
    public static final int BLOB = 5;

    private DeltaDescriptor()
    {
    }

    /**
     * @param kind of a run
     * @return its name, for messages
     */
    public static String kindName(final int kind)
    {
        return switch (kind)
        {
            case UPSERT -> "UPSERT";
            case TOMBSTONE -> "TOMBSTONE";
            case CLEAR -> "CLEAR";
            case DROP -> "DROP";
            case BLOB -> "BLOB";
            default -> "unknown(" + kind + ")";
        };
    }
}
