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
package io.millrace.operators.pattern;

import java.util.Arrays;

/** Partial matches of one key while it is processed, by the record that they started with. Grows, and is reused. */
final class PartialMatches
{
    int count;
    long[] row = new long[16];
    long[] node = new long[16];
    long[] startTime = new long[16];
    long[] previousTime = new long[16];
    long[] startOrder = new long[16];
    int[] state = new int[16];
    int[] records = new int[16];
    /** Index among the stored ones of the one whose row is used on; -1 for a new row. */
    int[] origin = new int[16];

    void clear()
    {
        count = 0;
    }

    int add(final long newRow, final int newOrigin)
    {
        if (count == row.length)
        {
            grow();
        }
        row[count] = newRow;
        origin[count] = newOrigin;
        return count++;
    }

    void set(
        final int index,
        final long newNode,
        final long newStartTime,
        final long newPreviousTime,
        final long newStartOrder,
        final int newState,
        final int newRecords)
    {
        node[index] = newNode;
        startTime[index] = newStartTime;
        previousTime[index] = newPreviousTime;
        startOrder[index] = newStartOrder;
        state[index] = newState;
        records[index] = newRecords;
    }

    int addFrom(final PartialMatches other, final int index)
    {
        final int added = add(other.row[index], other.origin[index]);
        set(added, other.node[index], other.startTime[index], other.previousTime[index], other.startOrder[index],
            other.state[index], other.records[index]);
        return added;
    }

    /** Moves the last one to its place: behind those that started with the same record or before. */
    void sink()
    {
        for (int i = count - 1; i > 0 && startOrder[i - 1] > startOrder[i]; i--)
        {
            swap(i, i - 1);
        }
    }

    /** Orders by the record that they started with, of several the longest first; equal ones stay in their order. */
    void sortLongestFirst()
    {
        for (int i = 1; i < count; i++)
        {
            for (int j = i; j > 0 && comesBefore(j, j - 1); j--)
            {
                swap(j, j - 1);
            }
        }
    }

    private boolean comesBefore(final int one, final int other)
    {
        return startOrder[one] != startOrder[other] ?
            startOrder[one] < startOrder[other] : records[one] > records[other];
    }

    private void swap(final int one, final int other)
    {
        swap(row, one, other);
        swap(node, one, other);
        swap(startTime, one, other);
        swap(previousTime, one, other);
        swap(startOrder, one, other);
        swap(state, one, other);
        swap(records, one, other);
        swap(origin, one, other);
    }

    private static void swap(final long[] values, final int one, final int other)
    {
        final long value = values[one];
        values[one] = values[other];
        values[other] = value;
    }

    private static void swap(final int[] values, final int one, final int other)
    {
        final int value = values[one];
        values[one] = values[other];
        values[other] = value;
    }

    /** Removes those before an index. */
    void removeFirst(final int number)
    {
        final int left = count - number;
        System.arraycopy(row, number, row, 0, left);
        System.arraycopy(node, number, node, 0, left);
        System.arraycopy(startTime, number, startTime, 0, left);
        System.arraycopy(previousTime, number, previousTime, 0, left);
        System.arraycopy(startOrder, number, startOrder, 0, left);
        System.arraycopy(state, number, state, 0, left);
        System.arraycopy(records, number, records, 0, left);
        System.arraycopy(origin, number, origin, 0, left);
        count = left;
    }

    private void grow()
    {
        final int length = count * 2;
        row = Arrays.copyOf(row, length);
        node = Arrays.copyOf(node, length);
        startTime = Arrays.copyOf(startTime, length);
        previousTime = Arrays.copyOf(previousTime, length);
        startOrder = Arrays.copyOf(startOrder, length);
        state = Arrays.copyOf(state, length);
        records = Arrays.copyOf(records, length);
        origin = Arrays.copyOf(origin, length);
    }
}
