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
package io.millrace.operators.selection;

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.Memory;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.table.KeyHash;

/**
 * Lets the first so many records of each key and interval of event time pass, in the order of their arrival. Intervals
 * are those of tumbling windows without offset; a slice is one of them, and the word of a key is how many have passed. A
 * record is late when its interval is over.
 *
 * @param <V> read-only view of the records
 */
public final class LimitOperator<V> extends SlicedSelection<V>
{
    private final long most;

    /**
     * An operator.
     *
     * @param type     of the records
     * @param encoders give the key
     * @param most     records of a key in an interval
     * @param interval in the pipeline's time unit
     * @param lateTag  of the side output for late records; empty to drop and count them
     */
    public LimitOperator(
        final RecordType<V, ?> type,
        final OperatorFactory<KeyEncoder> encoders,
        final Long most,
        final Long interval,
        final String lateTag)
    {
        super(type, encoders, interval, lateTag);
        this.most = most;
    }

    @Override
    protected String tableName()
    {
        return "counts";
    }

    @Override
    protected String counterName()
    {
        return "recordsOverLimitDropped";
    }

    @Override
    protected long notLateFrom(final long now)
    {
        return startOf(now + 1);
    }

    @Override
    protected long lastAsked(final long sliceStart)
    {
        return sliceStart + width() - 1;
    }

    @Override
    protected int select(final long[] slots, final int from, final int to, final long[] passing, final int count)
    {
        final KeyEncoder encoder = encoder();
        final int keyLength = encoder.keyLength();
        final long keys = batch().keys();
        encoding(true);
        for (int i = from; i < to; i++)
        {
            encoder.encode(slots[i], keys + (long)(i - from) * keyLength);
        }
        encoding(false);
        final long[] values = batch().values();
        lookingUp(slots[from]);
        final int news = table().upsertAll(keys, to - from, values, batch().created());
        lookingUp(0);
        if (news == KeyedTable.ONE_AT_A_TIME)
        {
            return selectOneAtATime(slots, from, to, passing, count);
        }
        final long most = this.most;
        int passed = count;
        for (int i = from; i < to; i++)
        {
            final long value = values[i - from];
            final long records = Memory.getLong(value);
            if (records < most)
            {
                Memory.putLong(value, records + 1);
                passing[passed++] = slots[i];
            }
        }
        return passed;
    }

    private int selectOneAtATime(
        final long[] slots, final int from, final int to, final long[] passing, final int count)
    {
        final int keyLength = encoder().keyLength();
        final KeyedTable table = table();
        int passed = count;
        for (int i = from; i < to; i++)
        {
            final long key = batch().keys() + (long)(i - from) * keyLength;
            lookingUp(slots[i]);
            final long value = table.upsert(KeyHash.hash(key, keyLength), key);
            final long records = Memory.getLong(value);
            if (records < most)
            {
                Memory.putLong(value, records + 1);
                passing[passed++] = slots[i];
            }
            table.written();
            lookingUp(0);
        }
        return passed;
    }
}
