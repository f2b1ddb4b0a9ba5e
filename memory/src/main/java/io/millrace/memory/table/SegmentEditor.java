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

import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;

import static io.millrace.memory.table.SegmentDescriptor.COUNT_OFFSET;
import static io.millrace.memory.table.SegmentDescriptor.OCCUPIED;
import static io.millrace.memory.table.SegmentDescriptor.THRESHOLD_OFFSET;

/**
 * Inserts into and removes from one segment, and keeps it sorted: clusters in order of hash and key bytes (ordered
 * hash tables: Amble, Knuth, Computer Journal'74), without gaps between an entry and its home. One for all tables of
 * a store.
 */
class SegmentEditor
{
    private final SnapshotLedger ledger;
    private final long firstHash;
    private final long stretch;
    private long moves;

    SegmentEditor(final SnapshotLedger ledger, final long firstHash, final long stretch)
    {
        this.ledger = ledger;
        this.firstHash = firstHash;
        this.stretch = stretch;
    }

    /**
     * Moves the entries of the cluster that come behind the new one by a slot, and writes it where it belongs, with a
     * value of zeros.
     * <p>
     * In one piece on purpose: C2 never inlines more than 325 bytes of bytecode (FreqInlineSize), so that lookups that
     * may insert stay small enough to be inlined themselves, also when they were compiled while a table was filled.
     *
     * @param restoring whether it counts as untouched
     * @return address of the new entry, or 0 when the segment must grow first
     */
    final long insert(
        final SegmentDirectory directory, final long spread, final long keyAddress, final boolean restoring)
    {
        final int entryLength = directory.entryLength();
        final int keyLength = directory.keyLength();
        final long cell = SegmentDirectory.cell(directory.cells(), directory.shift(), spread);
        final long segment = cell & SegmentDirectory.SEGMENT_MASK;
        final int count = Memory.getInt(segment + COUNT_OFFSET);
        final long home = SegmentDescriptor.home(
            spread, (int)cell & SegmentDirectory.DEPTH_MASK, directory.homeSlots());
        long slot = home;
        while (Memory.getByte(SegmentDescriptor.stateAddress(segment, slot, entryLength)) != 0)
        {
            slot++;
        }
        if (count >= Memory.getInt(segment + THRESHOLD_OFFSET) || slot >= directory.totalSlots() - 1)
        {
            return 0;
        }
        if (DebugMode.ENABLED && Memory.getByte(SegmentDescriptor.stateAddress(segment, slot + 1, entryLength)) != 0 &&
            !isBehind(SegmentDescriptor.entryAddress(segment, slot + 1, entryLength), spread, keyAddress, keyLength))
        {
            throw new IllegalStateException("slot=" + (slot + 1) + " of segment=" + segment + " of stateId=" +
                directory.stateId() + " is behind a free slot, but before a new key: the table is damaged, report it");
        }
        ledger.beforeChange(directory, segment);
        long entry = SegmentDescriptor.entryAddress(segment, slot, entryLength);
        while (slot > home)
        {
            final long before = SegmentDescriptor.entryAddress(segment, slot - 1, entryLength);
            if (!isBehind(before, spread, keyAddress, keyLength))
            {
                break;
            }
            EntryWords.copy(before, entry, entryLength);
            ledger.carry(directory, segment, slot - 1, slot);
            entry = before;
            slot--;
            moves++;
        }
        EntryWords.copy(keyAddress, entry, keyLength);
        EntryWords.zero(entry + keyLength, entryLength - keyLength);
        Memory.putByte(SegmentDescriptor.stateAddress(segment, slot, entryLength), (byte)OCCUPIED);
        Memory.putInt(segment + COUNT_OFFSET, count + 1);
        directory.size(directory.size() + 1);
        if (!restoring)
        {
            ledger.bear(directory, segment, slot);
        }
        return entry;
    }

    /** How many entries were moved by new ones, of whichever table. */
    final long moves()
    {
        return moves;
    }

    /**
     * Removes the entry in a slot, and moves displaced entries behind it back by a slot, up to one that is at home.
     *
     * @param depth     of the segment
     * @param removed   slot of the entry
     * @param restoring whether no tombstone is wanted
     */
    final void remove(
        final SegmentDirectory directory,
        final long segment,
        final int depth,
        final long removed,
        final boolean restoring)
    {
        final int entryLength = directory.entryLength();
        ledger.beforeChange(directory, segment);
        if (!restoring)
        {
            ledger.forget(directory, segment, removed);
        }
        long gap = removed;
        long entry = directory.entryAddress(segment, gap);
        while (Memory.getByte(directory.stateAddress(segment, gap + 1)) != 0)
        {
            final long following = directory.entryAddress(segment, gap + 1);
            final long home = SegmentDescriptor.home(
                spreadOf(following, directory.keyLength()), depth, directory.homeSlots());
            if (home > gap)
            {
                break;
            }
            EntryWords.copy(following, entry, entryLength);
            ledger.carry(directory, segment, gap + 1, gap);
            entry = following;
            gap++;
        }
        EntryWords.zero(entry, entryLength);
        Memory.putByte(directory.stateAddress(segment, gap), (byte)0);
        Memory.putInt(segment + COUNT_OFFSET, Memory.getInt(segment + COUNT_OFFSET) - 1);
        directory.size(directory.size() - 1);
    }

    /** Whether an entry comes behind a new one in canonical order. */
    boolean isBehind(final long entry, final long spread, final long keyAddress, final int keyLength)
    {
        final int order = Long.compareUnsigned(spreadOf(entry, keyLength), spread);
        return order > 0 || order == 0 && KeyOrder.compareBytes(entry, keyAddress, keyLength) > 0;
    }

    private long spreadOf(final long keyAddress, final int keyLength)
    {
        return (KeyHash.hash(keyAddress, keyLength) - firstHash) * stretch;
    }
}
