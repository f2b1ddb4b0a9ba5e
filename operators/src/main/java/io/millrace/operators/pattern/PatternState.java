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
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;

import static io.millrace.operators.pattern.RowDescriptor.DUE;
import static io.millrace.operators.pattern.RowDescriptor.EVENT;
import static io.millrace.operators.pattern.RowDescriptor.EVENTS;
import static io.millrace.operators.pattern.RowDescriptor.EVENT_LENGTH;
import static io.millrace.operators.pattern.RowDescriptor.EVENT_REFERENCES;
import static io.millrace.operators.pattern.RowDescriptor.FIRST_COMPLETE;
import static io.millrace.operators.pattern.RowDescriptor.FIRST_PARTIAL;
import static io.millrace.operators.pattern.RowDescriptor.FIRST_WAITING;
import static io.millrace.operators.pattern.RowDescriptor.HEAD_LENGTH;
import static io.millrace.operators.pattern.RowDescriptor.HIGHEST_NUMBER;
import static io.millrace.operators.pattern.RowDescriptor.LAST_WAITING;
import static io.millrace.operators.pattern.RowDescriptor.LENGTH;
import static io.millrace.operators.pattern.RowDescriptor.NEXT;
import static io.millrace.operators.pattern.RowDescriptor.NEXT_WAITING;
import static io.millrace.operators.pattern.RowDescriptor.NODE;
import static io.millrace.operators.pattern.RowDescriptor.NODE_BEFORE;
import static io.millrace.operators.pattern.RowDescriptor.NODE_LENGTH;
import static io.millrace.operators.pattern.RowDescriptor.NODE_REFERENCES;
import static io.millrace.operators.pattern.RowDescriptor.ORDER;
import static io.millrace.operators.pattern.RowDescriptor.PARTIALS;
import static io.millrace.operators.pattern.RowDescriptor.PARTIAL_LENGTH;
import static io.millrace.operators.pattern.RowDescriptor.PREVIOUS_TIME;
import static io.millrace.operators.pattern.RowDescriptor.PROCESSED;
import static io.millrace.operators.pattern.RowDescriptor.RECORDS;
import static io.millrace.operators.pattern.RowDescriptor.SLOT;
import static io.millrace.operators.pattern.RowDescriptor.STAGE;
import static io.millrace.operators.pattern.RowDescriptor.START_ORDER;
import static io.millrace.operators.pattern.RowDescriptor.START_TIME;
import static io.millrace.operators.pattern.RowDescriptor.STATE;
import static io.millrace.operators.pattern.RowDescriptor.WAITING_BEFORE;

/**
 * What a pattern keeps of its keys, all of it in keyed tables: records that wait for the watermark, records in partial
 * matches, and the partial matches, which share what they began with.
 * <pre>
 *   head of the key --> partial --> partial ...        each ends at a node
 *                   --> record that waits --> ...      by time
 *   node --> node before --> ...                       a match, from its last record to its first
 *        --> record                                    counts how many nodes refer to it
 * </pre>
 * Nodes and records count what refers to them, and go with the last reference, so that a key without partial matches
 * and waiting records has no rows. One key is open at a time: what is read and written then is in the fields here. The
 * keys that are due are found by {@link DueKeys}, which is derived from the heads.
 */
final class PatternState implements AutoCloseable
{
    /** Time of a key that has nothing to do. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int SCRATCH_KEY = 8;

    final PartialMatches stored = new PartialMatches();
    final PartialMatches storedComplete = new PartialMatches();
    PartialMatches live = new PartialMatches();
    PartialMatches complete = new PartialMatches();
    int events;
    long firstWaiting;

    private final KeyedTable heads;
    private final RowTable eventRows;
    private final RowTable nodeRows;
    private final RowTable partialRows;
    private final RowNumbers numbers;
    private final DueKeys dueKeys;
    private final Region scratch;
    private final int keyLength;
    private final int recordLength;
    private final long key;
    /** Copy of the record that is processed. */
    private final long current;

    private long keyHash;
    private long firstPartial;
    private long firstComplete;
    private long lastWaiting;
    private long processed;
    private long highestNumber;
    private long currentEvent;
    private int currentReferences;

    PatternState(final OperatorContext context, final int keyLength, final int recordLength)
    {
        this.keyLength = keyLength;
        this.recordLength = recordLength + Long.BYTES - 1 & -Long.BYTES;
        numbers = new RowNumbers(context.maxParallelism());
        scratch = Region.allocate(context.account(), context.name() + " pattern",
            SCRATCH_KEY + keyLength + SlotDescriptor.HEADER_LENGTH + (long)this.recordLength);
        key = scratch.address() + SCRATCH_KEY;
        current = key + keyLength;
        heads = context.state().keyedTable("heads", keyLength, HEAD_LENGTH);
        eventRows = rows(context, "events", EVENT_LENGTH + this.recordLength);
        nodeRows = rows(context, "nodes", NODE_LENGTH);
        partialRows = rows(context, "partials", PARTIAL_LENGTH);
        dueKeys = new DueKeys(context.account(), context.name() + " due keys", keyLength);
    }

    private RowTable rows(final OperatorContext context, final String name, final int length)
    {
        return new RowTable(context.state().keyedTable(name, Long.BYTES, length), scratch.address());
    }

    /** Finds the keys that have something to do, after the tables were restored. */
    void start()
    {
        final KeyedCursor cursor = heads.cursor();
        while (cursor.next())
        {
            final long due = Memory.getLong(cursor.value() + DUE);
            if (due != NEVER)
            {
                dueKeys.add(due, KeyHash.hash(cursor.key(), keyLength), cursor.key());
            }
            highestNumber = Math.max(highestNumber, Memory.getLong(cursor.value() + HIGHEST_NUMBER));
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

    /**
     * Brings near what opening a key will need.
     *
     * @param hash of the key
     * @return any number, to be used
     */
    long prefetch(final long hash)
    {
        return heads.prefetch(hash);
    }

    /** Opens a key. */
    void open(final long hash, final long address)
    {
        keyHash = hash;
        Memory.copyWords(address, key, keyLength);
        openAgain();
    }

    /** Opens the key that was closed last. */
    void openAgain()
    {
        final long head = heads.find(keyHash, key);
        if (head == 0)
        {
            firstPartial = 0;
            firstComplete = 0;
            events = 0;
            firstWaiting = 0;
            lastWaiting = 0;
            processed = 0;
        }
        else
        {
            load(head);
        }
    }

    /** Time of the key that is due next at or before a time; {@link #NEVER} when none is. What no longer holds is dropped. */
    long nextDue(final long now)
    {
        while (dueKeys.isDue(now))
        {
            final long head = heads.find(dueKeys.hash(), dueKeys.key());
            if (head != 0 && Memory.getLong(head + DUE) == dueKeys.time())
            {
                return dueKeys.time();
            }
            dueKeys.removeFirst();
        }
        return NEVER;
    }

    /** Opens the key that {@link #nextDue} is of. */
    void openDue()
    {
        keyHash = dueKeys.hash();
        Memory.copyWords(dueKeys.key(), key, keyLength);
        dueKeys.removeFirst();
        load(heads.find(keyHash, key));
        load(stored, firstPartial);
        load(storedComplete, firstComplete);
    }

    private void load(final long head)
    {
        firstPartial = Memory.getLong(head + FIRST_PARTIAL);
        firstComplete = Memory.getLong(head + FIRST_COMPLETE);
        firstWaiting = Memory.getLong(head + FIRST_WAITING);
        lastWaiting = Memory.getLong(head + LAST_WAITING);
        processed = Memory.getLong(head + PROCESSED);
        events = Memory.getInt(head + EVENTS);
    }

    /** Reads the partial matches of the key that was opened. */
    void loadPartials()
    {
        load(stored, firstPartial);
        load(storedComplete, firstComplete);
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

    private void load(final PartialMatches list, final long first)
    {
        list.clear();
        long number = first;
        while (number != 0)
        {
            final long row = partialRows.find(number);
            final int index = list.add(number, list.count);
            list.set(index, Memory.getLong(row + NODE), Memory.getLong(row + START_TIME),
                Memory.getLong(row + PREVIOUS_TIME), Memory.getLong(row + START_ORDER), Memory.getInt(row + STATE),
                Memory.getInt(row + RECORDS));
            number = Memory.getLong(row + NEXT);
        }
    }

    /**
     * Closes the key.
     *
     * @param partialsDue when the first of the partial matches times out
     */
    void close(final long partialsDue)
    {
        firstPartial = store(stored, live);
        firstComplete = store(storedComplete, complete);
        if (firstPartial == 0 && firstComplete == 0 && firstWaiting == 0)
        {
            heads.remove(keyHash, key);
            return;
        }
        final long due = firstWaiting == 0 ? partialsDue : Math.min(partialsDue, timeOf(firstWaiting));
        final long head = heads.upsert(keyHash, key);
        Memory.putLong(head + FIRST_PARTIAL, firstPartial);
        Memory.putLong(head + FIRST_COMPLETE, firstComplete);
        Memory.putInt(head + PARTIALS, live.count + complete.count);
        closeHead(head, due);
    }

    private void closeHead(final long head, final long due)
    {
        Memory.putLong(head + DUE, due);
        Memory.putLong(head + FIRST_WAITING, firstWaiting);
        Memory.putLong(head + LAST_WAITING, lastWaiting);
        Memory.putLong(head + PROCESSED, processed);
        Memory.putLong(head + HIGHEST_NUMBER, highestNumber);
        Memory.putInt(head + EVENTS, events);
        heads.written();
        if (due != NEVER)
        {
            dueKeys.add(due, keyHash, key);
        }
    }

    /** Closes a key whose partial matches were left alone, after a record was added. */
    void closeAdded(final long time)
    {
        final long head = heads.upsert(keyHash, key);
        final long due = heads.created() ? NEVER : Memory.getLong(head + DUE);
        if (time < due)
        {
            closeHead(head, time);
            return;
        }
        Memory.putLong(head + FIRST_WAITING, firstWaiting);
        Memory.putLong(head + LAST_WAITING, lastWaiting);
        Memory.putLong(head + HIGHEST_NUMBER, highestNumber);
        Memory.putInt(head + EVENTS, events);
        heads.written();
    }

    /** Writes what has changed of a list; returns its first row. */
    private long store(final PartialMatches before, final PartialMatches after)
    {
        int kept = 0;
        for (int i = 0; i < after.count; i++)
        {
            if (after.origin[i] < 0)
            {
                after.row[i] = newNumber();
            }
            else
            {
                before.origin[after.origin[i]] = -1;
                kept++;
            }
        }
        for (int i = 0; kept < before.count && i < before.count; i++)
        {
            if (before.origin[i] >= 0)
            {
                partialRows.remove(before.row[i]);
            }
        }
        for (int i = 0; i < after.count; i++)
        {
            final long next = i + 1 < after.count ? after.row[i + 1] : 0;
            if (after.origin[i] < 0 || isChanged(before, after.origin[i], after, i, next))
            {
                write(after, i, next);
            }
        }
        return after.count == 0 ? 0 : after.row[0];
    }

    private static boolean isChanged(
        final PartialMatches before, final int one, final PartialMatches after, final int other, final long next)
    {
        final long nextBefore = one + 1 < before.count ? before.row[one + 1] : 0;
        return before.node[one] != after.node[other] || before.state[one] != after.state[other] ||
            before.previousTime[one] != after.previousTime[other] || nextBefore != next;
    }

    private void write(final PartialMatches list, final int index, final long next)
    {
        final long row = partialRows.upsert(list.row[index]);
        Memory.putLong(row + NEXT, next);
        Memory.putLong(row + NODE, list.node[index]);
        Memory.putLong(row + START_TIME, list.startTime[index]);
        Memory.putLong(row + PREVIOUS_TIME, list.previousTime[index]);
        Memory.putLong(row + START_ORDER, list.startOrder[index]);
        Memory.putInt(row + STATE, list.state[index]);
        Memory.putInt(row + RECORDS, list.records[index]);
        partialRows.written();
    }

    private long newNumber()
    {
        return numbers.of(keyHash, ++highestNumber);
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
        long before = lastWaiting;
        long after = 0;
        while (before != 0 && comesBefore(time, slot, before, order))
        {
            after = before;
            before = before == firstWaiting ? 0 : Memory.getLong(eventRows.find(before) + WAITING_BEFORE);
        }
        final long number = newNumber();
        final long row = eventRows.upsert(number);
        Memory.putInt(row + EVENT_REFERENCES, 0);
        Memory.putLong(row + NEXT_WAITING, after);
        Memory.putLong(row + WAITING_BEFORE, before);
        Memory.copy(slot, row + SLOT, SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot));
        eventRows.written();
        link(before, NEXT_WAITING, number);
        link(after, WAITING_BEFORE, number);
        firstWaiting = before == 0 ? number : firstWaiting;
        lastWaiting = after == 0 ? number : lastWaiting;
        events++;
    }

    private boolean comesBefore(final long time, final long slot, final long event, final TieOrder order)
    {
        final long other = eventRows.find(event) + SLOT;
        final long otherTime = SlotDescriptor.timestamp(other);
        return time < otherTime || time == otherTime && order != null && order.isBefore(slot, other);
    }

    private void link(final long number, final int field, final long to)
    {
        if (number != 0)
        {
            Memory.putLong(eventRows.upsert(number) + field, to);
            eventRows.written();
        }
    }

    /** Compares records of one time. */
    @FunctionalInterface
    interface TieOrder
    {
        boolean isBefore(long slot, long other);
    }

    private long timeOf(final long event)
    {
        return SlotDescriptor.timestamp(eventRows.find(event) + SLOT);
    }

    boolean isWaiting(final long time)
    {
        return firstWaiting != 0 && timeOf(firstWaiting) <= time;
    }

    /** Takes the first of the records that wait, to be processed. */
    void beginEvent()
    {
        final long row = eventRows.find(firstWaiting);
        Memory.copyWords(row + SLOT, current, SlotDescriptor.HEADER_LENGTH + recordLength);
        currentEvent = firstWaiting;
        currentReferences = 0;
        processed++;
        firstWaiting = Memory.getLong(row + NEXT_WAITING);
        lastWaiting = firstWaiting == 0 ? 0 : lastWaiting;
    }

    /** Order of the record that is processed among those of the key, from 1. */
    long currentOrder()
    {
        return processed;
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
            eventRows.remove(currentEvent);
            events--;
        }
        else
        {
            Memory.putInt(eventRows.upsert(currentEvent) + EVENT_REFERENCES, currentReferences);
            eventRows.written();
        }
        currentEvent = 0;
    }

    /** Drops the first of the records that wait. */
    void dropFirstWaiting()
    {
        beginEvent();
        endEvent();
        processed--;
    }

    /** Adds the record that is processed to a match; the node before gets a reference. */
    long newNode(final long before, final int stage, final int records, final int references)
    {
        final long number = newNumber();
        final long row = nodeRows.upsert(number);
        Memory.putLong(row + EVENT, currentEvent);
        Memory.putLong(row + NODE_BEFORE, before);
        Memory.putLong(row + ORDER, processed);
        Memory.putInt(row + NODE_REFERENCES, references);
        Memory.putInt(row + STAGE, stage);
        Memory.putInt(row + LENGTH, records);
        nodeRows.written();
        currentReferences++;
        return number;
    }

    /** Changes what refers to a node; without a reference it goes, and so do those before that only it refers to. */
    void addReferences(final long node, final int references)
    {
        long number = node;
        int change = references;
        while (number != 0 && change != 0)
        {
            final long row = nodeRows.upsert(number);
            final int left = Memory.getInt(row + NODE_REFERENCES) + change;
            final long event = Memory.getLong(row + EVENT);
            final long before = Memory.getLong(row + NODE_BEFORE);
            Memory.putInt(row + NODE_REFERENCES, left);
            nodeRows.written();
            if (left > 0)
            {
                return;
            }
            nodeRows.remove(number);
            releaseEvent(event);
            number = before;
            change = -1;
        }
    }

    private void releaseEvent(final long event)
    {
        if (event == currentEvent)
        {
            currentReferences--;
            return;
        }
        final long row = eventRows.upsert(event);
        final int left = Memory.getInt(row + EVENT_REFERENCES) - 1;
        Memory.putInt(row + EVENT_REFERENCES, left);
        eventRows.written();
        if (left == 0)
        {
            eventRows.remove(event);
            events--;
        }
    }

    int recordsOf(final long node)
    {
        return Memory.getInt(nodeRows.find(node) + LENGTH);
    }

    long orderOf(final long node)
    {
        return Memory.getLong(nodeRows.find(node) + ORDER);
    }

    int stageOf(final long node)
    {
        return Memory.getInt(nodeRows.find(node) + STAGE);
    }

    long eventOf(final long node)
    {
        return Memory.getLong(nodeRows.find(node) + EVENT);
    }

    long nodeBefore(final long node)
    {
        return Memory.getLong(nodeRows.find(node) + NODE_BEFORE);
    }

    /** Copies the fields of a record. */
    void copyRecord(final long event, final long to)
    {
        final long slot = event == currentEvent ? current : eventRows.find(event) + SLOT;
        Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, to, recordLength);
    }

    int recordLength()
    {
        return recordLength;
    }

    @Override
    public void close()
    {
        dueKeys.close();
        scratch.close();
    }
}
