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

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;

import java.util.Arrays;

import static io.millrace.operators.pattern.BlockDescriptor.ALSO_QUEUED;
import static io.millrace.operators.pattern.BlockDescriptor.BLOCK_CELLS;
import static io.millrace.operators.pattern.BlockDescriptor.BLOCK_USED;
import static io.millrace.operators.pattern.BlockDescriptor.DUE;
import static io.millrace.operators.pattern.BlockDescriptor.FIELDS;
import static io.millrace.operators.pattern.BlockDescriptor.LAST_WAITING;
import static io.millrace.operators.pattern.BlockDescriptor.NODE_LENGTH;
import static io.millrace.operators.pattern.BlockDescriptor.PAGES;
import static io.millrace.operators.pattern.BlockDescriptor.PAGE_CELLS;
import static io.millrace.operators.pattern.BlockDescriptor.PAGE_USED;
import static io.millrace.operators.pattern.BlockDescriptor.PARTIAL_LENGTH;
import static io.millrace.operators.pattern.BlockDescriptor.QUEUED;
import static io.millrace.operators.pattern.BlockDescriptor.ROOM;
import static io.millrace.operators.pattern.BlockDescriptor.TIME;

/**
 * The cells of the key that is open, see {@link BlockDescriptor}. The block is read and written where its table shows it.
 * Pages are copied when they are first asked for, and written back when the key is closed, if they were changed; so a key
 * with many costs what is touched of it. A cell goes to the first place that has room for it, so that what is kept gathers
 * in front. The last page goes when it is empty and will not be needed at once, the block when the key keeps nothing.
 * Addresses hold until the key is closed.
 */
final class KeyCells implements AutoCloseable
{
    /** Kinds of cells. */
    static final int RECORD = 0;
    static final int NODE = 1;
    static final int PARTIAL = 2;

    private static final int KINDS = 3;
    private static final int UNIT_BITS = 6;
    private static final int UNITS = 1 << UNIT_BITS;
    private static final int SMALLEST_UNIT = 16;
    /** Records are measured by units of their own when they are longer than so many of the smallest. */
    private static final int SMALL_RECORD = 128;
    private static final int FEWEST_RECORD_UNITS = 5;
    private static final int MOST_RECORD_UNITS = 8;
    private static final int BLOCK_LENGTH = 896;
    /** What is brought near of a block: more than most have in use. */
    private static final int NEAR_LENGTH = 512;
    private static final int PAGE_LENGTH = 384;

    private final OperatorContext context;
    private final KeyedTable blocks;
    private final KeyedTable pages;
    private final int keyLength;
    private final int pageKeyLength;
    private final int unit;
    private final int[] units = new int[KINDS];
    private final long blockUnits;
    /** As many units must be free in the block before the first page goes. */
    private final int blockRoom;
    private final long pageUnits;
    private final int pageLength;
    private final int nearLength;
    private final Region keyRegion;
    private final long key;
    private long hash;
    private long block;
    /** What was read ahead: kept, so that the compiler does not leave the reads out. */
    @SuppressWarnings("UnusedVariable")
    private long near;

    /** Which copy is of a page, plus 1; 0 when it has none. */
    private int[] copyOf = new int[16];
    private Region[] copies = new Region[4];
    /** The page that each copy is of; 0 when it is gone. */
    private int[] pageOf = new int[4];
    private boolean[] changed = new boolean[4];
    private int copyCount;

    KeyCells(final OperatorContext context, final int keyLength, final int recordLength)
    {
        this.context = context;
        this.keyLength = keyLength;
        final int recordCell = FIELDS + recordLength;
        unit = unit(recordCell);
        units[RECORD] = unitsOf(recordCell);
        units[NODE] = unitsOf(NODE_LENGTH);
        units[PARTIAL] = unitsOf(PARTIAL_LENGTH);
        final int unitsOfBlock = Math.min(UNITS, Math.max(1, BLOCK_LENGTH / unit));
        final int unitsOfPage = Math.min(UNITS, Math.max(units[RECORD], PAGE_LENGTH / unit));
        blockUnits = -1L >>> UNITS - unitsOfBlock;
        blockRoom = (unitsOfBlock + 3) / 4;
        pageUnits = -1L >>> UNITS - unitsOfPage;
        pageLength = PAGE_CELLS + unitsOfPage * unit;
        nearLength = Math.min(NEAR_LENGTH, BLOCK_CELLS + unitsOfBlock * unit);
        pageKeyLength = keyLength + Long.BYTES;
        keyRegion = Region.allocate(context.account(), context.name() + " pattern", pageKeyLength);
        key = keyRegion.address();
        blocks = context.state().keyedTable("blocks", keyLength, BLOCK_CELLS + unitsOfBlock * unit);
        context.state().describe("pages", StateForm.beginningWith(keyLength));
        pages = context.state().keyedTable("pages", pageKeyLength, pageLength);
    }

    /** Bytes of a unit, such that a record wastes little. */
    private static int unit(final int recordCell)
    {
        if (recordCell <= SMALL_RECORD)
        {
            return SMALLEST_UNIT;
        }
        int best = 0;
        int least = Integer.MAX_VALUE;
        for (int parts = MOST_RECORD_UNITS; parts >= FEWEST_RECORD_UNITS; parts--)
        {
            final int length = (recordCell + parts - 1) / parts + Long.BYTES - 1 & -Long.BYTES;
            if (length * parts < least)
            {
                least = length * parts;
                best = length;
            }
        }
        return best;
    }

    private int unitsOf(final int length)
    {
        return (length + unit - 1) / unit;
    }

    /** All blocks, in canonical order. */
    KeyedCursor cursor()
    {
        return blocks.cursor();
    }

    long prefetch(final long keyHash)
    {
        return blocks.prefetch(keyHash);
    }

    /** Brings near what is known to be wanted soon; to be used. */
    long prefetch(final long keyHash, final long address)
    {
        return blocks.prefetch(keyHash, address, nearLength);
    }

    /**
     * Looks up the blocks of some keys, to open each at what was found as long as no key is removed, and brings near
     * what adding a record will need.
     *
     * @return whether the table does so
     */
    boolean openAll(final long keys, final int count, final long[] found, final int[] created)
    {
        final int news = blocks.upsertAll(keys, count, found, created);
        for (int i = 0; i < news; i++)
        {
            initialize(found[created[i]]);
        }
        if (news == KeyedTable.ONE_AT_A_TIME)
        {
            return false;
        }
        long read = 0;
        for (int i = 0; i < count; i++)
        {
            final int last = Memory.getInt(found[i] + LAST_WAITING);
            read ^= Memory.getLong(found[i] + BLOCK_USED);
            if (last != 0 && last <= UNITS)
            {
                read ^= Memory.getLong(found[i] + BLOCK_CELLS + (long)(last - 1) * unit + TIME);
            }
        }
        near = read;
        return true;
    }

    /** Opens a key whose block {@link #openAll} found. */
    void openAt(final long found, final long keyHash, final long address)
    {
        hash = keyHash;
        Memory.copyWords(address, key, keyLength);
        block = found;
    }

    /** A key's block, to be read until the next call; 0 when it keeps nothing. */
    long find(final long keyHash, final long address)
    {
        return blocks.find(keyHash, address);
    }

    /** Opens a key. One that keeps nothing has nothing to do, and is queued for nothing. */
    void open(final long keyHash, final long address)
    {
        hash = keyHash;
        Memory.copyWords(address, key, keyLength);
        openAgain();
    }

    /** Opens the key that was closed last. */
    void openAgain()
    {
        block = blocks.upsert(hash, key);
        if (blocks.created())
        {
            initialize(block);
        }
    }

    private static void initialize(final long block)
    {
        Memory.putLong(block + DUE, PatternState.NEVER);
        Memory.putLong(block + QUEUED, PatternState.NEVER);
        Memory.putLong(block + ALSO_QUEUED, PatternState.NEVER);
    }

    /** Block of the key that is open. */
    long block()
    {
        return block;
    }

    long hash()
    {
        return hash;
    }

    /** Address of the open key's bytes. */
    long key()
    {
        return key;
    }

    /** Closes the key, whose changes are kept. */
    void closeKey()
    {
        for (int i = 0; i < copyCount; i++)
        {
            final int page = pageOf[i];
            if (page == 0)
            {
                continue;
            }
            if (changed[i])
            {
                final long row = pages.upsert(pageHash(page), key);
                Memory.copyWords(copies[i].address(), row, pageLength);
                pages.written();
            }
            copyOf[page] = 0;
        }
        copyCount = 0;
        blocks.written();
    }

    /** Closes the key, which keeps nothing any more. */
    void removeKey()
    {
        if (Memory.getLong(block + BLOCK_USED) != 0 || pageCount() != 0)
        {
            throw new IllegalStateException("operator " + context.name() + " drops a key with pages=" + pageCount() +
                " usedUnits=" + Long.bitCount(Memory.getLong(block + BLOCK_USED)) +
                ", which nothing refers to: a bug of the operator, report it");
        }
        copyCount = 0;
        blocks.remove(hash, key);
    }

    private int pageCount()
    {
        return Memory.getInt(block + PAGES);
    }

    /** Address of a cell, to be read. */
    long at(final int cell)
    {
        final int page = cell - 1 >>> UNIT_BITS;
        final long offset = (long)(cell - 1 & UNITS - 1) * unit;
        return page == 0 ? block + BLOCK_CELLS + offset : copy(page, false) + PAGE_CELLS + offset;
    }

    /** Address of a cell, to be written. */
    long change(final int cell)
    {
        final int page = cell - 1 >>> UNIT_BITS;
        final long offset = (long)(cell - 1 & UNITS - 1) * unit;
        return page == 0 ? block + BLOCK_CELLS + offset : copy(page, true) + PAGE_CELLS + offset;
    }

    /** A new cell, with any content. */
    int add(final int kind)
    {
        int page = Math.min(Memory.getInt(room(kind)), pageCount() + 1);
        long room = page > pageCount() ? 0 : runs(freeOf(page), units[kind]);
        while (room == 0)
        {
            page = Math.min(page + 1, pageCount() + 1);
            if (page > pageCount())
            {
                addPage();
            }
            room = runs(freeOf(page), units[kind]);
        }
        Memory.putInt(room(kind), page);
        final int first = Long.numberOfTrailingZeros(room);
        final long used = page == 0 ? block + BLOCK_USED : copy(page, true) + PAGE_USED;
        Memory.putLong(used, Memory.getLong(used) | mask(kind) << first);
        return (page << UNIT_BITS | first) + 1;
    }

    /** Where the first page with room for a kind is kept. */
    private long room(final int kind)
    {
        return block + ROOM + (long)kind * Integer.BYTES;
    }

    private long mask(final int kind)
    {
        return -1L >>> UNITS - units[kind];
    }

    private long freeOf(final int page)
    {
        if (page == 0)
        {
            return ~Memory.getLong(block + BLOCK_USED) & blockUnits;
        }
        final int copy = page < copyOf.length ? copyOf[page] : 0;
        return ~Memory.getLong((copy != 0 ? copies[copy - 1].address() : findPage(page)) + PAGE_USED) & pageUnits;
    }

    /** The places at which so many units side by side begin, of those that are free. */
    private static long runs(final long free, final int length)
    {
        long runs = free;
        for (int i = 1; i < length; i++)
        {
            runs &= runs >>> 1;
        }
        return runs;
    }

    /** Gives the units of a cell back. */
    void free(final int kind, final int cell)
    {
        final int page = cell - 1 >>> UNIT_BITS;
        final long units = mask(kind) << cell - 1;
        final long used = page == 0 ? block + BLOCK_USED : copy(page, true) + PAGE_USED;
        final long left = Memory.getLong(used) & ~units;
        Memory.putLong(used, left);
        for (long room = block + ROOM; room < block + ROOM + KINDS * Integer.BYTES; room += Integer.BYTES)
        {
            if (page < Memory.getInt(room))
            {
                Memory.putInt(room, page);
            }
        }
        final int last = pageCount();
        if (last != 0 && (page == 0 ? last == 1 : page == last && left == 0))
        {
            removeEmptyPages();
        }
    }

    /** Removes empty pages at the end; the first one only when the block has room, or it would soon be needed again. */
    private void removeEmptyPages()
    {
        int last = pageCount();
        while ((last > 1 || last == 1 && Long.bitCount(freeOf(0)) >= blockRoom) && freeOf(last) == pageUnits)
        {
            pages.remove(pageHash(last), key);
            if (last < copyOf.length && copyOf[last] != 0)
            {
                pageOf[copyOf[last] - 1] = 0;
                copyOf[last] = 0;
            }
            last--;
        }
        Memory.putInt(block + PAGES, last);
    }

    private void addPage()
    {
        final int page = pageCount() + 1;
        final long copy = newCopy(page);
        Memory.zero(copy, pageLength);
        changed[copyCount - 1] = true;
        Memory.putInt(block + PAGES, page);
    }

    private long copy(final int page, final boolean toChange)
    {
        final int known = page < copyOf.length ? copyOf[page] : 0;
        if (known == 0)
        {
            final long row = findPage(page);
            final long copy = newCopy(page);
            Memory.copyWords(row, copy, pageLength);
            changed[copyCount - 1] = toChange;
            return copy;
        }
        if (toChange)
        {
            changed[known - 1] = true;
        }
        return copies[known - 1].address();
    }

    private long newCopy(final int page)
    {
        if (page >= copyOf.length)
        {
            copyOf = Arrays.copyOf(copyOf, Math.max(page + 1, copyOf.length * 2));
        }
        if (copyCount == copies.length)
        {
            copies = Arrays.copyOf(copies, copyCount * 2);
            pageOf = Arrays.copyOf(pageOf, copyCount * 2);
            changed = Arrays.copyOf(changed, copyCount * 2);
        }
        if (copies[copyCount] == null)
        {
            copies[copyCount] = Region.allocate(context.account(), context.name() + " pattern", pageLength);
        }
        pageOf[copyCount] = page;
        copyCount++;
        copyOf[page] = copyCount;
        return copies[copyCount - 1].address();
    }

    private long findPage(final int page)
    {
        final long row = pages.find(pageHash(page), key);
        if (row == 0)
        {
            throw new IllegalStateException("operator " + context.name() + " misses page=" + page + " of pages=" +
                pageCount() + " of a key: the state is not what the operator wrote, or a bug of the operator: report it");
        }
        return row;
    }

    /** Completes the key of a page, and gives its hash. */
    private long pageHash(final int page)
    {
        Memory.putLong(key + keyLength, page);
        return KeyHash.hash(key, pageKeyLength);
    }

    @Override
    public void close()
    {
        keyRegion.close();
        for (final Region copy : copies)
        {
            if (copy != null)
            {
                copy.close();
            }
        }
    }
}
