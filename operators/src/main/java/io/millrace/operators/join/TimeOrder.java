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

import java.util.Arrays;

/** Records in the order of their time, those of the same time in the order in which they were added. For one thread. */
public final class TimeOrder
{
    private static final int SHORT_RUN = 16;

    private long[] times = new long[64];
    private long[] records = new long[64];
    private long[] otherTimes = new long[64];
    private long[] otherRecords = new long[64];
    private int size;
    private boolean sorted = true;

    /** Nothing yet. */
    public TimeOrder()
    {
    }

    /** Forgets all. */
    public void clear()
    {
        size = 0;
        sorted = true;
    }

    /**
     * Adds a record.
     *
     * @param time   event time
     * @param record its address
     */
    public void add(final long time, final long record)
    {
        if (size == times.length)
        {
            grow();
        }
        sorted &= size == 0 || times[size - 1] <= time;
        times[size] = time;
        records[size++] = record;
    }

    private void grow()
    {
        final int length = size * 2;
        times = Arrays.copyOf(times, length);
        records = Arrays.copyOf(records, length);
        otherTimes = new long[length];
        otherRecords = new long[length];
    }

    /**
     * Puts them in order.
     *
     * @return how many there are
     */
    public int sort()
    {
        if (!sorted)
        {
            sorted = true;
            for (int from = 0; from < size; from += SHORT_RUN)
            {
                sortRun(from, Math.min(size, from + SHORT_RUN));
            }
            for (int length = SHORT_RUN; length < size; length *= 2)
            {
                mergeRuns(length);
            }
        }
        return size;
    }

    private void sortRun(final int from, final int to)
    {
        for (int i = from + 1; i < to; i++)
        {
            final long time = times[i];
            final long record = records[i];
            int hole = i;
            while (hole > from && times[hole - 1] > time)
            {
                times[hole] = times[hole - 1];
                records[hole] = records[hole - 1];
                hole--;
            }
            times[hole] = time;
            records[hole] = record;
        }
    }

    private void mergeRuns(final int length)
    {
        for (int from = 0; from < size; from += 2 * length)
        {
            merge(from, Math.min(size, from + length), Math.min(size, from + 2 * length));
        }
        final long[] oldTimes = times;
        final long[] oldRecords = records;
        times = otherTimes;
        records = otherRecords;
        otherTimes = oldTimes;
        otherRecords = oldRecords;
    }

    private void merge(final int from, final int middle, final int to)
    {
        int first = from;
        int second = middle;
        for (int i = from; i < to; i++)
        {
            final boolean takeFirst = first < middle && (second >= to || times[first] <= times[second]);
            final int taken = takeFirst ? first++ : second++;
            otherTimes[i] = times[taken];
            otherRecords[i] = records[taken];
        }
    }

    /**
     * Time of a record, once sorted.
     *
     * @param index from 0
     * @return event time
     */
    public long time(final int index)
    {
        return times[index];
    }

    /**
     * A record, once sorted.
     *
     * @param index from 0
     * @return its address
     */
    public long record(final int index)
    {
        return records[index];
    }
}
