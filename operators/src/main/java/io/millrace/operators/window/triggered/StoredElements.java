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
package io.millrace.operators.window.triggered;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.trigger.EvictableElements;

import java.util.Arrays;

/**
 * The elements of windows in a table, under key, window and index; those of the callback's window as its functions see
 * them. An index counts from the first element that a window ever had since it was empty.
 *
 * @param <V> read-only view of the elements
 */
public final class StoredElements<V> implements EvictableElements<V>, AutoCloseable
{
    private static final int RECORD_OFFSET = Long.BYTES;
    private static final long NONE = -1;

    private final RecordType<V, ?> type;
    private final String name;
    private final WindowCallbacks callbacks;
    private final KeyedTable table;
    private final int prefixLength;
    private final int valueLength;
    private final Region composite;
    /** What an element is moved by; the element that came last. */
    private final Region moved;
    private final Region last;
    private Flyweight view;
    private Flyweight lastView;
    private long first;
    private long end;
    /** Index of the element that is looked at, and the address of its value. */
    private long current = NONE;
    private long value;
    /** A bit for each element of the window, set when it is to go. */
    private long[] evicted = new long[16];
    private long evictions;

    /**
     * No elements yet.
     *
     * @param context   of the operator
     * @param type      of the elements, of fixed length
     * @param callbacks say the key and window
     */
    public StoredElements(
        final OperatorContext context, final RecordType<V, ?> type, final WindowCallbacks callbacks)
    {
        this.type = type;
        this.name = context.name();
        this.callbacks = callbacks;
        prefixLength = callbacks.keyLength() + Long.BYTES;
        valueLength = RECORD_OFFSET + type.blockLength();
        context.state().describe("window elements",
            StateForm.beginningWith(callbacks.keyLength()).withRecord(type, RECORD_OFFSET));
        table = context.state().keyedTable("window elements", prefixLength + Long.BYTES, valueLength);
        composite = Region.allocate(context.account(), name + " element key", prefixLength + Long.BYTES);
        moved = Region.allocate(context.account(), name + " moved element", valueLength);
        last = Region.allocate(context.account(), name + " last element", valueLength);
        view = type.newFlyweight();
        lastView = type.newFlyweight();
    }

    /**
     * Adds an element to the window.
     *
     * @param slot address of its slot
     */
    public void add(final long slot)
    {
        final long index = callbacks.endIndex();
        callbacks.indexes(callbacks.firstIndex(), index + 1);
        takeKey();
        final long stored = table.upsert(enter(index), composite.address());
        Memory.putLong(stored, SlotDescriptor.timestamp(slot));
        Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, stored + RECORD_OFFSET, type.blockLength());
        table.written();
    }

    /**
     * Moves the elements of another window of the key to the end of this one.
     *
     * @param other      name of the other window
     * @param otherFirst index of its first element
     * @param otherEnd   index behind its last element
     */
    public void takeFrom(final long other, final long otherFirst, final long otherEnd)
    {
        for (long index = otherFirst; index < otherEnd; index++)
        {
            takeKey();
            Memory.putLong(composite.address() + prefixLength - Long.BYTES, other);
            Memory.copyWords(existing(index), moved.address(), valueLength);
            table.remove(enter(index), composite.address());
            final long end = callbacks.endIndex();
            callbacks.indexes(callbacks.firstIndex(), end + 1);
            takeKey();
            final long place = table.upsert(enter(end), composite.address());
            Memory.copyWords(moved.address(), place, valueLength);
            table.written();
        }
    }

    /** Begins to show the elements of the window. */
    public void begin()
    {
        takeKey();
        first = callbacks.firstIndex();
        end = callbacks.endIndex();
    }

    /** Ends to show them, and removes those that were evicted. */
    public void settle()
    {
        leave(view);
        leave(lastView);
        current = NONE;
        if (evictions != 0)
        {
            final int words = Math.min(evicted.length, (int)(count() + 63 >>> 6));
            removeUpTo(moveUp());
            callbacks.indexes(first, end);
            Arrays.fill(evicted, 0, words, 0);
            evictions = 0;
        }
    }

    /** Moves the elements that stay to the end, in their order; returns the index of the first. */
    private long moveUp()
    {
        long to = end;
        for (long from = end - 1; from >= first; from--)
        {
            if (!isEvicted(from - first))
            {
                to--;
                if (to != from)
                {
                    move(from, to);
                }
            }
        }
        return to;
    }

    private void move(final long from, final long to)
    {
        Memory.copyWords(existing(from), moved.address(), valueLength);
        final long place = table.upsert(enter(to), composite.address());
        Memory.copyWords(moved.address(), place, valueLength);
        table.written();
    }

    private void removeUpTo(final long limit)
    {
        for (; first < limit; first++)
        {
            table.remove(enter(first), composite.address());
        }
    }

    /** Removes all elements of the window. */
    public void clear()
    {
        if (callbacks.count() != 0)
        {
            begin();
            removeUpTo(end);
            callbacks.indexes(0, 0);
        }
    }

    private void takeKey()
    {
        Memory.copyWords(callbacks.key(), composite.address(), prefixLength);
        current = NONE;
    }

    private long enter(final long index)
    {
        Memory.putLong(composite.address() + prefixLength, index);
        return KeyHash.hash(composite.address(), prefixLength + Long.BYTES);
    }

    @Override
    public long count()
    {
        return end - first;
    }

    @Override
    @SuppressWarnings("unchecked")
    public V get(final long index)
    {
        lookAt(index);
        view.wrapUnchecked(value + RECORD_OFFSET);
        return (V)view;
    }

    @Override
    public long timestamp(final long index)
    {
        lookAt(index);
        return Memory.getLong(value);
    }

    private void lookAt(final long index)
    {
        final long absolute = first + check(index);
        if (absolute != current)
        {
            if (DebugMode.ENABLED)
            {
                view.release(name);
                view = type.newFlyweight();
            }
            value = existing(absolute);
            current = absolute;
        }
    }

    private long existing(final long absolute)
    {
        final long found = table.find(enter(absolute), composite.address());
        if (found == 0)
        {
            throw new IllegalStateException("element index=" + absolute + " of window " + callbacks.window() +
                " with indexes from " + first + " to " + end + " of operator " + name +
                " is not there: a bug of the operator, report it");
        }
        return found;
    }

    private long check(final long index)
    {
        if (index < 0 || index >= end - first)
        {
            throw new IndexOutOfBoundsException("index=" + index + " of the elements of window " + callbacks.window() +
                " with count=" + count());
        }
        return index;
    }

    @Override
    @SuppressWarnings("unchecked")
    public V last()
    {
        check(count() - 1);
        final long before = current;
        Memory.copyWords(existing(end - 1), last.address(), valueLength);
        if (before != NONE)
        {
            // Looking at the last one may have moved the other.
            value = existing(before);
            view.wrapUnchecked(value + RECORD_OFFSET);
        }
        if (DebugMode.ENABLED)
        {
            lastView = type.newFlyweight();
        }
        lastView.wrapUnchecked(last.address() + RECORD_OFFSET);
        return (V)lastView;
    }

    @Override
    public void evict(final long index)
    {
        final int word = (int)(check(index) >>> 6);
        if (word >= evicted.length)
        {
            evicted = Arrays.copyOf(evicted, Math.max(2 * evicted.length, (int)(count() + 63 >>> 6)));
        }
        final long bit = 1L << index;
        if ((evicted[word] & bit) == 0)
        {
            evicted[word] |= bit;
            evictions++;
        }
    }

    private boolean isEvicted(final long index)
    {
        final int word = (int)(index >>> 6);
        return word < evicted.length && (evicted[word] & 1L << index) != 0;
    }

    private void leave(final Flyweight shown)
    {
        if (DebugMode.ENABLED)
        {
            shown.release(name);
        }
    }

    @Override
    public void close()
    {
        composite.close();
        moved.close();
        last.close();
    }
}
