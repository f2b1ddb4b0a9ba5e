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

import io.millrace.core.state.KeyedCursor;

/**
 * Which windows a record belongs to, and which are due: windows by their end, the keys of each in canonical order. A
 * slice of the buffer is a window, named by its start.
 *
 * <pre>
 *   start &lt;= watermark + 1 - size               fired: a record that comes now fires it anew for its key
 *   start &lt;= watermark + 1 - size - lateness    closed: a record that comes now is too late for it
 * </pre>
 *
 * The task's thread.
 */
public final class WindowFiring
{
    private final JoinBuffer buffer;
    private final long size;
    private final long slide;
    private final long offset;
    private final long lateness;
    private final boolean neverLate;
    private final long margin;
    /** Starts of the two windows that were asked for last. */
    private long start;
    private long otherStart;
    private boolean started;
    private long watermark;
    private long lastFired;
    private long lastClosed;
    private KeyedCursor cursor;
    private long slice;

    /**
     * No window yet.
     *
     * @param buffer that holds the records
     * @param window how time is cut
     */
    public WindowFiring(final JoinBuffer buffer, final JoinWindow window)
    {
        this.buffer = buffer;
        this.size = window.size();
        this.slide = window.slide();
        this.offset = window.offset();
        this.neverLate = window.lateness() == JoinWindow.NEVER;
        this.lateness = neverLate ? 0 : window.lateness();
        this.margin = 2 * Math.max(size, slide);
        advance(Long.MIN_VALUE);
    }

    /**
     * The last window that has begun at a time.
     *
     * @param timestamp of a record
     * @return its start
     */
    public long lastStart(final long timestamp)
    {
        // Unsigned, so that a time before the start is far behind it.
        if (started && Long.compareUnsigned(timestamp - start, slide) < 0)
        {
            return start;
        }
        return otherStart(timestamp);
    }

    private long otherStart(final long timestamp)
    {
        final long previous = start;
        start = started && Long.compareUnsigned(timestamp - otherStart, slide) < 0 ? otherStart : computeStart(timestamp);
        otherStart = started ? previous : start;
        started = true;
        return start;
    }

    private long computeStart(final long timestamp)
    {
        if (timestamp < Long.MIN_VALUE + margin || timestamp > Long.MAX_VALUE - margin)
        {
            throw new IllegalArgumentException("timestamp=" + timestamp + " is too near to the end of time for a window " +
                "of size=" + size + " offset=" + offset + ": check the field marked @EventTime, or filter such records out");
        }
        return timestamp - Math.floorMod(timestamp - offset, slide);
    }

    /**
     * The first window that a record belongs to; the others begin a slide after each other.
     *
     * @param timestamp of the record
     * @param lastStart of the windows that have begun at it
     * @return its start; behind the last one when the record is in no window
     */
    public long firstStart(final long timestamp, final long lastStart)
    {
        return lastStart - Math.floorDiv(lastStart + size - 1 - timestamp, slide) * slide;
    }

    /**
     * Whether a window takes no records any more.
     *
     * @param windowStart of the window
     * @return true when it does not
     */
    public boolean isClosed(final long windowStart)
    {
        return windowStart <= lastClosed;
    }

    /**
     * Whether a window was fired.
     *
     * @param windowStart of the window
     * @return true when a record fires it anew
     */
    public boolean isFired(final long windowStart)
    {
        return windowStart <= lastFired;
    }

    /**
     * Whether a record that no window has taken is late, and not just between windows (SEMANTICS WIN-7).
     *
     * @param timestamp of the record
     * @return true when it is
     */
    public boolean isLate(final long timestamp)
    {
        return !neverLate && timestamp <= minus(watermark, lateness);
    }

    /**
     * Moves to the next key of the next window that a watermark makes due, dropping windows that it closes. When there is
     * none, the watermark has passed.
     *
     * @param now the watermark; the same until there is none
     * @return false when there is none
     */
    public boolean nextKey(final long now)
    {
        if (cursor == null)
        {
            slice = buffer.firstSlice(Long.MIN_VALUE);
        }
        final long lastDue = lastStartBy(now);
        final long lastOver = lastClosedBy(now);
        while (slice != Long.MAX_VALUE && slice <= lastDue)
        {
            if (slice > lastFired)
            {
                if (cursor == null)
                {
                    cursor = buffer.find(slice).cursor();
                }
                if (cursor.next())
                {
                    return true;
                }
            }
            cursor = null;
            if (slice <= lastOver)
            {
                buffer.drop(slice);
            }
            slice = buffer.firstSlice(slice + 1);
        }
        advance(now);
        return false;
    }

    /**
     * The window that {@link #nextKey} has moved to.
     *
     * @return its start
     */
    public long windowStart()
    {
        return slice;
    }

    /**
     * The key that {@link #nextKey} has moved to.
     *
     * @return address of its bytes
     */
    public long key()
    {
        return cursor.key();
    }

    /**
     * The head of the key that {@link #nextKey} has moved to.
     *
     * @return its address
     */
    public long head()
    {
        return cursor.value();
    }

    /**
     * When the first window fires, where none is kept for late records.
     *
     * @return its last time; {@link Long#MAX_VALUE} when there is no window
     */
    public long nextDue()
    {
        final long first = buffer.firstSlice(Long.MIN_VALUE);
        return first == Long.MAX_VALUE ? Long.MAX_VALUE : first + size - 1;
    }

    /**
     * Puts the watermark where it was.
     *
     * @param now the watermark
     */
    public void advance(final long now)
    {
        watermark = now;
        lastFired = neverLate ? Long.MIN_VALUE : lastStartBy(now);
        lastClosed = neverLate ? Long.MIN_VALUE : lastClosedBy(now);
    }

    /**
     * How far event time is.
     *
     * @return the watermark
     */
    public long watermark()
    {
        return watermark;
    }

    private long lastStartBy(final long now)
    {
        return now == Long.MAX_VALUE ? Long.MAX_VALUE : minus(now, size - 1);
    }

    private long lastClosedBy(final long now)
    {
        return now == Long.MAX_VALUE ? Long.MAX_VALUE : minus(minus(now, size - 1), lateness);
    }

    private static long minus(final long time, final long length)
    {
        return time < Long.MIN_VALUE + length ? Long.MIN_VALUE : time - length;
    }
}
