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
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;

/**
 * Lets a record pass unless one of its key passed that is less than the horizon away in event time, before or behind it.
 * <p>
 * A slice is as wide as the horizon, so a key has one record at most that passed in it, and only the slices next to it
 * can have another that is near: a new key costs one lookup and up to two more, a record that comes again one, whatever
 * the disorder and the number of keys. The word of a key is the time of the record that passed, counted from 1 at the
 * slice's start; 0 where a record was looked up but did not pass.
 * <pre>
 *   slices       |        k - 1        |          k          |        k + 1        |
 *   passed            x                                               y
 *   refused   [x - horizon ... x + horizon)         (y - horizon ... y + horizon)
 * </pre>
 * At watermark w a record is late when its time is w or before: what it would be told by may be forgotten. A slice is
 * dropped at the watermark from which on no record that is not late can be near to one of its; so memory holds the keys
 * of one to two horizons, and of what is ahead of the watermark.
 *
 * @param <V> read-only view of the records
 */
public final class DeduplicateOperator<V> extends SlicedSelection<V>
{
    /**
     * An operator.
     *
     * @param type     of the records
     * @param encoders give the key
     * @param horizon  in the pipeline's time unit
     * @param lateTag  of the side output for late records; empty to drop and count them
     */
    public DeduplicateOperator(
        final RecordType<V, ?> type, final OperatorFactory<KeyEncoder> encoders, final Long horizon, final String lateTag)
    {
        super(type, encoders, horizon, lateTag);
    }

    @Override
    protected String tableName()
    {
        return "passed";
    }

    @Override
    protected String counterName()
    {
        return "duplicatesDropped";
    }

    @Override
    protected long notLateFrom(final long now)
    {
        return now + 1;
    }

    @Override
    protected long lastAsked(final long sliceStart)
    {
        // The slice's last time and the horizon, less one: a record there is near to it, the next one is not.
        return sliceStart + 2 * width() - 2;
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
        final long beforeStart = sliceStart() - 1;
        int passed = count;
        for (int i = from; i < to; i++)
        {
            final long slot = slots[i];
            final long value = values[i - from];
            final long timestamp = SlotDescriptor.timestamp(slot);
            if (Memory.getLong(value) == 0 && isApart(slot, timestamp, keys + (long)(i - from) * keyLength, keyLength))
            {
                Memory.putLong(value, timestamp - beforeStart);
                passing[passed++] = slot;
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
            final long slot = slots[i];
            final long key = batch().keys() + (long)(i - from) * keyLength;
            final long timestamp = SlotDescriptor.timestamp(slot);
            final long hash = KeyHash.hash(key, keyLength);
            lookingUp(slot);
            if (passedAt(table, hash, key) == 0 && isApart(slot, timestamp, key, keyLength))
            {
                Memory.putLong(table.upsert(hash, key), timestamp - sliceStart() + 1);
                table.written();
                passing[passed++] = slot;
            }
            lookingUp(0);
        }
        return passed;
    }

    /** Whether no record that passed in the slices next to the one at hand is near. */
    private boolean isApart(final long slot, final long timestamp, final long key, final int keyLength)
    {
        final KeyedTable previous = previous();
        final KeyedTable next = next();
        if (previous == null && next == null)
        {
            return true;
        }
        final long hash = KeyHash.hash(key, keyLength);
        final long into = timestamp - sliceStart() + 1;
        lookingUp(slot);
        final long before = previous == null ? 0 : passedAt(previous, hash, key);
        final long behind = next == null ? 0 : passedAt(next, hash, key);
        lookingUp(0);
        return (before == 0 || into >= before) && (behind == 0 || into <= behind);
    }

    private static long passedAt(final KeyedTable slice, final long hash, final long key)
    {
        final long value = slice.find(hash, key);
        return value == 0 ? 0 : Memory.getLong(value);
    }
}
