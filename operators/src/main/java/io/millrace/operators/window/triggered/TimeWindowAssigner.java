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
package io.millrace.operators.window.triggered;

/**
 * Windows of one size that begin at every slide (SEMANTICS WIN-1): tumbling ones where the two are equal, with gaps where
 * the slide is more. In the pipeline's time unit.
 */
public final class TimeWindowAssigner implements WindowAssigner
{
    /** The most windows that one record may belong to: it is written to each of them. */
    public static final int MAX_WINDOWS = 10_000;
    private static final long MAX_LENGTH = Long.MAX_VALUE / 4;

    private final long size;
    private final long slide;
    private final long offset;
    private final long margin;
    private final boolean processingTime;

    /**
     * An assigner by event time.
     *
     * @param size   of each window, above 0
     * @param slide  from the start of one window to the start of the next, above 0
     * @param offset of the starts from the epoch; less than the slide
     */
    public TimeWindowAssigner(final long size, final long slide, final long offset)
    {
        this(size, slide, offset, false);
    }

    /**
     * An assigner.
     *
     * @param size           of each window, above 0
     * @param slide          from the start of one window to the start of the next, above 0
     * @param offset         of the starts from the epoch; less than the slide
     * @param processingTime whether records belong to windows by the time at which they come in
     */
    public TimeWindowAssigner(final long size, final long slide, final long offset, final boolean processingTime)
    {
        this.processingTime = processingTime;
        if (size <= 0 || slide <= 0 || size > MAX_LENGTH || slide > MAX_LENGTH)
        {
            throw new IllegalArgumentException(
                "size=" + size + " slide=" + slide + " of windows must be from 1 to " + MAX_LENGTH);
        }
        if (offset <= -slide || offset >= slide)
        {
            throw new IllegalArgumentException("offset=" + offset + " of windows must be less than slide=" + slide);
        }
        if ((size - 1) / slide >= MAX_WINDOWS)
        {
            throw new IllegalArgumentException("size=" + size + " slide=" + slide + " puts each record into windows=" +
                ((size - 1) / slide + 1) + ", more than " + MAX_WINDOWS +
                ": take a longer slide, or the aggregate without trigger, evictor and process function");
        }
        this.size = size;
        this.slide = slide;
        this.offset = offset;
        this.margin = 2 * Math.max(size, slide);
    }

    @Override
    public boolean usesProcessingTime()
    {
        return processingTime;
    }

    @Override
    public int maxWindows()
    {
        return (int)((size - 1) / slide) + 1;
    }

    @Override
    public int assign(final long timestamp, final long[] starts)
    {
        if (timestamp < Long.MIN_VALUE + margin || timestamp > Long.MAX_VALUE - margin)
        {
            throw new IllegalArgumentException("timestamp=" + timestamp + " is too near to the end of time for a window " +
                "of size=" + size + " slide=" + slide + " offset=" + offset +
                ": check the field marked @EventTime, or filter such records out");
        }
        final long age = Math.floorMod(timestamp - offset, slide);
        if (age >= size)
        {
            return 0;
        }
        final int count = (int)((size - 1 - age) / slide) + 1;
        long start = timestamp - age;
        for (int i = count - 1; i >= 0; i--)
        {
            starts[i] = start;
            start -= slide;
        }
        return count;
    }

    @Override
    public long end(final long start)
    {
        return start + size;
    }

    @Override
    public long maxTimestamp(final long start)
    {
        return start + size - 1;
    }

    @Override
    public String toString()
    {
        return "size=" + size + " slide=" + slide + " offset=" + offset;
    }
}
