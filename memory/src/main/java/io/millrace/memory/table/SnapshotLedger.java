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

import java.util.ArrayDeque;

import static io.millrace.memory.table.SegmentDescriptor.BORN;
import static io.millrace.memory.table.SegmentDescriptor.FULL_EPOCH_OFFSET;
import static io.millrace.memory.table.SegmentDescriptor.IN_EACH_BYTE;
import static io.millrace.memory.table.SegmentDescriptor.OCCUPIED;
import static io.millrace.memory.table.SegmentDescriptor.SLOTS_PER_WORD;

/**
 * Knows what was touched in which epoch, and what of the last epoch is still to be saved. The rules that a snapshot
 * rests on, one small method each (after CALC: Ren, Diamond, Abadi, Thomson, SIGMOD'16; one writer, so no atomics):
 * <ol>
 * <li>A barrier is accepted only when nothing is unsaved and limbo is empty: {@link #barrierReady()}.
 * <li>An unsaved entry is always reachable from the old list: {@link #list(SegmentDirectory, long)}.
 * <li>The first write to an unsaved entry saves its old image first: {@link #touch(SegmentDirectory, long, long)}.
 * <li>A split saves the old entries first, and lists the current ones under all children:
 * {@link #saveAll(SegmentDirectory, long)}, {@link #inherit(SegmentDirectory, long)}.
 * <li>An entry that moves takes its bits along: {@link #carry(SegmentDirectory, long, long, long)}.
 * <li>A removed key goes to the log of the current epoch, unless it was created in it: {@link
 * #forget(SegmentDirectory, long, long)}. The log is the first part of that epoch's delta, so tombstones precede
 * upserts.
 * <li>Clearing is logged, and hands over the directory to limbo until it is swept: {@link #discard(SegmentDirectory,
 * boolean)}.
 * </ol>
 * Parity {@code epoch & 1} names the lists and state bits of the current epoch, the other one those of the old. As
 * nothing is unsaved at a barrier, the old bits are all zero then, and changing parity is all there is to do. Limbo
 * is not a list of its own: a detached directory stays in the old list until it is swept.
 */
class SnapshotLedger
{
    private static final int ENTRIES_PER_SEGMENT_FREED = 16;

    private final SegmentPool pool;
    private final boolean enabled;
    private final SegmentDirectory[] heads = new SegmentDirectory[2];
    private final long[] totals = new long[2];
    private final ArrayDeque<SegmentDirectory> idle = new ArrayDeque<>();
    private DeltaWriter log;
    private DeltaWriter delta;
    private SegmentDirectory retired;
    private long epoch = 1;
    private int parity = 1;
    private int touchedState = SegmentDescriptor.touched(1);
    private boolean sweeping;

    SnapshotLedger(final SegmentPool pool, final DeltaOutlet outlet)
    {
        this.pool = pool;
        enabled = outlet != null;
        log = new DeltaWriter(outlet);
        delta = new DeltaWriter(outlet);
        log.begin(epoch);
        log.hold();
    }

    /** Whether there are snapshots, for which it must be known what was touched. */
    final boolean tracks()
    {
        return enabled;
    }

    /** The state bit that says: touched in the current epoch. */
    final int touchedState()
    {
        return touchedState;
    }

    final int oldState()
    {
        return SegmentDescriptor.touched(parity ^ 1);
    }

    final long epoch()
    {
        return epoch;
    }

    final boolean isSweeping()
    {
        return sweeping;
    }

    final DeltaWriter delta()
    {
        return delta;
    }

    boolean barrierReady()
    {
        return enabled && !sweeping && heads[parity ^ 1] == null;
    }

    final void startAt(final long first)
    {
        if (epoch != 1 || totals[0] != 0 || totals[1] != 0 || log.bytes() != 0 || first < 1)
        {
            throw new IllegalStateException("epoch=" + epoch + " cannot be changed to epoch=" + first +
                ": set it, above 0, before anything is touched");
        }
        epoch = first;
        parity = (int)(first & 1);
        touchedState = SegmentDescriptor.touched(parity);
        log.begin(epoch);
    }

    /** Starts the next epoch: what was touched becomes unsaved. */
    void barrier()
    {
        final DeltaWriter finished = delta;
        delta = log;
        delta.release();
        log = finished;
        epoch++;
        parity ^= 1;
        touchedState = SegmentDescriptor.touched(parity);
        log.begin(epoch);
        log.hold();
        sweeping = true;
    }

    /** Makes all entries of a directory unsaved, after the barrier. */
    void barrierFull(final SegmentDirectory directory)
    {
        final int old = parity ^ 1;
        totals[old] += directory.size() - directory.touched(old);
        directory.touched(old, directory.size());
        directory.full(true);
        link(directory, old);
    }

    /** Whether every entry was written to in this epoch, so that there is no first write any more. */
    boolean isTouched(final SegmentDirectory directory)
    {
        return directory.touched(parity) == directory.size();
    }

    /** First write to an entry in this epoch. */
    void touch(final SegmentDirectory directory, final long segment, final long slot)
    {
        beforeChange(directory, segment);
        if ((Memory.getByte(directory.stateAddress(segment, slot)) & oldState()) != 0)
        {
            save(directory, segment, slot);
        }
        final long state = directory.stateAddress(segment, slot);
        Memory.putByte(state, (byte)(Memory.getByte(state) & ~BORN | touchedState));
        count(directory, parity, 1);
        list(directory, segment);
    }

    /** A new entry. */
    void bear(final SegmentDirectory directory, final long segment, final long slot)
    {
        Memory.putByte(directory.stateAddress(segment, slot), (byte)(OCCUPIED | BORN | touchedState));
        count(directory, parity, 1);
        list(directory, segment);
    }

    /** An entry that is about to be removed. */
    void forget(final SegmentDirectory directory, final long segment, final long slot)
    {
        if ((Memory.getByte(directory.stateAddress(segment, slot)) & oldState()) != 0)
        {
            save(directory, segment, slot);
        }
        final int state = Memory.getByte(directory.stateAddress(segment, slot));
        final boolean isTouched = (state & touchedState) != 0;
        if (isTouched)
        {
            count(directory, parity, -1);
        }
        if (!isTouched || (state & BORN) == 0)
        {
            tombstone(directory, directory.entryAddress(segment, slot));
        }
    }

    /** Before a segment's first change: makes its entries unsaved if a full snapshot runs and has not come here. */
    void beforeChange(final SegmentDirectory directory, final long segment)
    {
        if (directory.isFull() && Memory.getLong(segment + FULL_EPOCH_OFFSET) != epoch)
        {
            Memory.putLong(segment + FULL_EPOCH_OFFSET, epoch);
            for (int slot = 0; slot < directory.totalSlots(); slot += SLOTS_PER_WORD)
            {
                final long address = directory.stateAddress(segment, slot);
                final long word = Memory.getLong(address);
                Memory.putLong(address, word | (word & IN_EACH_BYTE * OCCUPIED) * oldState());
            }
        }
    }

    void list(final SegmentDirectory directory, final long segment)
    {
        directory.list(segment, parity);
        link(directory, parity);
    }

    /** Writes the image of an entry at the last barrier, which it still has. */
    void save(final SegmentDirectory directory, final long segment, final long slot)
    {
        delta.upsert(
            directory.stateId(), directory.namespace(), directory.entryAddress(segment, slot), directory.entryLength());
        final long state = directory.stateAddress(segment, slot);
        Memory.putByte(state, (byte)(Memory.getByte(state) & ~oldState()));
        count(directory, parity ^ 1, -1);
    }

    /** Saves what is unsaved in a segment that is about to be taken apart. */
    void saveAll(final SegmentDirectory directory, final long segment)
    {
        beforeChange(directory, segment);
        saveSome(directory, segment, Integer.MAX_VALUE);
    }

    /** A segment that was made of entries of another one. */
    void inherit(final SegmentDirectory directory, final long segment)
    {
        if (directory.isFull())
        {
            Memory.putLong(segment + FULL_EPOCH_OFFSET, epoch);
        }
        for (int slot = 0; slot < directory.totalSlots(); slot += SLOTS_PER_WORD)
        {
            if ((Memory.getLong(directory.stateAddress(segment, slot)) & IN_EACH_BYTE * touchedState) != 0)
            {
                list(directory, segment);
                return;
            }
        }
    }

    /** An entry moves to another slot. */
    void carry(final SegmentDirectory directory, final long segment, final long from, final long to)
    {
        Memory.putByte(directory.stateAddress(segment, to), Memory.getByte(directory.stateAddress(segment, from)));
    }

    void tombstone(final SegmentDirectory directory, final long keyAddress)
    {
        if (enabled)
        {
            log.tombstone(directory.stateId(), directory.namespace(), keyAddress, directory.keyLength());
        }
    }

    void logClear(final SegmentDirectory directory)
    {
        log.clear(directory.stateId(), directory.namespace());
    }

    void logDrop(final SegmentDirectory directory)
    {
        log.drop(directory.stateId(), directory.namespace());
    }

    /** A directory that its table has let go of. */
    void discard(final SegmentDirectory directory, final boolean drop)
    {
        if (enabled && drop && (directory.isKnown() || directory.createdEpoch() < epoch))
        {
            logDrop(directory);
        }
        else if (enabled && !drop && directory.createdEpoch() < epoch)
        {
            logClear(directory);
        }
        giveUp(directory);
    }

    /** A directory that is let go of without a record. */
    final void giveUp(final SegmentDirectory directory)
    {
        directory.detach();
        count(directory, parity, -directory.touched(parity));
        directory.abandonList(parity);
        if (directory.isListed(parity))
        {
            heads[parity] = directory.unlink(heads[parity], parity);
        }
        if (!isInLimbo(directory))
        {
            retire(directory);
        }
    }

    /** Whether a detached directory has entries that are not saved yet. */
    boolean isInLimbo(final SegmentDirectory directory)
    {
        return directory.isListed(parity ^ 1);
    }

    /**
     * Saves entries of the old epoch, then gives segments of retired directories back.
     *
     * @param maxEntries bound of the work
     * @return entries that are left to be saved, 0 when the delta is complete
     */
    int sweep(final int maxEntries)
    {
        final int old = parity ^ 1;
        int budget = maxEntries;
        while (budget > 0 && heads[old] != null)
        {
            budget = sweep(heads[old], budget);
        }
        if (heads[old] != null)
        {
            return (int)Math.max(1, Math.min(totals[old], Integer.MAX_VALUE));
        }
        if (sweeping)
        {
            delta.finish();
            sweeping = false;
        }
        for (; budget > 0 && retired != null; budget -= ENTRIES_PER_SEGMENT_FREED)
        {
            reclaim(1);
        }
        return 0;
    }

    /** Makes sure that a number of segments can be taken: first from retired directories, then from the pool. */
    void reserve(final int segments)
    {
        if (!bringToHand(segments))
        {
            pool.reserve(segments);
        }
    }

    /** Frees segments of retired directories; true when so many segments can be taken without allocation then. */
    boolean bringToHand(final int segments)
    {
        while (retired != null && pool.freeSegments() < segments)
        {
            reclaim(segments);
        }
        return pool.freeSegments() >= segments;
    }

    SegmentDirectory takeDirectory()
    {
        final SegmentDirectory directory = idle.pollLast();
        return directory == null ? new SegmentDirectory(pool) : directory;
    }

    void giveDirectory(final SegmentDirectory directory)
    {
        idle.addLast(directory);
    }

    void close()
    {
        log.abort();
        delta.abort();
    }

    private int sweep(final SegmentDirectory directory, final int maxEntries)
    {
        final int old = parity ^ 1;
        int budget = maxEntries;
        while (directory.isFull() && budget > 0)
        {
            final long segment = directory.cell(directory.position()) & SegmentDirectory.SEGMENT_MASK;
            beforeChange(directory, segment);
            final int saved = saveSome(directory, segment, budget);
            if (saved == budget)
            {
                return 0;
            }
            budget -= saved + 1;
            directory.position(directory.positionBehind(directory.position()));
            if (directory.position() == 0)
            {
                directory.full(false);
            }
        }
        while (budget > 0)
        {
            final long segment = directory.firstListed(old);
            if (segment == 0)
            {
                heads[old] = directory.unlink(heads[old], old);
                if (directory.isDetached())
                {
                    retire(directory);
                }
                return budget;
            }
            final int saved = saveSome(directory, segment, budget);
            if (saved == budget)
            {
                return 0;
            }
            directory.unlistFirst(old);
            budget -= saved + 1;
        }
        return 0;
    }

    private int saveSome(final SegmentDirectory directory, final long segment, final int maxEntries)
    {
        final long unsaved = IN_EACH_BYTE * oldState();
        int saved = 0;
        for (int first = 0; first < directory.totalSlots(); first += SLOTS_PER_WORD)
        {
            final long states = Memory.getLong(directory.stateAddress(segment, first));
            for (long word = states & unsaved; word != 0; word &= word - 1)
            {
                if (saved == maxEntries)
                {
                    return saved;
                }
                save(directory, segment, first + (Long.numberOfTrailingZeros(word) >> 3));
                saved++;
            }
        }
        return saved;
    }

    private void link(final SegmentDirectory directory, final int listParity)
    {
        if (!directory.isListed(listParity))
        {
            heads[listParity] = directory.linkBefore(heads[listParity], listParity);
        }
    }

    private void count(final SegmentDirectory directory, final int listParity, final long change)
    {
        directory.touched(listParity, directory.touched(listParity) + change);
        totals[listParity] += change;
    }

    private void retire(final SegmentDirectory directory)
    {
        directory.position(0);
        if (directory.positionBehind(0) == 0 && directory.free(1))
        {
            giveDirectory(directory);
        }
        else
        {
            directory.nextRetired(retired);
            retired = directory;
        }
    }

    private void reclaim(final int segments)
    {
        final SegmentDirectory directory = retired;
        if (directory.free(segments))
        {
            retired = directory.nextRetired();
            directory.nextRetired(null);
            giveDirectory(directory);
        }
    }
}
