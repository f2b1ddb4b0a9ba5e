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

import io.millrace.core.operator.BatchProcessor;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Parts the records of a batch by time: those that may be late from the others, then those of one window or slice from
 * what is left. Records of a part keep their order. Used by one thread.
 * <pre>
 *   split --> late
 *        \--> left --take--> taken
 *                  --take--> taken ...
 * </pre>
 */
public final class BatchPartition
{
    private final long[] left = new long[BatchProcessor.MAX_BATCH];
    private final long[] taken = new long[BatchProcessor.MAX_BATCH];
    private final long[] late = new long[BatchProcessor.MAX_BATCH];
    private int leftCount;

    /** Without records. */
    public BatchPartition()
    {
    }

    /**
     * Whether all records are of one span of time.
     *
     * @param slots addresses of the records' slots
     * @param count number of records
     * @param from  included
     * @param to    excluded
     * @return false when one is before or behind
     */
    public static boolean isWithin(final long[] slots, final int count, final long from, final long to)
    {
        for (int i = 0; i < count; i++)
        {
            final long timestamp = SlotDescriptor.timestamp(slots[i]);
            if (timestamp < from || timestamp >= to)
            {
                return false;
            }
        }
        return true;
    }

    /**
     * Begins with a batch: parts what may be late from what is left.
     *
     * @param slots       addresses of the records' slots
     * @param count       number of records
     * @param notLateFrom no record from here on is late
     * @return how many may be late
     */
    public int split(final long[] slots, final int count, final long notLateFrom)
    {
        int lates = 0;
        int others = 0;
        for (int i = 0; i < count; i++)
        {
            if (SlotDescriptor.timestamp(slots[i]) < notLateFrom)
            {
                late[lates++] = slots[i];
            }
            else
            {
                left[others++] = slots[i];
            }
        }
        leftCount = others;
        return lates;
    }

    /**
     * The records that may be late.
     *
     * @return addresses of their slots, as many as {@link #split} said
     */
    public long[] late()
    {
        return late;
    }

    /**
     * The first record that is left.
     *
     * @return address of its slot, or 0 when none is left
     */
    public long first()
    {
        return leftCount == 0 ? 0 : left[0];
    }

    /**
     * Takes the records of a span of time out of what is left.
     *
     * @param from included
     * @param to   excluded
     * @return how many
     */
    public int take(final long from, final long to)
    {
        final long[] left = this.left;
        final long[] taken = this.taken;
        final int count = leftCount;
        int others = 0;
        int members = 0;
        for (int i = 0; i < count; i++)
        {
            final long slot = left[i];
            final long timestamp = SlotDescriptor.timestamp(slot);
            // Without a branch: where two windows meet, it is unpredictable which one a record is of.
            final int member = timestamp >= from & timestamp < to ? 1 : 0;
            taken[members] = slot;
            members += member;
            left[others] = slot;
            others += 1 - member;
        }
        leftCount = others;
        return members;
    }

    /**
     * The records that were taken last.
     *
     * @return addresses of their slots, as many as {@link #take} said
     */
    public long[] taken()
    {
        return taken;
    }
}
