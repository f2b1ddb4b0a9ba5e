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

/**
 * Size, slide and offset of sliding windows and how late a record may be, in the pipeline's time unit; and how time is
 * cut into slices, so that a record is in one slice whatever the number of its windows.
 * <p>
 * Slices are cut where windows start and where they end. Where the slide divides the size, both are the same places and
 * there is one slice to a slide; else there are two, of alternating widths, which is the least that any window is a
 * whole number of (slices of their greatest common divisor would be many more: 3,001 to a slide for 10,000 by 3,001).
 * <pre>
 *   size 5, slide 2    windows  [0....5)          slices of  [0,1) [1,2) [2,3) [3,4) [4,5) [5,6)
 *                                   [2....7)      a slide    |-rest-|
 *   size 3, slide 5    windows  [0..3)   [5..8)   slices     [0,3) gap [5,8) gap
 * </pre>
 *
 * @param size     above 0
 * @param slide    above 0
 * @param offset   of the windows from the epoch; less than the slide
 * @param lateness 0 or more
 */
public record SlidingWindow(long size, long slide, long offset, long lateness)
{
    private static final long LONGEST = Long.MAX_VALUE / 16;

    /** Checks that the arithmetic of windows cannot overflow. */
    public SlidingWindow
    {
        if (size > LONGEST || slide > LONGEST)
        {
            throw new IllegalArgumentException("size=" + size + " slide=" + slide + " of sliding windows: at most " +
                LONGEST + ": choose a coarser unit in Pipeline.create(name, unit)");
        }
    }

    /**
     * How far from both ends of time the timestamps of records must be.
     *
     * @return four times the longer of size and slide
     */
    public long margin()
    {
        return 4 * Math.max(size, slide);
    }

    /**
     * The latest window that starts at or before a time, whether or not it has ended.
     *
     * @param time at least {@link #margin()} from both ends of time
     * @return start of the window
     */
    public long latestStart(final long time)
    {
        return time - Math.floorMod(time - offset, slide);
    }

    /**
     * The earliest window that ends behind a time, whether or not it has started.
     *
     * @param time at least {@link #margin()} from both ends of time
     * @return start of the window
     */
    public long earliestStart(final long time)
    {
        return latestStart(time - size) + slide;
    }

    /**
     * The earliest window that ends behind a time and is still kept.
     *
     * @param time      at least {@link #margin()} from both ends of time
     * @param latest    start of the latest window that is asked for
     * @param watermark that says what is kept
     * @return start of the window, above {@code latest} when none is kept
     */
    public long earliestKept(final long time, final long latest, final long watermark)
    {
        long earliest = earliestStart(time);
        while (earliest <= latest && cleanupTime(earliest) <= watermark)
        {
            earliest += slide;
        }
        return earliest;
    }

    /**
     * Start of the slice, or of the gap, of a time.
     *
     * @param time at least {@link #margin()} from both ends of time
     * @return included
     */
    public long sliceStart(final long time)
    {
        final long start = latestStart(time);
        return time - start < cut() ? start : start + cut();
    }

    /**
     * End of the slice, or of the gap, of a time.
     *
     * @param time at least {@link #margin()} from both ends of time
     * @return excluded
     */
    public long sliceEnd(final long time)
    {
        final long start = latestStart(time);
        return time - start < cut() ? start + cut() : start + slide;
    }

    /** Where a window ends between two starts, counted from the first one; the slide when at a start. */
    private long cut()
    {
        final long rest = size % slide;
        return rest == 0 ? slide : rest;
    }

    /**
     * Whether a time lies between windows.
     *
     * @param time at least {@link #margin()} from both ends of time
     * @return true when no window has it
     */
    public boolean inGap(final long time)
    {
        return time - latestStart(time) >= size;
    }

    /**
     * The most windows that a slice is part of.
     *
     * @return 1 or more
     */
    public long overlap()
    {
        return (size + slide - 1) / slide;
    }

    /**
     * The watermark at which a window is forgotten.
     *
     * @param windowStart of the window
     * @return its last timestamp and the lateness, at most {@link Long#MAX_VALUE}
     */
    public long cleanupTime(final long windowStart)
    {
        final long maxTimestamp = windowStart + size - 1;
        return maxTimestamp > Long.MAX_VALUE - lateness ? Long.MAX_VALUE : maxTimestamp + lateness;
    }

    /**
     * Whether a record of a gap is late.
     *
     * @param time      of the record, at or below the watermark
     * @param watermark now
     * @return true when it is behind the watermark by the lateness
     */
    public boolean isLateInGap(final long time, final long watermark)
    {
        final long behind = watermark - time;
        return behind < 0 || behind >= lateness;
    }

    /**
     * Checks that no window of a time reaches over the ends of time.
     *
     * @param timestamp of a record
     * @throws IllegalArgumentException when one does
     */
    public void checkTime(final long timestamp)
    {
        if (timestamp < Long.MIN_VALUE + margin() || timestamp > Long.MAX_VALUE - margin())
        {
            throw new IllegalArgumentException("timestamp=" + timestamp + " is too near to the end of time for windows " +
                "of size=" + size() + " slide=" + slide() + " offset=" + offset() +
                ": check the field marked @EventTime, or filter such records out");
        }
    }
}
