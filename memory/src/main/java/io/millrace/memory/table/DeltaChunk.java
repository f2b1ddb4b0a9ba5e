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

import io.millrace.memory.Region;

/**
 * A part of a delta on its way from the task that wrote it to the thread that stores it. It belongs to whoever holds
 * it, one at a time: the {@link DeltaOutlet}, the {@link DeltaWriter}, then the thread that polled it, until that
 * recycles it.
 */
public final class DeltaChunk
{
    private final Region region;
    private long epoch;
    private int sequence;
    private int length;
    private boolean last;
    private DeltaChunk next;

    DeltaChunk(final Region region)
    {
        this.region = region;
    }

    /**
     * @return address of the first byte
     */
    public long address()
    {
        return region.address();
    }

    /**
     * @return how many bytes of it are the delta, from 0
     */
    public int length()
    {
        return length;
    }

    /**
     * @return how many bytes it can hold
     */
    public int capacity()
    {
        return (int)region.length();
    }

    /**
     * @return epoch whose changes it holds: the one that the store had before the barrier
     */
    public long epoch()
    {
        return epoch;
    }

    /**
     * @return place among the chunks of its epoch, from 0
     */
    public int sequence()
    {
        return sequence;
    }

    /**
     * @return whether the epoch's delta ends here; every epoch has exactly one such chunk, be it empty
     */
    public boolean isLast()
    {
        return last;
    }

    void start(final long epoch, final int sequence)
    {
        this.epoch = epoch;
        this.sequence = sequence;
        length = 0;
        last = false;
    }

    void end(final int length, final boolean last)
    {
        this.length = length;
        this.last = last;
    }

    DeltaChunk next()
    {
        return next;
    }

    void next(final DeltaChunk next)
    {
        this.next = next;
    }

    void close()
    {
        region.close();
    }

    @Override
    public String toString()
    {
        return "DeltaChunk epoch=" + epoch + " sequence=" + sequence + " length=" + length + (last ? " last" : "");
    }
}
