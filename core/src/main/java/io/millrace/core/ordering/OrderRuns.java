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
package io.millrace.core.ordering;

import java.util.Arrays;

/** Entries of an order log, in the order of their batches: those that differ in nothing but a batch that is one higher are one run. */
final class OrderRuns implements OrderLogHandler
{
    private int size;
    private long[] batches = new long[64];
    private long[] lengths = new long[64];
    private byte[] kinds = new byte[64];
    private int[] sources = new int[64];
    private int[] counts = new int[64];
    private long[] values = new long[64];
    private long[] clocks = new long[64];

    @Override
    public void onEntry(
        final long batch, final byte kind, final int source, final int count, final long value, final long clock)
    {
        final int last = size - 1;
        if (last >= 0 && batches[last] + lengths[last] == batch && kinds[last] == kind && sources[last] == source &&
            counts[last] == count && values[last] == value && clocks[last] == clock)
        {
            lengths[last]++;
            return;
        }
        if (size == kinds.length)
        {
            grow();
        }
        batches[size] = batch;
        lengths[size] = 1;
        kinds[size] = kind;
        sources[size] = source;
        counts[size] = count;
        values[size] = value;
        clocks[size] = clock;
        size++;
    }

    private void grow()
    {
        final int length = kinds.length * 2;
        batches = Arrays.copyOf(batches, length);
        lengths = Arrays.copyOf(lengths, length);
        kinds = Arrays.copyOf(kinds, length);
        sources = Arrays.copyOf(sources, length);
        counts = Arrays.copyOf(counts, length);
        values = Arrays.copyOf(values, length);
        clocks = Arrays.copyOf(clocks, length);
    }

    void clear()
    {
        size = 0;
    }

    /** Number of runs. */
    int size()
    {
        return size;
    }

    /** First batch of a run. */
    long batch(final int run)
    {
        return batches[run];
    }

    /** Entries of a run. */
    long length(final int run)
    {
        return lengths[run];
    }

    byte kind(final int run)
    {
        return kinds[run];
    }

    int source(final int run)
    {
        return sources[run];
    }

    int count(final int run)
    {
        return counts[run];
    }

    long value(final int run)
    {
        return values[run];
    }

    long clock(final int run)
    {
        return clocks[run];
    }
}
