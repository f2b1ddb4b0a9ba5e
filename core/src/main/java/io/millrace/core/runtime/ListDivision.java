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
package io.millrace.core.runtime;

import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.Savepoint;
import io.millrace.core.state.Redistribution;
import io.millrace.core.state.StateDescription;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

import java.util.ArrayList;
import java.util.List;

/** Divides the lists of instances among another number of them (SEMANTICS OP-1): an element's key is its index in its list. */
final class ListDivision
{
    private final Savepoint savepoint;
    private final OperatorDescription operator;
    private final int index;
    private final StateDescription state;
    private final MemoryAccount account;

    /** Takes elements for an instance. */
    interface Target
    {
        void entries(int subtask, long slice, long address, int count);
    }

    ListDivision(final Savepoint savepoint, final OperatorDescription operator, final int index, final MemoryAccount account)
    {
        this.savepoint = savepoint;
        this.operator = operator;
        this.index = index;
        this.state = operator.states().get(index);
        this.account = account;
    }

    void divide(final int parallelism, final Target target)
    {
        final int writers = operator.parallelism();
        final long[] sizes = new long[writers];
        final List<Region> lists = new ArrayList<>();
        try
        {
            for (int writer = 0; writer < writers; writer++)
            {
                final int counted = writer;
                savepoint.read(operator, index, writer, writer, (slice, address, count) -> sizes[counted] += count);
                lists.add(list(writer, sizes[writer]));
            }
            final Redistribution redistribution = new Redistribution(sizes);
            for (int subtask = 0; subtask < parallelism; subtask++)
            {
                long next = 0;
                for (final Redistribution.Piece piece : redistribution.split(subtask, parallelism))
                {
                    for (long i = piece.first(); i < piece.first() + piece.count(); i++)
                    {
                        final long element = lists.get(piece.writer()).address() + i * state.entryLength();
                        Memory.putLong(element, next++);
                        target.entries(subtask, 0, element, 1);
                    }
                }
            }
        }
        finally
        {
            lists.forEach(Region::close);
        }
    }

    /** The list of one writer, in its order. */
    private Region list(final int writer, final long size)
    {
        final Region list = Region.allocate(account, "list " + state.name() + " of a savepoint",
            Math.max(Long.BYTES, size * state.entryLength()));
        savepoint.read(operator, index, writer, writer, (slice, address, count) ->
        {
            for (int i = 0; i < count; i++)
            {
                final long element = address + (long)i * state.entryLength();
                final long place = Memory.getLong(element);
                if (place < 0 || place >= size)
                {
                    throw new IllegalStateException("list=" + state.name() + " of uid=" + operator.uid() + " has index=" + place +
                        " and size=" + size + ": the savepoint is damaged");
                }
                Memory.copyWords(element, list.address() + place * state.entryLength(), state.entryLength());
            }
        });
        return list;
    }
}
