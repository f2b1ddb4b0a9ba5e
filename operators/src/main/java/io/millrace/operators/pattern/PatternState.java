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
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;

import static io.millrace.operators.pattern.BlockDescriptor.ALSO_QUEUED;
import static io.millrace.operators.pattern.BlockDescriptor.CAUSE;
import static io.millrace.operators.pattern.BlockDescriptor.DUE;
import static io.millrace.operators.pattern.BlockDescriptor.EVENT;
import static io.millrace.operators.pattern.BlockDescriptor.EVENTS;
import static io.millrace.operators.pattern.BlockDescriptor.EVENT_REFERENCES;
import static io.millrace.operators.pattern.BlockDescriptor.FIELDS;
import static io.millrace.operators.pattern.BlockDescriptor.FIRST_COMPLETE;
import static io.millrace.operators.pattern.BlockDescriptor.FIRST_EVENT;
import static io.millrace.operators.pattern.BlockDescriptor.FIRST_PARTIAL;
import static io.millrace.operators.pattern.BlockDescriptor.FIRST_WAITING;
import static io.millrace.operators.pattern.BlockDescriptor.LAST_WAITING;
import static io.millrace.operators.pattern.BlockDescriptor.LENGTH;
import static io.millrace.operators.pattern.BlockDescriptor.NEXT;
import static io.millrace.operators.pattern.BlockDescriptor.NEXT_WAITING;
import static io.millrace.operators.pattern.BlockDescriptor.NODE;
import static io.millrace.operators.pattern.BlockDescriptor.NODE_BEFORE;
import static io.millrace.operators.pattern.BlockDescriptor.NODE_REFERENCES;
import static io.millrace.operators.pattern.BlockDescriptor.ORDER;
import static io.millrace.operators.pattern.BlockDescriptor.PROCESSED;
import static io.millrace.operators.pattern.BlockDescriptor.QUEUED;
import static io.millrace.operators.pattern.BlockDescriptor.STAGE;
import static io.millrace.operators.pattern.BlockDescriptor.STATE;
import static io.millrace.operators.pattern.BlockDescriptor.TIME;
import static io.millrace.operators.pattern.BlockDescriptor.WAITING_BEFORE;

/**
 * What a pattern keeps of its keys, that of each in a block of its own, see {@link BlockDescriptor}: records that wait for
 * the watermark, records in partial matches, and the partial matches, which share what they began with.
 * <pre>
 *   block of the key --> partial --> partial ...        each ends at a node
 *                    --> record that waits --> ...      by time
 *   node --> node before --> ...                        a match, from its last record to its first
 *        --> record                                     counts how many nodes refer to it
 *        --> first record                               has the time and the order that the match started with
 * </pre>
 * Nodes and records count what refers to them, and go with the last reference, so that a key without partial matches
 * and waiting records keeps nothing. One key is open at a time, in {@link KeyCells}.
 * <p>
 * The keys that are due are found by {@link DueKeys}, which is derived from the blocks. A key is queued for the time that
 * it is due, or for one before it: when that comes first, it is queued again. So the limit of the oldest partial match is
 * not queued for once more behind every record, and a block knows of two entries.
 */
final class PatternState implements AutoCloseable
{
    /** Time of a key that has nothing to do. */
    static final long NEVER = Long.MAX_VALUE;

    /** The blocks of so many keys are brought near at a time, so that the waits for all of them overlap. */
    private static final int NEAR = 16;

    final PartialMatches stored = new PartialMatches();
    final PartialMatches storedComplete = new PartialMatches();
    PartialMatches live = new PartialMatches();
    PartialMatches complete = new PartialMatches();

    private final KeyCells cells;
    private final DueKeys dueKeys;
    private final Region scratch;
    private final int keyLength;
    private final int blockLength;
    private final int recordLength;
    /** Slot with a copy of the record that is processed, and one with that of a record which waits. */
    private final long current;
    private final long shown;

    private int currentEvent;
    private int currentReferences;
    private long currentOrder;
    /** What was read ahead: kept, so that the compiler does not leave the reads out. */
    @SuppressWarnings("UnusedVariable")
    private long prefetched;

    PatternState(final OperatorContext context, final int keyLength, final int blockLength)
    {
        this.keyLength = keyLength;
        this.blockLength = blockLength;
        recordLength = blockLength + Long.BYTES - 1 & -Long.BYTES;
        final int slotLength = SlotDescriptor.HEADER_LENGTH + recordLength;
        scratch = Region.allocate(context.account(), context.name() + " pattern", 2L * slotLength);
        current = scratch.address();
        shown = current + slotLength;
        cells = new KeyCells(context, keyLength, recordLength);
        dueKeys = new DueKeys(context.account(), context.name() + " due keys", keyLength);
    }

    /** Finds the keys that have something to do, after the tables were restored. */
    void start()
    {
        final KeyedCursor cursor = cells.cursor();
        while (cursor.next())
        {
            final long hash = KeyHash.hash(cursor.key(), keyLength);
            queue(Memory.getLong(cursor.value() + QUEUED), hash, cursor.key());
            queue(Memory.getLong(cursor.value() + ALSO_QUEUED), hash, cursor.key());
        }
    }

    private void queue(final long time, final long hash, final long key)
    {
        if (time != NEVER)
        {
            dueKeys.add(time, hash, key);
        }
    }

    /** The record that is processed, header and all. */
    long current()
    {
        return current;
    }

    long currentTime()
    {
        return SlotDescriptor.timestamp(current);
    }

    /** Looks up the blocks of some keys at once; false when each is to be opened by itself. */
    boolean openAll(final long keys, final int count, final long[] found, final int[] created)
    {
        return cells.openAll(keys, count, found, created);
    }

    /** Opens a key whose block {@link #openAll} found. */
    void openAt(final long found, final long hash, final long key)
    {
        cells.openAt(found, hash, key);
    }

    /** Opens a key. */
    void open(final long hash, final long key)
    {
        cells.open(hash, key);
    }

    /** Opens the key that was closed last. */
    void openAgain()
    {
        cells.openAgain();
    }

    /** How many records the open key has. */
    int events()
    {
        return Memory.getInt(cells.block() + EVENTS);
    }

    private void addEvents(final int change)
    {
        Memory.putInt(cells.block() + EVENTS, events() + change);
    }

    private int first(final int field)
    {
        return Memory.getInt(cells.block() + field);
    }

    /** Time of the key that is due next at or before a time; {@link #NEVER} when none is. What no longer holds is dropped. */
    long nextDue(final long now)
    {
        while (dueKeys.isDue(now))
        {
            if (dueKeys.isAtMark())
            {
                bringNear();
            }
            final long time = dueKeys.time();
            final long block = cells.find(dueKeys.hash(), dueKeys.key());
            if (block == 0)
            {
                dueKeys.removeFirst();
                continue;
            }
            if (Memory.getLong(block + DUE) == time)
            {
                return time;
            }
            final boolean known =
                Memory.getLong(block + QUEUED) == time || Memory.getLong(block + ALSO_QUEUED) == time;
            if (known)
            {
                takeDue();
                queue(Memory.getLong(cells.block() + DUE));
                cells.closeKey();
            }
            else
            {
                dueKeys.removeFirst();
            }
        }
        return NEVER;
    }

    private void bringNear()
    {
        final int count = dueKeys.mark(NEAR);
        long read = 0;
        for (int i = 0; i < count; i++)
        {
            read ^= cells.prefetch(dueKeys.hashAhead(i));
        }
        for (int i = 0; i < count; i++)
        {
            read ^= cells.prefetch(dueKeys.hashAhead(i), dueKeys.keyAhead(i));
        }
        prefetched = read;
    }

    /** Opens the key that {@link #nextDue} is of. */
    void openDue()
    {
        takeDue();
        load(stored, first(FIRST_PARTIAL));
        load(storedComplete, first(FIRST_COMPLETE));
    }

    private void takeDue()
    {
        final long time = dueKeys.time();
        cells.open(dueKeys.hash(), dueKeys.key());
        dueKeys.removeFirst();
        final long block = cells.block();
        final long also = Memory.getLong(block + ALSO_QUEUED);
        if (Memory.getLong(block + QUEUED) == time)
        {
            Memory.putLong(block + QUEUED, also);
            Memory.putLong(block + ALSO_QUEUED, NEVER);
        }
        else if (also == time)
        {
            Memory.putLong(block + ALSO_QUEUED, NEVER);
        }
    }

    /** Queues the open key for a time, unless it is for one at or before that. */
    private void queue(final long time)
    {
        final long block = cells.block();
        final long queued = Memory.getLong(block + QUEUED);
        if (time < queued)
        {
            if (Memory.getLong(block + ALSO_QUEUED) == NEVER)
            {
                Memory.putLong(block + ALSO_QUEUED, queued);
            }
            Memory.putLong(block + QUEUED, time);
            dueKeys.add(time, cells.hash(), cells.key());
        }
    }

    /** Reads the partial matches of the key that was opened. */
    void loadPartials()
    {
        load(stored, first(FIRST_PARTIAL));
        load(storedComplete, first(FIRST_COMPLETE));
        copyStored();
    }

    /** Makes what is stored what will be. */
    void copyStored()
    {
        live.clear();
        for (int i = 0; i < stored.count; i++)
        {
            live.addFrom(stored, i);
        }
        copyStoredComplete();
    }

    void copyStoredComplete()
    {
        complete.clear();
        for (int i = 0; i < storedComplete.count; i++)
        {
            complete.addFrom(storedComplete, i);
        }
    }

    private void load(final PartialMatches list, final int first)
    {
        list.clear();
        int next = first;
        while (next != 0)
        {
            final int index = list.add(next, list.count);
            final long cell = cells.at(next);
            next = Memory.getInt(cell + NEXT);
            final int node = Memory.getInt(cell + NODE);
            final int state = Memory.getInt(cell + STATE);
            final long nodeCell = cells.at(node);
            final long last = cells.at(Memory.getInt(nodeCell + EVENT));
            final long start = cells.at(Memory.getInt(nodeCell + FIRST_EVENT));
            list.set(index, node, Memory.getLong(start + TIME), Memory.getLong(last + TIME),
                Memory.getLong(start + ORDER), state, Memory.getInt(nodeCell + LENGTH));
        }
    }

    /**
     * Closes the key.
     *
     * @param partialsDue when the first of the partial matches times out
     */
    void close(final long partialsDue)
    {
        final int firstPartial = store(stored, live);
        final int firstComplete = store(storedComplete, complete);
        final int firstWaiting = first(FIRST_WAITING);
        if (firstPartial == 0 && firstComplete == 0 && firstWaiting == 0)
        {
            cells.removeKey();
            return;
        }
        final long block = cells.block();
        final long due = firstWaiting == 0 ? partialsDue : Math.min(partialsDue, timeOf(firstWaiting));
        Memory.putInt(block + FIRST_PARTIAL, firstPartial);
        Memory.putInt(block + FIRST_COMPLETE, firstComplete);
        Memory.putLong(block + DUE, due);
        queue(due);
        cells.closeKey();
    }

    /** Closes a key whose partial matches were left alone, after a record was added. */
    void closeAdded(final long time)
    {
        final long block = cells.block();
        if (time < Memory.getLong(block + DUE))
        {
            Memory.putLong(block + DUE, time);
            queue(time);
        }
        cells.closeKey();
    }

    /** Writes what has changed of a list; returns its first cell. */
    private int store(final PartialMatches before, final PartialMatches after)
    {
        int kept = 0;
        for (int i = 0; i < after.count; i++)
        {
            if (after.origin[i] >= 0)
            {
                before.origin[after.origin[i]] = -1;
                kept++;
            }
        }
        for (int i = 0; kept < before.count && i < before.count; i++)
        {
            if (before.origin[i] >= 0)
            {
                cells.free(KeyCells.PARTIAL, (int)before.row[i]);
            }
        }
        int next = 0;
        for (int i = after.count - 1; i >= 0; i--)
        {
            final int cell = after.origin[i] < 0 ? cells.add(KeyCells.PARTIAL) : (int)after.row[i];
            write(cell, next, (int)after.node[i], after.state[i]);
            next = cell;
        }
        return next;
    }

    private void write(final int cell, final int next, final int node, final int state)
    {
        final long address = cells.at(cell);
        if (Memory.getInt(address + NEXT) != next || Memory.getInt(address + NODE) != node ||
            Memory.getInt(address + STATE) != state)
        {
            final long changed = cells.change(cell);
            Memory.putInt(changed + NEXT, next);
            Memory.putInt(changed + NODE, node);
            Memory.putInt(changed + STATE, state);
        }
    }

    /**
     * Adds a record to those that wait: behind those of its time, and before those that come after it.
     *
     * @param slot  of the record
     * @param order of records of one time; null for that of their arrival
     */
    void add(final long slot, final TieOrder order)
    {
        final long time = SlotDescriptor.timestamp(slot);
        final int first = first(FIRST_WAITING);
        int before = first(LAST_WAITING);
        int after = 0;
        while (before != 0 && comesBefore(time, slot, before, order))
        {
            after = before;
            before = before == first ? 0 : Memory.getInt(cells.at(before) + WAITING_BEFORE);
        }
        final int event = cells.add(KeyCells.RECORD);
        final long cell = cells.change(event);
        Memory.putInt(cell + NEXT_WAITING, after);
        Memory.putInt(cell + WAITING_BEFORE, before);
        Memory.putLong(cell + TIME, time);
        Memory.putLong(cell + CAUSE, SlotDescriptor.cause(slot));
        copyFields(slot + SlotDescriptor.HEADER_LENGTH, cell + FIELDS);
        link(before, NEXT_WAITING, FIRST_WAITING, event);
        link(after, WAITING_BEFORE, LAST_WAITING, event);
        addEvents(1);
    }

    private void copyFields(final long from, final long to)
    {
        if (blockLength == recordLength)
        {
            Memory.copyWords(from, to, recordLength);
            return;
        }
        Memory.putLong(to + recordLength - Long.BYTES, 0);
        Memory.copy(from, to, blockLength);
    }

    private boolean comesBefore(final long time, final long slot, final int event, final TieOrder order)
    {
        final long otherTime = timeOf(event);
        return time < otherTime || time == otherTime && order != null && order.isBefore(slot, slotOf(event));
    }

    /** A record that waits as a slot. */
    private long slotOf(final int event)
    {
        show(event, shown);
        return shown;
    }

    private void show(final int event, final long slot)
    {
        final long cell = cells.at(event);
        SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, blockLength);
        SlotDescriptor.timestamp(slot, Memory.getLong(cell + TIME));
        SlotDescriptor.cause(slot, Memory.getLong(cell + CAUSE));
        SlotDescriptor.ingressTime(slot, 0);
        Memory.copyWords(cell + FIELDS, slot + SlotDescriptor.HEADER_LENGTH, recordLength);
    }

    /** Has a neighbour refer to a record that was put in; where there is none, the block. */
    private void link(final int event, final int field, final int blockField, final int to)
    {
        if (event == 0)
        {
            Memory.putInt(cells.block() + blockField, to);
        }
        else
        {
            Memory.putInt(cells.change(event) + field, to);
        }
    }

    /** Compares records of one time. */
    @FunctionalInterface
    interface TieOrder
    {
        boolean isBefore(long slot, long other);
    }

    private long timeOf(final int event)
    {
        return Memory.getLong(cells.at(event) + TIME);
    }

    boolean isWaiting(final long time)
    {
        final int first = first(FIRST_WAITING);
        return first != 0 && timeOf(first) <= time;
    }

    /** Takes the first of the records that wait, to be processed. */
    void beginEvent()
    {
        final long block = cells.block();
        currentEvent = first(FIRST_WAITING);
        currentReferences = 0;
        currentOrder = Memory.getLong(block + PROCESSED) + 1;
        show(currentEvent, current);
        final long cell = cells.change(currentEvent);
        final int next = Memory.getInt(cell + NEXT_WAITING);
        Memory.putLong(cell + ORDER, currentOrder);
        Memory.putLong(block + PROCESSED, currentOrder);
        Memory.putInt(block + FIRST_WAITING, next);
        if (next == 0)
        {
            Memory.putInt(block + LAST_WAITING, 0);
        }
    }

    /** Order of the record that is processed among those of the key, from 1. */
    long currentOrder()
    {
        return currentOrder;
    }

    boolean hasCurrent()
    {
        return currentEvent != 0;
    }

    /** Keeps the record that was processed when a node refers to it. */
    void endEvent()
    {
        if (currentReferences == 0)
        {
            cells.free(KeyCells.RECORD, currentEvent);
            addEvents(-1);
        }
        else
        {
            Memory.putInt(cells.change(currentEvent) + EVENT_REFERENCES, currentReferences);
        }
        currentEvent = 0;
    }

    /** Drops the first of the records that wait. */
    void dropFirstWaiting()
    {
        beginEvent();
        endEvent();
        Memory.putLong(cells.block() + PROCESSED, currentOrder - 1);
    }

    /** Adds the record that is processed to a match; the node before gets a reference. */
    long newNode(final long before, final int stage, final int records, final int references)
    {
        final int node = cells.add(KeyCells.NODE);
        final int first = before == 0 ? currentEvent : Memory.getInt(cells.at((int)before) + FIRST_EVENT);
        final long cell = cells.change(node);
        Memory.putInt(cell + EVENT, currentEvent);
        Memory.putInt(cell + NODE_BEFORE, (int)before);
        Memory.putInt(cell + NODE_REFERENCES, references);
        Memory.putInt(cell + STAGE, stage);
        Memory.putInt(cell + LENGTH, records);
        Memory.putInt(cell + FIRST_EVENT, first);
        currentReferences++;
        return node;
    }

    /** Changes what refers to a node; without a reference it goes, and so do those before that only it refers to. */
    void addReferences(final long node, final int references)
    {
        int at = (int)node;
        int change = references;
        while (at != 0 && change != 0)
        {
            final long cell = cells.change(at);
            final int left = Memory.getInt(cell + NODE_REFERENCES) + change;
            Memory.putInt(cell + NODE_REFERENCES, left);
            if (left > 0)
            {
                return;
            }
            final int event = Memory.getInt(cell + EVENT);
            final int before = Memory.getInt(cell + NODE_BEFORE);
            cells.free(KeyCells.NODE, at);
            releaseEvent(event);
            at = before;
            change = -1;
        }
    }

    private void releaseEvent(final int event)
    {
        if (event == currentEvent)
        {
            currentReferences--;
            return;
        }
        final long cell = cells.change(event);
        final int left = Memory.getInt(cell + EVENT_REFERENCES) - 1;
        Memory.putInt(cell + EVENT_REFERENCES, left);
        if (left == 0)
        {
            cells.free(KeyCells.RECORD, event);
            addEvents(-1);
        }
    }

    int recordsOf(final long node)
    {
        return Memory.getInt(cells.at((int)node) + LENGTH);
    }

    long orderOf(final long node)
    {
        return Memory.getLong(cells.at(eventOf(node)) + ORDER);
    }

    int stageOf(final long node)
    {
        return Memory.getInt(cells.at((int)node) + STAGE);
    }

    int eventOf(final long node)
    {
        return Memory.getInt(cells.at((int)node) + EVENT);
    }

    long nodeBefore(final long node)
    {
        return Memory.getInt(cells.at((int)node) + NODE_BEFORE);
    }

    /** Address of the fields of a record, until the key is closed. */
    long fieldsOf(final int event)
    {
        return cells.at(event) + FIELDS;
    }

    @Override
    public void close()
    {
        dueKeys.close();
        cells.close();
        scratch.close();
    }
}
