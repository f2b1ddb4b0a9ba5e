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

import io.millrace.memory.Memory;

/**
 * Looks the keys of a batch up at once. What takes time is to wait for memory, so it goes over the keys in short loops:
 * the first computes where each entry is at home and reads none, the second only touches the homes, so that as many
 * misses are under way as the processor can have, and the third compares. What does not lie at home, is new, or was not
 * touched since the barrier, is looked up one by one.
 */
final class BatchLookup
{
    /** A branch for each key that does not lie at home is worth it where they are at most one in eight. */
    private static final int FEW_SHIFT = 3;

    private final SegmentedTable table;
    private final SnapshotLedger ledger;
    private final int keyLength;
    private final int entryLength;
    private final long firstHash;
    private final long stretch;
    /** Whether many keys of the last batch did not lie at home. */
    private boolean scattered;
    /** What the second loop has read: kept, so that the compiler does not leave the loop out. */
    @SuppressWarnings("UnusedVariable")
    private long read;

    BatchLookup(
        final SegmentedTable table,
        final SnapshotLedger ledger,
        final int keyLength,
        final int entryLength,
        final long firstHash,
        final long stretch)
    {
        this.table = table;
        this.ledger = ledger;
        this.keyLength = keyLength;
        this.entryLength = entryLength;
        this.firstHash = firstHash;
        this.stretch = stretch;
    }

    /** {@link SegmentedTable#upsertAllLong}. */
    int upsertAllLong(final long keys, final int count, final long[] values, final int[] created)
    {
        final long cells = table.cells();
        final int shift = table.shift();
        final long homeSlots = table.homeSlots();
        final long firstHash = this.firstHash;
        final long stretch = this.stretch;
        final long stride = EntryPlace.stride(entryLength);
        for (int i = 0; i < count; i++)
        {
            final long spread = (KeyHash.hash(Memory.getLong(keys + ((long)i << 3))) - firstHash) * stretch;
            values[i] = home(spread, SegmentDirectory.cell(cells, shift, spread), homeSlots, stride);
        }
        touch(values, count);
        final boolean watched = table.isWatched();
        final int left = scattered || watched ?
            apartOfScattered(keys, count, watched, values, created) : apart(keys, count, values, created);
        scattered = left > count >> FEW_SHIFT;
        return left == 0 ? 0 : upsertLeft(keys, count, left, values, created);
    }

    /** {@link SegmentedTable#upsertAll}. */
    int upsertAll(final long keys, final int count, final long[] values, final int[] created)
    {
        final long cells = table.cells();
        final int shift = table.shift();
        final long homeSlots = table.homeSlots();
        final long firstHash = this.firstHash;
        final long stretch = this.stretch;
        final long stride = EntryPlace.stride(entryLength);
        final int keyLength = this.keyLength;
        for (int i = 0; i < count; i++)
        {
            final long spread = (KeyHash.hash(keys + (long)i * keyLength, keyLength) - firstHash) * stretch;
            values[i] = home(spread, SegmentDirectory.cell(cells, shift, spread), homeSlots, stride);
        }
        touch(values, count);
        final int left = apartOfWide(keys, count, values, created);
        return left == 0 ? 0 : upsertLeft(keys, count, left, values, created);
    }

    private static long home(final long spread, final long cell, final long homeSlots, final long stride)
    {
        return EntryPlace.of(cell & SegmentDirectory.SEGMENT_MASK,
            SegmentDescriptor.home(spread, (int)cell, homeSlots), stride);
    }

    private void touch(final long[] places, final int count)
    {
        long words = 0;
        for (int i = 0; i < count; i++)
        {
            words ^= Memory.getLong(EntryPlace.entry(places[i]));
        }
        read = words;
    }

    /**
     * Turns homes into addresses of values, and finds the keys that have to be looked up one by one. Of these is one of
     * zeros, since a word of zeros may be that of a gap.
     */
    private static int apart(final long keys, final int count, final long[] values, final int[] indexes)
    {
        int left = 0;
        for (int i = 0; i < count; i++)
        {
            final long entry = EntryPlace.entry(values[i]);
            final long key = Memory.getLong(keys + ((long)i << 3));
            values[i] = entry + Long.BYTES;
            if (Memory.getLong(entry) != key || key == 0)
            {
                indexes[left++] = i;
            }
        }
        return left;
    }

    /** The same without a branch, which is unpredictable where many do not lie at home or were not touched yet. */
    private int apartOfScattered(
        final long keys, final int count, final boolean watched, final long[] values, final int[] indexes)
    {
        final int touched = ledger.touchedState();
        int left = 0;
        for (int i = 0; i < count; i++)
        {
            final long place = values[i];
            final long entry = EntryPlace.entry(place);
            final long key = Memory.getLong(keys + ((long)i << 3));
            final long different = Memory.getLong(entry) ^ key;
            values[i] = entry + Long.BYTES;
            indexes[left] = i;
            long apart = (different | -different) >>> 63;
            if (watched)
            {
                apart |= untouched(place, touched);
            }
            if (key == 0)
            {
                apart = 1;
            }
            left += (int)apart;
        }
        return left;
    }

    private int apartOfWide(final long keys, final int count, final long[] values, final int[] indexes)
    {
        final int keyLength = this.keyLength;
        final boolean watched = table.isWatched();
        final int touched = ledger.touchedState();
        int left = 0;
        for (int i = 0; i < count; i++)
        {
            final long place = values[i];
            final long entry = EntryPlace.entry(place);
            final long key = keys + (long)i * keyLength;
            values[i] = entry + keyLength;
            if (Memory.getLong(key) == 0 || !EntryWords.equal(entry, key, keyLength) ||
                watched && untouched(place, touched) != 0)
            {
                indexes[left++] = i;
            }
        }
        return left;
    }

    /** 1 when a change is to be told of, which the ledger does with the segment, and 0 when it was; without a branch. */
    private long untouched(final long place, final int touched)
    {
        return (Memory.getByte(EntryPlace.state(place, entryLength)) & touched) - 1L >>> 63;
    }

    /**
     * Looks keys up one by one. When a new one moved entries, the addresses of all are looked at again.
     *
     * @param left    how many keys
     * @param indexes of them, from the lowest; takes those of the new ones
     * @return how many are new
     */
    private int upsertLeft(final long keys, final int count, final int left, final long[] values, final int[] indexes)
    {
        final long sameMoves = table.moves();
        final long sameSlots = table.homeSlots();
        int created = 0;
        for (int i = 0; i < left; i++)
        {
            final int index = indexes[i];
            values[index] = upsert(keys + (long)index * keyLength);
            indexes[created] = index;
            created += table.created() ? 1 : 0;
        }
        if (table.moves() != sameMoves)
        {
            // Memory of a segment that was replaced may be another one's by now.
            final boolean replaced = table.homeSlots() != sameSlots;
            for (int i = 0; i < count; i++)
            {
                final long key = keys + (long)i * keyLength;
                if (replaced || Memory.getLong(key) == 0 || !EntryWords.equal(values[i] - keyLength, key, keyLength))
                {
                    values[i] = upsert(key);
                }
            }
        }
        return created;
    }

    private long upsert(final long key)
    {
        return table.upsert(KeyHash.hash(key, keyLength), key);
    }
}
