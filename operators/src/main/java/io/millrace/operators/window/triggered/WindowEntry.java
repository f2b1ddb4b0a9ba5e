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
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;

/** What is kept of the key and window of a callback, see {@link WindowDescriptor}. The task's thread. */
abstract class WindowEntry implements AutoCloseable
{
    final KeyedTable table;
    final int stateLength;
    final long key;
    long hash;
    /** Address of the window's entry, 0 when there is none; to be read only unless it is writable. */
    long entry;
    boolean writable;
    private final int contentsOffset;
    private final int nameOffset;
    private final Region composite;

    WindowEntry(final OperatorContext context, final int keyLength, final int stateLength, final int contentsLength)
    {
        if (stateLength < 0)
        {
            throw new IllegalArgumentException("stateLength=" + stateLength + " of the trigger of operator " +
                context.name() + " must be 0 or more");
        }
        this.stateLength = stateLength;
        contentsOffset = WindowDescriptor.contentsOffset(stateLength);
        nameOffset = keyLength;
        context.state().describe("windows", StateForm.beginningWith(keyLength));
        table = context.state().keyedTable("windows", keyLength + Long.BYTES, contentsOffset + contentsLength);
        composite = Region.allocate(context.account(), context.name() + " key and window", keyLength + Long.BYTES);
        key = composite.address();
    }

    /** Names the window of the key; its start, where windows do not merge. */
    final void name(final long window)
    {
        Memory.putLong(key + nameOffset, window);
        hash = KeyHash.hash(key, nameOffset + Long.BYTES);
    }

    final long name()
    {
        return Memory.getLong(key + nameOffset);
    }

    /**
     * The key of the callback; the window's start lies behind it.
     *
     * @return address of its bytes
     */
    public final long key()
    {
        return key;
    }

    final void makeWritable()
    {
        if (!writable)
        {
            entry = table.upsert(hash, key);
            writable = true;
        }
    }

    /** Whether the entry, which must be there, says nothing. */
    final boolean isEmpty()
    {
        return count() == 0 && unfired() == 0 && !hasState();
    }

    private boolean hasState()
    {
        for (int i = 0; i < stateLength; i++)
        {
            if (Memory.getLong(stateAddress(i)) != 0)
            {
                return true;
            }
        }
        return false;
    }

    /**
     * Number of elements.
     *
     * @return 0 when the window has none
     */
    public final long count()
    {
        return entry == 0 ? 0 : endIndex() - firstIndex();
    }

    /**
     * Index of the first element.
     *
     * @return 0 or more
     */
    public final long firstIndex()
    {
        return entry == 0 ? 0 : Memory.getLong(entry + WindowDescriptor.FIRST_OFFSET);
    }

    /**
     * Index behind the last element.
     *
     * @return 0 or more
     */
    public final long endIndex()
    {
        return entry == 0 ? 0 : Memory.getLong(entry + WindowDescriptor.END_OFFSET);
    }

    /**
     * Changes which elements there are.
     *
     * @param first index of the first
     * @param end   index behind the last
     */
    public final void indexes(final long first, final long end)
    {
        makeWritable();
        Memory.putLong(entry + WindowDescriptor.FIRST_OFFSET, first);
        Memory.putLong(entry + WindowDescriptor.END_OFFSET, end);
    }

    /**
     * What the contents keep in the window's entry.
     *
     * @return address, to be read only
     */
    public final long contents()
    {
        return entry + contentsOffset;
    }

    /**
     * What the contents keep in the window's entry.
     *
     * @return address, to be written to until the end of the callback
     */
    public final long writableContents()
    {
        makeWritable();
        return entry + contentsOffset;
    }

    /**
     * Elements of the window that no firing has shown yet.
     *
     * @return 0 when each was in one
     */
    public final long unfired()
    {
        return entry == 0 ? 0 : Memory.getLong(entry + WindowDescriptor.UNFIRED_OFFSET);
    }

    /**
     * Changes how many elements of the window no firing has shown yet.
     *
     * @param elements 0 or more
     */
    public final void unfired(final long elements)
    {
        if (elements != unfired())
        {
            makeWritable();
            Memory.putLong(entry + WindowDescriptor.UNFIRED_OFFSET, elements);
        }
    }

    final long stateAddress(final int index)
    {
        return entry + WindowDescriptor.STATE_OFFSET + (long)index * Long.BYTES;
    }

    final void clearState()
    {
        for (int index = 0; entry != 0 && index < stateLength; index++)
        {
            if (Memory.getLong(stateAddress(index)) != 0)
            {
                makeWritable();
                Memory.putLong(stateAddress(index), 0);
            }
        }
    }

    @Override
    public void close()
    {
        composite.close();
    }
}
