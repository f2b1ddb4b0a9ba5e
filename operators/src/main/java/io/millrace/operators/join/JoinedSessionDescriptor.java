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
package io.millrace.operators.join;

import io.millrace.memory.Memory;
import io.millrace.operators.window.SessionDescriptor;

/**
 * What is kept for a session of a join, and where its records lie: in parts, each of which names the next, so that two
 * sessions become one without a copy.
 * <pre>
 *   accumulator:  | parts begun 8 | left: first 8 | last 8 | count 8 | right: first 8 | last 8 | count 8 |
 *   part:         | next 8 | count 8 | records ... |
 * </pre>
 * Parts are numbered from 1 for each key, 0 is none; the key's latest session knows how many were begun.
 */
final class JoinedSessionDescriptor
{
    /** Bytes of the accumulator. */
    static final int LENGTH = 56;
    /** Where the left side lies in the accumulator. */
    static final int LEFT_OFFSET = 8;
    /** Where the right side lies in the accumulator. */
    static final int RIGHT_OFFSET = 32;
    /** Where the records lie in a part. */
    static final int RECORDS_OFFSET = 16;

    private static final int FIRST_OFFSET = 0;
    private static final int LAST_OFFSET = 8;
    private static final int COUNT_OFFSET = 16;
    private static final int NEXT_OFFSET = 0;
    private static final int PART_COUNT_OFFSET = 8;

    private JoinedSessionDescriptor()
    {
    }

    static long partsBegun(final long session)
    {
        return Memory.getLong(SessionDescriptor.accumulator(session));
    }

    static void partsBegun(final long session, final long parts)
    {
        Memory.putLong(SessionDescriptor.accumulator(session), parts);
    }

    static long side(final long session, final int sideOffset)
    {
        return SessionDescriptor.accumulator(session) + sideOffset;
    }

    static long first(final long side)
    {
        return Memory.getLong(side + FIRST_OFFSET);
    }

    static void first(final long side, final long part)
    {
        Memory.putLong(side + FIRST_OFFSET, part);
    }

    static long last(final long side)
    {
        return Memory.getLong(side + LAST_OFFSET);
    }

    static void last(final long side, final long part)
    {
        Memory.putLong(side + LAST_OFFSET, part);
    }

    static long count(final long side)
    {
        return Memory.getLong(side + COUNT_OFFSET);
    }

    static void count(final long side, final long count)
    {
        Memory.putLong(side + COUNT_OFFSET, count);
    }

    static long next(final long part)
    {
        return Memory.getLong(part + NEXT_OFFSET);
    }

    static void next(final long part, final long next)
    {
        Memory.putLong(part + NEXT_OFFSET, next);
    }

    static int partCount(final long part)
    {
        return (int)Memory.getLong(part + PART_COUNT_OFFSET);
    }

    static void partCount(final long part, final int count)
    {
        Memory.putLong(part + PART_COUNT_OFFSET, count);
    }
}
