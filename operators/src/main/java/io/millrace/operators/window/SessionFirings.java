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
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyOrder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sessions with one end, to be fired in the order of the hash and the bytes of their keys. Keeps its place between two
 * of them. They are sorted a run at a time as they come, and runs are merged as they go, so that a step is short however
 * many there are.
 * <pre>
 *   run: | hash 8 | latest 8 | key | ...     order: | upper half of the hash 4 | index of the entry 4 | ...
 * </pre>
 */
public final class SessionFirings implements AutoCloseable
{
    private static final int RUN = 2048;
    private static final int LATEST_OFFSET = 8;
    private static final int KEY_OFFSET = 16;
    private static final long UPPER = 0xFFFF_FFFF_0000_0000L;

    private final MemoryAccount account;
    private final String owner;
    private final int entryLength;
    private final List<Run> runs = new ArrayList<>();
    /** Runs that are in use: those before the last are full. */
    private int used;
    /** A heap of the runs that have sessions left, the one with the first of them at its top. */
    private Run[] heap = new Run[4];
    private int heapSize;
    private long end;
    private long current;

    private final class Run
    {
        private final Region entries = Region.allocate(account, owner + " firings", (long)RUN * entryLength);
        private final long[] order = new long[RUN];
        private int count;
        private int next;

        private long entry(final long place)
        {
            return entries.address() + (int)place * (long)entryLength;
        }

        private void sort()
        {
            Arrays.sort(order, 0, count);
            // Where upper halves are equal, which is rare, the rest decides.
            for (int i = 1; i < count; i++)
            {
                for (int j = i; j > 0 && isAfter(order[j - 1], this, order[j]); j--)
                {
                    final long other = order[j];
                    order[j] = order[j - 1];
                    order[j - 1] = other;
                }
            }
        }

        /** Whether a session of this run comes after one of another. */
        private boolean isAfter(final long place, final Run other, final long otherPlace)
        {
            final long upper = place & UPPER;
            final long otherUpper = otherPlace & UPPER;
            if (upper != otherUpper)
            {
                return upper > otherUpper;
            }
            final long left = entry(place);
            final long right = other.entry(otherPlace);
            return KeyOrder.compare(Memory.getLong(left), left + KEY_OFFSET, Memory.getLong(right), right + KEY_OFFSET,
                entryLength - KEY_OFFSET) > 0;
        }

        private boolean isAfter(final Run other)
        {
            return isAfter(order[next], other, other.order[other.next]);
        }
    }

    /**
     * No sessions yet.
     *
     * @param keyLength bytes of a key, a multiple of 8
     * @param account   that the bytes are counted in
     * @param owner     for messages
     */
    public SessionFirings(final int keyLength, final MemoryAccount account, final String owner)
    {
        this.account = account;
        this.owner = owner;
        entryLength = KEY_OFFSET + keyLength;
        runs.add(new Run());
    }

    /**
     * Forgets what it has.
     *
     * @param newEnd of the sessions to be added
     */
    public void begin(final long newEnd)
    {
        end = newEnd;
        used = 1;
        runs.get(0).count = 0;
        heapSize = 0;
    }

    /**
     * Adds a session.
     *
     * @param hash   of its key
     * @param key    address of its bytes
     * @param latest whether it is the key's latest session
     */
    public void add(final long hash, final long key, final boolean latest)
    {
        Run run = runs.get(used - 1);
        if (run.count == RUN)
        {
            run.sort();
            run = nextRun();
        }
        final long entry = run.entry(run.count);
        Memory.putLong(entry, hash);
        Memory.putLong(entry + LATEST_OFFSET, latest ? 1 : 0);
        Memory.copyWords(key, entry + KEY_OFFSET, entryLength - KEY_OFFSET);
        // Signed order of this is unsigned order of the hash.
        run.order[run.count] = (hash ^ Long.MIN_VALUE) & UPPER | run.count;
        run.count++;
    }

    private Run nextRun()
    {
        if (used == runs.size())
        {
            runs.add(new Run());
        }
        final Run run = runs.get(used);
        used++;
        run.count = 0;
        return run;
    }

    /** Brings them into order. */
    public void sort()
    {
        runs.get(used - 1).sort();
        if (heap.length < used)
        {
            heap = new Run[2 * used];
        }
        heapSize = 0;
        for (int i = 0; i < used; i++)
        {
            final Run run = runs.get(i);
            run.next = 0;
            if (run.count > 0)
            {
                heap[heapSize++] = run;
            }
        }
        for (int i = (heapSize >> 1) - 1; i >= 0; i--)
        {
            sink(i);
        }
    }

    private void sink(final int from)
    {
        final Run sinking = heap[from];
        int hole = from;
        int child = 2 * hole + 1;
        while (child < heapSize)
        {
            if (child + 1 < heapSize && heap[child].isAfter(heap[child + 1]))
            {
                child++;
            }
            if (!sinking.isAfter(heap[child]))
            {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
            child = 2 * hole + 1;
        }
        heap[hole] = sinking;
    }

    /**
     * Moves to the next session.
     *
     * @return false when there is none left
     */
    public boolean next()
    {
        if (heapSize == 0)
        {
            return false;
        }
        final Run first = heap[0];
        current = first.entry(first.order[first.next]);
        first.next++;
        if (first.next == first.count)
        {
            heapSize--;
            heap[0] = heap[heapSize];
        }
        if (heapSize > 1)
        {
            sink(0);
        }
        return true;
    }

    /**
     * Whether there is a next session.
     *
     * @return false when there is none left
     */
    public boolean hasNext()
    {
        return heapSize > 0;
    }

    /**
     * End of all the sessions.
     *
     * @return as given
     */
    public long end()
    {
        return end;
    }

    /**
     * Hash of the session's key.
     *
     * @return as given
     */
    public long hash()
    {
        return Memory.getLong(current);
    }

    /**
     * The session's key.
     *
     * @return address of its bytes
     */
    public long key()
    {
        return current + KEY_OFFSET;
    }

    /**
     * Whether it is its key's latest session.
     *
     * @return as given
     */
    public boolean isLatest()
    {
        return Memory.getLong(current + LATEST_OFFSET) != 0;
    }

    @Override
    public void close()
    {
        runs.forEach(run -> run.entries.close());
    }
}
