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
package io.millrace.operators.window;

import io.millrace.memory.Memory;

/**
 * What is kept for a session.
 * <pre>
 *   | start 8 | end 8 | previous end 8 | accumulator |
 * </pre>
 * The previous end is that of the key's session before this one, by which that one is found; it may be gone.
 */
public final class SessionDescriptor
{
    /** The end of no session. */
    public static final long NO_END = Long.MIN_VALUE;

    private static final int START_OFFSET = 0;
    private static final int END_OFFSET = 8;
    private static final int PREVIOUS_END_OFFSET = 16;
    private static final int ACCUMULATOR_OFFSET = 24;

    private SessionDescriptor()
    {
    }

    /**
     * Length of a session.
     *
     * @param accumulatorLength bytes of the accumulator, a multiple of 8
     * @return bytes
     */
    public static int length(final int accumulatorLength)
    {
        return ACCUMULATOR_OFFSET + accumulatorLength;
    }

    /**
     * First time that belongs to a session.
     *
     * @param session address of its first byte
     * @return its start
     */
    public static long start(final long session)
    {
        return Memory.getLong(session + START_OFFSET);
    }

    /**
     * Sets the first time that belongs to a session.
     *
     * @param session address of its first byte
     * @param start   of the session
     */
    public static void start(final long session, final long start)
    {
        Memory.putLong(session + START_OFFSET, start);
    }

    /**
     * First time that no longer belongs to a session.
     *
     * @param session address of its first byte
     * @return its end
     */
    public static long end(final long session)
    {
        return Memory.getLong(session + END_OFFSET);
    }

    /**
     * Sets the first time that no longer belongs to a session.
     *
     * @param session address of its first byte
     * @param end     of the session
     */
    public static void end(final long session, final long end)
    {
        Memory.putLong(session + END_OFFSET, end);
    }

    /**
     * End of the key's session before this one.
     *
     * @param session address of its first byte
     * @return the end, or {@link #NO_END} when there was none
     */
    public static long previousEnd(final long session)
    {
        return Memory.getLong(session + PREVIOUS_END_OFFSET);
    }

    /**
     * Sets the end of the key's session before this one.
     *
     * @param session address of its first byte
     * @param end     of the one before, or {@link #NO_END}
     */
    public static void previousEnd(final long session, final long end)
    {
        Memory.putLong(session + PREVIOUS_END_OFFSET, end);
    }

    /**
     * Where the accumulator lies.
     *
     * @param session address of its first byte
     * @return address of the accumulator
     */
    public static long accumulator(final long session)
    {
        return session + ACCUMULATOR_OFFSET;
    }
}
