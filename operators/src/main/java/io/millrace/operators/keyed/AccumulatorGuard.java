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
package io.millrace.operators.keyed;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;

/**
 * Puts an accumulator back when a function has failed while it added a record, so that the record leaves no trace: for
 * operators with an error policy, whose guard hands them one record at a time.
 * <pre>
 *   value = table.upsert(hash, key)  save(value)  function adds, throws  undo(table, table.created(), hash, key, value)
 * </pre>
 */
public final class AccumulatorGuard implements AutoCloseable
{
    private final Region saved;
    private final int length;

    private AccumulatorGuard(final OperatorContext context, final int length)
    {
        this.saved = Region.allocate(context.account(), context.name() + " saved accumulator", length);
        this.length = length;
    }

    /**
     * The guard of an operator.
     *
     * @param context of the operator
     * @param length  of an accumulator in bytes
     * @return null when the operator has no error policy, and nothing need be saved
     */
    public static AccumulatorGuard of(final OperatorContext context, final int length)
    {
        return context.errorPolicy().guards() ? new AccumulatorGuard(context, length) : null;
    }

    /**
     * Saves an accumulator before the function gets it.
     *
     * @param value its address
     */
    public void save(final long value)
    {
        Memory.copyWords(value, saved.address(), length);
    }

    /**
     * Puts back what was saved.
     *
     * @param table   of the accumulator
     * @param created whether the record was the first of its key, which goes then
     * @param hash    of the key
     * @param key     address of the key
     * @param value   address of the accumulator, which the last upsert of the table gave
     */
    public void undo(final KeyedTable table, final boolean created, final long hash, final long key, final long value)
    {
        Memory.copyWords(saved.address(), value, length);
        table.written();
        if (created)
        {
            table.remove(hash, key);
        }
    }

    @Override
    public void close()
    {
        saved.close();
    }
}
