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
package io.millrace.operators.state;

import io.millrace.memory.Memory;
import io.millrace.memory.record.Flyweight;

/**
 * A list of records a key, each of which expires. An element never expires before those in front of it: it is touched, when
 * it is added, no earlier than they were. So the list loses elements at its front only.
 *
 * <pre>
 *   head      key of the stream        -> | first index 8 | size 8 | touch of the first 8 | touch of the last 8 |
 *   elements  key of the stream, index -> | record | touch of it alone 8 |
 * </pre>
 *
 * A touch of all elements is written into the head alone: the last touch of an element is the later one of its own and that
 * of the first element.
 */
final class ExpiringList<V, W extends Flyweight> implements ListState<V, W>, ExpiringState
{
    static final int HEAD_LENGTH = 32;
    static final int TOUCHED_OFFSET = 16;

    private static final int SIZE_OFFSET = 8;
    private static final int LAST_TOUCHED_OFFSET = 24;

    private final String name;
    private final KeyedEntry head;
    private final KeyedElements elements;
    private final StateView<V, W> view;
    private final ExpiringTable expiring;
    private final Lifetime lifetime;
    private final int length;

    ExpiringList(
        final String name,
        final KeyedEntry head,
        final KeyedElements elements,
        final StateView<V, W> view,
        final ExpiringTable expiring)
    {
        this.name = name;
        this.head = head;
        this.elements = elements;
        this.view = view;
        this.expiring = expiring;
        this.lifetime = expiring.lifetime();
        this.length = expiring.valueLength();
    }

    @Override
    public W add()
    {
        dropHidden();
        final long at = head.upsert();
        final long now = lifetime.now();
        final long touched = head.created() ? now : Math.max(now, Memory.getLong(at + LAST_TOUCHED_OFFSET));
        final long size = Memory.getLong(at + SIZE_OFFSET);
        final long index = Memory.getLong(at) + size;
        Memory.putLong(at + SIZE_OFFSET, size + 1);
        Memory.putLong(at + LAST_TOUCHED_OFFSET, touched);
        if (size == 0)
        {
            Memory.putLong(at + TOUCHED_OFFSET, touched);
            expiring.index().born(head.scope().hash(), head.scope().key(name), lifetime.end(touched));
        }
        final long element = elements.at(index).upsert();
        Memory.putLong(element + length, touched);
        return view.at(element);
    }

    @Override
    public void add(final V record)
    {
        if (record == null)
        {
            throw new NullPointerException("record=null is added to state=" + name + ": clear() empties the list");
        }
        view.type().copy(record, add());
    }

    @Override
    public long size()
    {
        dropHidden();
        final long at = head.find();
        return at == 0 ? 0 : Memory.getLong(at + SIZE_OFFSET);
    }

    @Override
    public boolean isEmpty()
    {
        return size() == 0;
    }

    @Override
    public V get(final long index)
    {
        final long place = place(index);
        if (lifetime.touchedByReads())
        {
            touchAll();
        }
        return view.read(elements.at(place).find());
    }

    @Override
    public W value(final long index)
    {
        final long place = place(index);
        touchAll();
        return view.at(elements.at(place).upsert());
    }

    private long place(final long index)
    {
        final long size = size();
        if (index < 0 || index >= size)
        {
            throw new IndexOutOfBoundsException("index=" + index + " of state=" + name + " with size=" + size);
        }
        return Memory.getLong(head.find()) + index;
    }

    private void touchAll()
    {
        final long now = lifetime.now();
        if (Memory.getLong(head.find() + TOUCHED_OFFSET) < now)
        {
            final long at = head.upsert();
            Memory.putLong(at + TOUCHED_OFFSET, now);
            Memory.putLong(at + LAST_TOUCHED_OFFSET, Math.max(now, Memory.getLong(at + LAST_TOUCHED_OFFSET)));
        }
    }

    @Override
    public void clear()
    {
        dropHidden();
        final long at = head.find();
        if (at == 0)
        {
            return;
        }
        final long first = Memory.getLong(at);
        final long size = Memory.getLong(at + SIZE_OFFSET);
        for (long index = first; index < first + size; index++)
        {
            elements.at(index).remove();
        }
        head.remove();
    }

    private void dropHidden()
    {
        long at = head.find();
        while (at != 0 && lifetime.hides(Memory.getLong(at + TOUCHED_OFFSET)))
        {
            dropFirst(at);
            at = head.find();
        }
    }

    private void dropFirst(final long at)
    {
        final long first = Memory.getLong(at);
        final long size = Memory.getLong(at + SIZE_OFFSET);
        final long touched = Memory.getLong(at + TOUCHED_OFFSET);
        elements.at(first);
        if (expiring.tells())
        {
            expiring.tell(head.scope().key(name), elements.find(), touched);
        }
        elements.remove();
        if (size == 1)
        {
            head.remove();
            return;
        }
        final long next = Memory.getLong(elements.at(first + 1).find() + length);
        final long changed = head.upsert();
        Memory.putLong(changed, first + 1);
        Memory.putLong(changed + SIZE_OFFSET, size - 1);
        Memory.putLong(changed + TOUCHED_OFFSET, Math.max(next, touched));
    }

    @Override
    public void due(final long key, final long end)
    {
        long at = head.find();
        if (at != 0 && lifetime.end(Memory.getLong(at + TOUCHED_OFFSET)) == end)
        {
            dropFirst(at);
            at = head.find();
        }
        if (at != 0)
        {
            expiring.index().note(head.scope().hash(), key, lifetime.end(Memory.getLong(at + TOUCHED_OFFSET)));
        }
    }

    @Override
    public ExpiringTable expiring()
    {
        return expiring;
    }

    @Override
    public void leave()
    {
        view.release();
        head.leave();
        elements.leave();
    }
}
