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
 * A hash table in off-heap memory, with key and value inline, that grows by one segment at a time and takes part in
 * the snapshots of its {@link TableStore}.
 * <pre>
 *   entry:  | key bytes: a multiple of 8 | value bytes: a multiple of 8 |   value address = key address + keyLength
 * </pre>
 * Keys and values have one length each. A hash that is passed in must be the {@link KeyHash} of the key. An address
 * that a method returns is valid until the next call that inserts or removes a key of this table, clears it or drops
 * it; who writes to a value gets its address from {@code upsert}, {@code findForUpdate} or {@link
 * TableCursor#valueForUpdate()} first, after each barrier again. The methods with Long in their name are for keys of
 * 8 bytes and take the key, all others take the address of the key.
 * <p>
 * A table is open on one namespace at a time (a window slice, or 0 for a state that has none). It starts with 2 KiB, or
 * as large as it was when it was dropped, up to a MiB, if that takes no new memory: then to open it takes up to 0.1 ms,
 * in exchange for the splits; to drop it costs nothing. No method allocates on the heap once the store has seen its
 * largest number of live tables. For the task's thread only.
 */
public final class SegmentedTable
{
    /** The most bytes of a key: a key of the stream, and another one or a number behind it. */
    public static final int MAX_KEY_LENGTH = 96;

    private final TableStore store;
    private final SnapshotLedger ledger;
    private final SegmentSplitter splitter;
    private final SegmentEditor editor;
    private final BatchLookup lookup;
    private final int stateId;
    private final int keyLength;
    private final int entryLength;
    /** False when nothing is told of changes: then a change needs no look at the entry's state. */
    private final boolean tracked;
    private final long firstHash;
    private final long stretch;

    private SegmentDirectory directory;
    private long cells;
    private int shift;
    private long homeSlots;
    /** What it held when it was dropped. It begins as large the next time, if that takes no new memory. */
    private long lastSize;
    private long growths;
    private long modifications;
    private boolean created;

    SegmentedTable(
        final TableStore store,
        final SnapshotLedger ledger,
        final SegmentSplitter splitter,
        final SegmentEditor editor,
        final int stateId,
        final int keyLength,
        final int valueLength)
    {
        if (keyLength < 8 || keyLength > MAX_KEY_LENGTH || (keyLength & 7) != 0)
        {
            throw new IllegalArgumentException("keyLength=" + keyLength + " of stateId=" + stateId +
                " must be a multiple of 8 from 8 to " + MAX_KEY_LENGTH + ": pad the key with zeros");
        }
        if (valueLength < 0 || (valueLength & 7) != 0 || !fits(keyLength, valueLength))
        {
            throw new IllegalArgumentException("valueLength=" + valueLength + " of stateId=" + stateId +
                " must be a multiple of 8 from 0 to about 2000: pad it with zeros, or keep long values in parts");
        }
        this.store = store;
        this.ledger = ledger;
        this.splitter = splitter;
        this.editor = editor;
        this.stateId = stateId;
        this.keyLength = keyLength;
        entryLength = keyLength + valueLength;
        tracked = ledger.tracks();
        firstHash = store.firstHash();
        stretch = store.stretch();
        lookup = new BatchLookup(this, ledger, keyLength, entryLength, firstHash, stretch);
        shut();
    }

    /**
     * Whether entries are short enough for a table.
     *
     * @param keyLength   in bytes
     * @param valueLength in bytes
     * @return true when a segment holds enough of them
     */
    public static boolean fits(final int keyLength, final int valueLength)
    {
        return SegmentDescriptor.totalSlots(SegmentPool.SEGMENT_CLASS, keyLength + valueLength) >=
            SegmentDescriptor.MIN_SLOTS;
    }

    /**
     * Opens the table on a namespace, empty.
     *
     * @param namespace that deltas name its entries with
     * @return this
     * @throws IllegalStateException when it is open, or the memory limit is reached
     */
    public SegmentedTable open(final long namespace)
    {
        if (directory != null)
        {
            throw new IllegalStateException(
                "stateId=" + stateId + " is open on namespace=" + namespace() + ": drop it first");
        }
        final SegmentDirectory fresh = newDirectory(namespace);
        if (ledger.bringToHand(fresh.firstSegments(lastSize)))
        {
            fresh.widen(lastSize);
        }
        adopt(fresh);
        return this;
    }

    /** Removes every entry, in O(1). */
    public void clear()
    {
        requireOpen();
        final SegmentDirectory old = directory;
        final SegmentDirectory fresh = newDirectory(old.namespace());
        fresh.known(old.isKnown() || old.createdEpoch() < ledger.epoch());
        ledger.discard(old, false);
        adopt(fresh);
    }

    /** Closes the table and forgets its namespace with every entry, in O(1). It can be opened again at once. */
    public void drop()
    {
        requireOpen();
        lastSize = directory.size();
        ledger.discard(directory, true);
        shut();
    }

    /**
     * @return whether it is open; when not, every key is absent, and none can be inserted
     */
    public boolean isOpen()
    {
        return directory != null;
    }

    /**
     * @return number of entries
     */
    public long size()
    {
        return directory == null ? 0 : directory.size();
    }

    /**
     * @return the namespace that it is open on
     */
    public long namespace()
    {
        requireOpen();
        return directory.namespace();
    }

    /**
     * @return id of its state
     */
    public int stateId()
    {
        return stateId;
    }

    /**
     * @return length of a key in bytes
     */
    public int keyLength()
    {
        return keyLength;
    }

    /**
     * @return length of a value in bytes
     */
    public int valueLength()
    {
        return entryLength - keyLength;
    }

    /**
     * @return whether the last upsert created its entry
     */
    public boolean created()
    {
        return created;
    }

    /**
     * Where the entries of a hash lie in the order of a {@link TableCursor}.
     *
     * @param hash of a key
     * @return the place, unsigned: it grows along the order
     */
    public long place(final long hash)
    {
        return spread(hash);
    }

    /**
     * Looks an entry up to read it.
     *
     * @param hash       of the key
     * @param keyAddress of the key
     * @return address of the value, 0 when there is none
     */
    public long find(final long hash, final long keyAddress)
    {
        final long spread = (hash - firstHash) * stretch;
        final long cell = SegmentDirectory.cell(cells, shift, spread);
        final long segment = cell & SegmentDirectory.SEGMENT_MASK;
        final long slot = SegmentProbe.locate(segment, home(spread, cell), entryLength, keyAddress, keyLength);
        return slot == SegmentProbe.ABSENT ? 0 : entryAddress(segment, slot) + keyLength;
    }

    /**
     * Reads where a key would lie, so that it is in the cache when it is looked up soon.
     *
     * @param hash of the key
     * @return any number: use it, or the compiler leaves the read out
     */
    public long prefetch(final long hash)
    {
        final long spread = (hash - firstHash) * stretch;
        final long cell = SegmentDirectory.cell(cells, shift, spread);
        return Memory.getLong(entryAddress(cell & SegmentDirectory.SEGMENT_MASK, home(spread, cell)));
    }

    /**
     * Looks an entry up to change it.
     *
     * @param hash       of the key
     * @param keyAddress of the key
     * @return address of the value, 0 when there is none
     */
    public long findForUpdate(final long hash, final long keyAddress)
    {
        final long spread = (hash - firstHash) * stretch;
        final long cell = SegmentDirectory.cell(cells, shift, spread);
        final long segment = cell & SegmentDirectory.SEGMENT_MASK;
        final long slot = SegmentProbe.locate(segment, home(spread, cell), entryLength, keyAddress, keyLength);
        if (slot == SegmentProbe.ABSENT)
        {
            return 0;
        }
        touch(segment, slot);
        return entryAddress(segment, slot) + keyLength;
    }

    /**
     * Looks an entry up to change it, and creates it with a value of zeros if there is none.
     *
     * @param hash       of the key
     * @param keyAddress of the key
     * @return address of the value
     * @throws IllegalStateException when the table is closed, or the memory limit is reached; nothing has changed then
     */
    public long upsert(final long hash, final long keyAddress)
    {
        final long spread = (hash - firstHash) * stretch;
        final long cell = SegmentDirectory.cell(cells, shift, spread);
        final long segment = cell & SegmentDirectory.SEGMENT_MASK;
        final long slot = SegmentProbe.locate(segment, home(spread, cell), entryLength, keyAddress, keyLength);
        if (slot == SegmentProbe.ABSENT)
        {
            return insert(spread, keyAddress, false);
        }
        created = false;
        touch(segment, slot);
        return entryAddress(segment, slot) + keyLength;
    }

    /**
     * Removes an entry.
     *
     * @param hash       of the key
     * @param keyAddress of the key
     * @return whether there was one
     */
    public boolean remove(final long hash, final long keyAddress)
    {
        return remove(hash, keyAddress, false);
    }

    /**
     * {@link #find(long, long)} for a key of 8 bytes.
     *
     * @param hash of the key
     * @param key  the 8 bytes
     * @return address of the value, 0 when there is none
     */
    public long findLong(final long hash, final long key)
    {
        final long spread = (hash - firstHash) * stretch;
        final long cell = SegmentDirectory.cell(cells, shift, spread);
        final long segment = cell & SegmentDirectory.SEGMENT_MASK;
        final long slot = SegmentProbe.locateLong(segment, home(spread, cell), entryLength, key);
        return slot == SegmentProbe.ABSENT ? 0 : entryAddress(segment, slot) + Long.BYTES;
    }

    /**
     * {@link #findForUpdate(long, long)} for a key of 8 bytes.
     *
     * @param hash of the key
     * @param key  the 8 bytes
     * @return address of the value, 0 when there is none
     */
    public long findLongForUpdate(final long hash, final long key)
    {
        final long spread = (hash - firstHash) * stretch;
        final long cell = SegmentDirectory.cell(cells, shift, spread);
        final long segment = cell & SegmentDirectory.SEGMENT_MASK;
        final long slot = SegmentProbe.locateLong(segment, home(spread, cell), entryLength, key);
        if (slot == SegmentProbe.ABSENT)
        {
            return 0;
        }
        touch(segment, slot);
        return entryAddress(segment, slot) + Long.BYTES;
    }

    /**
     * {@link #upsert(long, long)} for a key of 8 bytes.
     *
     * @param hash of the key
     * @param key  the 8 bytes
     * @return address of the value
     */
    public long upsertLong(final long hash, final long key)
    {
        final long spread = (hash - firstHash) * stretch;
        final long cell = SegmentDirectory.cell(cells, shift, spread);
        final long segment = cell & SegmentDirectory.SEGMENT_MASK;
        final long slot = SegmentProbe.locateLong(segment, home(spread, cell), entryLength, key);
        if (slot == SegmentProbe.ABSENT)
        {
            return insertLong(spread, key);
        }
        created = false;
        touch(segment, slot);
        return entryAddress(segment, slot) + Long.BYTES;
    }

    /**
     * {@link #remove(long, long)} for a key of 8 bytes.
     *
     * @param hash of the key
     * @param key  the 8 bytes
     * @return whether there was one
     */
    public boolean removeLong(final long hash, final long key)
    {
        return remove(hash, keyInMemory(key), false);
    }

    /**
     * {@link #upsertLong} for a batch of keys, so that the misses of all overlap.
     *
     * @param keys    address of the keys, one after the other
     * @param count   of the keys, at most the length of {@code values} and of {@code created}
     * @param values  takes the address of the value of each key, all valid until the table is changed, or the next barrier
     * @param created takes the indexes of the keys that were new, from the lowest; the same key behind is not new. What
     *                lies behind them afterwards means nothing
     * @return how many were new
     * @throws IllegalStateException when the table is closed, or the memory limit is reached: keys before the one that
     *                               found no room are there then, new ones with a value of zeros
     */
    public int upsertAllLong(final long keys, final int count, final long[] values, final int[] created)
    {
        return lookup.upsertAllLong(keys, count, values, created);
    }

    /**
     * {@link #upsertAllLong} for keys of any length.
     *
     * @param keys    address of the keys, one after the other
     * @param count   of the keys, at most the length of {@code values} and of {@code created}
     * @param values  takes the address of the value of each key
     * @param created takes the indexes of the keys that were new
     * @return how many were new
     * @throws IllegalStateException as there
     */
    public int upsertAll(final long keys, final int count, final long[] values, final int[] created)
    {
        return lookup.upsertAll(keys, count, values, created);
    }

    /** Puts an entry in, or finds it, as one that no delta is to hold. */
    long restoreUpsert(final long hash, final long keyAddress)
    {
        requireRestorable();
        final long address = find(hash, keyAddress);
        directory.restored();
        return address == 0 ? insert(spread(hash), keyAddress, true) : address;
    }

    /** Removes an entry without a tombstone. */
    boolean restoreRemove(final long hash, final long keyAddress)
    {
        requireRestorable();
        return remove(hash, keyAddress, true);
    }

    /** Removes every entry without a record; the table stays open. */
    void restoreClear()
    {
        requireRestorable();
        final long namespace = directory.namespace();
        ledger.giveUp(directory);
        adopt(newDirectory(namespace));
        directory.restored();
    }

    /** {@link #drop} without a record: the delta that is restored has it. */
    void restoreDrop()
    {
        requireRestorable();
        ledger.giveUp(directory);
        shut();
    }

    /** Lets go of everything without a record. */
    void abandon()
    {
        directory = null;
        shut();
    }

    void barrierFull()
    {
        if (directory != null && directory.size() > 0)
        {
            ledger.barrierFull(directory);
        }
    }

    void touch(final long segment, final long slot)
    {
        if (tracked && (stateOf(segment, slot) & ledger.touchedState()) == 0)
        {
            ledger.touch(directory, segment, slot);
        }
    }

    SegmentDirectory directory()
    {
        return directory;
    }

    /** Whether the first write to an entry in this epoch, which is to be told of, may be still to come. */
    boolean isWatched()
    {
        return tracked && directory != null && !ledger.isTouched(directory);
    }

    /** Is another number when inserts have moved entries of this table. */
    long moves()
    {
        return editor.moves() + growths;
    }

    /** Of the directory: where its cells are. */
    long cells()
    {
        return cells;
    }

    /** Of the directory: by how much a hash is shifted to get the index of its cell. */
    int shift()
    {
        return shift;
    }

    /** Slots of a segment that are homes: the only segment of a small table was replaced when they are others. */
    long homeSlots()
    {
        return homeSlots;
    }

    long modifications()
    {
        return modifications;
    }

    long spread(final long hash)
    {
        return (hash - firstHash) * stretch;
    }

    long lowestHash()
    {
        return firstHash;
    }

    private long entryAddress(final long segment, final long slot)
    {
        return SegmentDescriptor.entryAddress(segment, slot, entryLength);
    }

    private long home(final long spread, final long cell)
    {
        return SegmentDescriptor.home(spread, (int)cell, homeSlots);
    }

    private int stateOf(final long segment, final long slot)
    {
        return Memory.getByte(SegmentDescriptor.stateAddress(segment, slot, entryLength));
    }

    private long insertLong(final long spread, final long key)
    {
        return insert(spread, keyInMemory(key), false);
    }

    private long insert(final long spread, final long keyAddress, final boolean restoring)
    {
        requireOpen();
        long entry = editor.insert(directory, spread, keyAddress, restoring);
        while (entry == 0)
        {
            grow(spread);
            entry = editor.insert(directory, spread, keyAddress, restoring);
        }
        modifications++;
        created = true;
        return entry + keyLength;
    }

    private void grow(final long spread)
    {
        try
        {
            splitter.grow(directory, spread);
        }
        finally
        {
            growths++;
            refresh();
        }
    }

    private boolean remove(final long hash, final long keyAddress, final boolean restoring)
    {
        final long spread = spread(hash);
        final long cell = SegmentDirectory.cell(cells, shift, spread);
        final long segment = cell & SegmentDirectory.SEGMENT_MASK;
        final int depth = (int)cell & SegmentDirectory.DEPTH_MASK;
        final long slot = SegmentProbe.locate(segment, home(spread, cell), entryLength, keyAddress, keyLength);
        if (slot == SegmentProbe.ABSENT)
        {
            return false;
        }
        editor.remove(directory, segment, depth, slot, restoring);
        modifications++;
        return true;
    }

    private long keyInMemory(final long key)
    {
        final long address = store.keyScratch();
        Memory.putLong(address, key);
        return address;
    }

    private SegmentDirectory newDirectory(final long namespace)
    {
        ledger.reserve(2);
        final SegmentDirectory fresh = ledger.takeDirectory();
        fresh.open(stateId, namespace, keyLength, entryLength, ledger.epoch());
        return fresh;
    }

    private void adopt(final SegmentDirectory opened)
    {
        directory = opened;
        modifications++;
        refresh();
    }

    private void refresh()
    {
        cells = directory.cells();
        shift = directory.shift();
        homeSlots = directory.homeSlots();
    }

    private void shut()
    {
        directory = null;
        cells = store.voidCells();
        shift = 63;
        homeSlots = 0;
        modifications++;
    }

    private void requireOpen()
    {
        if (directory == null)
        {
            throw new IllegalStateException("stateId=" + stateId + " is closed: open it on a namespace first");
        }
    }

    private void requireRestorable()
    {
        requireOpen();
        if (ledger.isSweeping())
        {
            throw new IllegalStateException("stateId=" + stateId + " is restored while epoch=" + (ledger.epoch() - 1) +
                " is swept: restore before the first barrier");
        }
    }
}
