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

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyOrder;
import io.millrace.operators.process.TimerBuckets;
import io.millrace.operators.process.TimerEntry;

import java.util.Arrays;

/**
 * The keys that have something to do, by time, those of one time in canonical order: by hash, unsigned, whose top bits
 * are the key group, then by the bytes of the key, unsigned. They lie in a radix heap, whose order is that of time alone;
 * when a time comes, all of it is taken out and put in order: as hashes are spread evenly, most entries find their place
 * by interpolation. A key may be in it several times; who takes one out looks whether it still holds.
 * <pre>
 *   buckets --all of one time--> run:  | entry | entry | ...     order:  | index of an entry | ...
 *   entry:  | time, 8 bytes | hash, sign bit turned, 8 bytes | bytes of the key |
 * </pre>
 */
final class DueKeys implements AutoCloseable
{
    private static final int FIRST_CAPACITY = 64;

    private final MemoryAccount account;
    private final String owner;
    private final int keyLength;
    private final int entryLength;
    private final TimerBuckets buckets;
    private Region run;
    private int capacity = FIRST_CAPACITY;
    /** Entries in the run, also those that were taken. */
    private int used;
    private int[] order = new int[FIRST_CAPACITY];
    private int[] starts = new int[FIRST_CAPACITY + 1];
    /** Where in the order the first entry is, and where it ends. */
    private int first;
    private int end;
    private int mark;
    private long runTime = Long.MIN_VALUE;

    DueKeys(final MemoryAccount account, final String owner, final int keyLength)
    {
        this.account = account;
        this.owner = owner;
        this.keyLength = keyLength;
        this.entryLength = TimerEntry.KEY_OFFSET + keyLength;
        this.buckets = new TimerBuckets(account, keyLength);
        this.run = Region.allocate(account, owner, (long)capacity * entryLength);
    }

    /** Whether there is an entry at or before a time; it is then what the methods below are about. */
    boolean isDue(final long now)
    {
        if (first < end)
        {
            return time() <= now;
        }
        if (buckets.size() == 0 || buckets.earliest() > now)
        {
            return false;
        }
        load();
        return true;
    }

    /** Time of the first entry. */
    long time()
    {
        return TimerEntry.timestamp(entry(first));
    }

    /** Hash of the first entry's key. */
    long hash()
    {
        return hash(entry(first));
    }

    /** Address of the first entry's key, valid until the next change. */
    long key()
    {
        return entry(first) + TimerEntry.KEY_OFFSET;
    }

    /** Whether the first entry is at the place that was marked, or a new time has come. */
    boolean isAtMark()
    {
        return first == mark;
    }

    /** Marks a place behind the first entry, at the end of its time at most; gives how many entries are before it. */
    int mark(final int places)
    {
        mark = Math.min(end, first + places);
        return mark - first;
    }

    /** Hash of the key of an entry some places behind the first. */
    long hashAhead(final int places)
    {
        return hash(entry(first + places));
    }

    /** Address of the key of an entry some places behind the first. */
    long keyAhead(final int places)
    {
        return entry(first + places) + TimerEntry.KEY_OFFSET;
    }

    void add(final long time, final long hash, final long key)
    {
        if (time > runTime)
        {
            buckets.add(time, hash ^ Long.MIN_VALUE, key);
        }
        else
        {
            addToRun(time, hash ^ Long.MIN_VALUE, key);
        }
    }

    void removeFirst()
    {
        first++;
    }

    private long entry(final int place)
    {
        return run.address() + (long)order[place] * entryLength;
    }

    private static long hash(final long entry)
    {
        return TimerEntry.sequence(entry) ^ Long.MIN_VALUE;
    }

    /** Adds what is due now or before: it belongs to the front, and takes the room of what was taken last. */
    private void addToRun(final long time, final long sequence, final long key)
    {
        if (first == 0)
        {
            makeRoom();
        }
        first--;
        TimerEntry.write(entry(first), time, sequence, key, keyLength);
        for (int i = first; i + 1 < end && isBefore(entry(i + 1), entry(i)); i++)
        {
            final int index = order[i];
            order[i] = order[i + 1];
            order[i + 1] = index;
        }
    }

    private void makeRoom()
    {
        if (used == capacity)
        {
            grow();
        }
        System.arraycopy(order, first, order, first + 1, end - first);
        order[first] = used++;
        first++;
        end++;
    }

    /** Takes all of the earliest time out of the buckets. */
    private void load()
    {
        runTime = buckets.earliest();
        used = 0;
        long low = -1;
        long high = 0;
        buckets.first();
        while (buckets.hasCurrent())
        {
            if (used == capacity)
            {
                grow();
            }
            final long entry = buckets.first();
            final long hash = hash(entry);
            low = Long.compareUnsigned(hash, low) < 0 ? hash : low;
            high = Long.compareUnsigned(hash, high) > 0 ? hash : high;
            Memory.copyWords(entry, run.address() + (long)used * entryLength, entryLength);
            used++;
            buckets.removeFirst();
        }
        first = 0;
        end = used;
        mark = 0;
        place(low, high);
        sort();
    }

    /** Puts entries near their places: by as many of the bits in which hashes differ as there are entries. */
    private void place(final long low, final long high)
    {
        final int cellBits = Integer.SIZE - Integer.numberOfLeadingZeros(used);
        final int differing = Long.SIZE - Long.numberOfLeadingZeros(high - low);
        final int shift = Math.max(0, differing - cellBits);
        final int cells = (int)(high - low >>> shift) + 1;
        if (cells >= starts.length)
        {
            starts = new int[Integer.highestOneBit(cells) * 2 + 1];
        }
        final long entries = run.address();
        Arrays.fill(starts, 0, cells + 1, 0);
        for (int i = 0; i < used; i++)
        {
            starts[(int)(hash(entries + (long)i * entryLength) - low >>> shift) + 1]++;
        }
        for (int i = 1; i < cells; i++)
        {
            starts[i] += starts[i - 1];
        }
        for (int i = 0; i < used; i++)
        {
            final int cell = (int)(hash(entries + (long)i * entryLength) - low >>> shift);
            order[starts[cell]++] = i;
        }
    }

    private void sort()
    {
        for (int i = 1; i < end; i++)
        {
            final int index = order[i];
            final long entry = entry(i);
            int hole = i;
            while (hole > 0 && isBefore(entry, entry(hole - 1)))
            {
                order[hole] = order[hole - 1];
                hole--;
            }
            order[hole] = index;
        }
    }

    private boolean isBefore(final long one, final long other)
    {
        final long time = TimerEntry.timestamp(one);
        final long otherTime = TimerEntry.timestamp(other);
        if (time != otherTime)
        {
            return time < otherTime;
        }
        return KeyOrder.compare(hash(one), one + TimerEntry.KEY_OFFSET, hash(other), other + TimerEntry.KEY_OFFSET,
            keyLength) < 0;
    }

    private void grow()
    {
        final Region larger = Region.allocate(account, owner, 2L * capacity * entryLength);
        Memory.copy(run.address(), larger.address(), (long)used * entryLength);
        run.close();
        run = larger;
        capacity *= 2;
        order = Arrays.copyOf(order, capacity);
    }

    @Override
    public void close()
    {
        buckets.close();
        run.close();
    }
}
