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
package io.millrace.operators.ranking;

import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.FieldKind;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordField;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.function.AggregateFunction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The first so many records of a ranking, in its order: an accumulator of windows, and the state of a key. Records that
 * rank alike stay in the order of their arrival or, where that is asked for, of their event time and then of their
 * arrival, which does not depend on how records were divided among accumulators.
 * <pre>
 *   | count 8 | window start 8 | window end 8 | entry | entry | ...      entry: | score 8 | time 8 | record |
 * </pre>
 *
 * @param <V> read-only view of the ranked records
 */
public final class TopRecords<V> extends Flyweight
{
    private static final int COUNT_OFFSET = 0;
    private static final int START_OFFSET = 8;
    private static final int END_OFFSET = 16;
    private static final int ENTRIES_OFFSET = 24;
    private static final int SCORE_OFFSET = 0;
    private static final int TIME_OFFSET = 8;
    private static final int RECORD_OFFSET = 16;

    private final Shape<V> shape;
    private final int size;
    private final int recordLength;
    private final int entryLength;
    private final Ranking<V> ranking;
    private final Comparator<? super V> ties;
    private Flyweight shown;
    private Flyweight compared;

    private TopRecords(final Shape<V> shape)
    {
        this.shape = shape;
        this.size = shape.size;
        this.recordLength = shape.recordType.blockLength();
        this.entryLength = RECORD_OFFSET + recordLength;
        this.ranking = shape.ranking;
        this.ties = ranking.ties();
        this.shown = shape.recordType.newFlyweight();
        this.compared = shape.recordType.newFlyweight();
    }

    /**
     * The type of such accumulators.
     *
     * @param size       of the ranking: how many records are kept
     * @param recordType of the records, of fixed length
     * @param ranking    of the records
     * @param byTime     whether records that rank alike are in the order of their event time, which is read from the slot
     *                   that a record lies in
     * @param <V>        read-only view of the records
     * @return the type
     * @throws IllegalArgumentException when so many records are more than an accumulator holds
     */
    public static <V> RecordType<TopRecords<V>, TopRecords<V>> type(
        final int size, final RecordType<V, ?> recordType, final Ranking<V> ranking, final boolean byTime)
    {
        final int entryLength = RECORD_OFFSET + recordType.blockLength();
        final int most = (AggregateFunction.MAX_ACCUMULATOR_LENGTH - ENTRIES_OFFSET) / entryLength;
        if (size < 1 || size > most)
        {
            throw new IllegalArgumentException("size=" + size + " of a ranking of record=" + recordType + " blockLength=" +
                recordType.blockLength() + " must be from 1 to " + most +
                (most < 1 ? ": map the records to shorter ones first" : ": rank fewer, or map the records to shorter ones"));
        }
        return new Shape<>(size, recordType, ranking, byTime).type;
    }

    /**
     * Adds a record, if it is among the first.
     *
     * @param record view of it
     * @return index that it got, from 0; -1 when it is not among the first
     */
    public int add(final V record)
    {
        if (DebugMode.ENABLED)
        {
            checkAccess("add");
        }
        final long from = ((Flyweight)record).address();
        final long time = shape.byTime ? SlotDescriptor.timestamp(from - SlotDescriptor.HEADER_LENGTH) : 0;
        return insert(record, from, ranking.score(record), time);
    }

    /**
     * Adds what others hold, if it is among the first.
     *
     * @param other of the same type; its records rank behind those here that they rank alike with
     */
    public void addAll(final TopRecords<V> other)
    {
        final int count = other.count();
        for (int i = 0; i < count; i++)
        {
            final long entry = other.entry(i);
            if (insert(other.record(i), entry + RECORD_OFFSET, Memory.getLong(entry + SCORE_OFFSET),
                Memory.getLong(entry + TIME_OFFSET)) < 0)
            {
                break;
            }
        }
    }

    private int insert(final V record, final long from, final long score, final long time)
    {
        final int count = count();
        int index = count;
        while (index > 0 && isBefore(record, score, time, entry(index - 1)))
        {
            index--;
        }
        if (index == size)
        {
            return -1;
        }
        for (int i = Math.min(count, size - 1); i > index; i--)
        {
            Memory.copyWords(entry(i - 1), entry(i), entryLength);
        }
        final long entry = entry(index);
        Memory.putLong(entry + SCORE_OFFSET, score);
        Memory.putLong(entry + TIME_OFFSET, time);
        Memory.copyWords(from, entry + RECORD_OFFSET, recordLength);
        if (count < size)
        {
            Memory.putLong(address + COUNT_OFFSET, count + 1);
        }
        return index;
    }

    private boolean isBefore(final V record, final long score, final long time, final long entry)
    {
        final long other = Memory.getLong(entry + SCORE_OFFSET);
        if (score != other)
        {
            return score > other;
        }
        if (ties != null)
        {
            final int order = ties.compare(record, view(compared, entry));
            if (order != 0)
            {
                return order < 0;
            }
        }
        return time < Memory.getLong(entry + TIME_OFFSET);
    }

    @SuppressWarnings("unchecked")
    private V view(final Flyweight flyweight, final long entry)
    {
        flyweight.wrapUnchecked(entry + RECORD_OFFSET);
        return (V)flyweight;
    }

    /**
     * Number of records.
     *
     * @return 0 or more
     */
    public int count()
    {
        if (DebugMode.ENABLED)
        {
            checkAccess("count");
        }
        return (int)Memory.getLong(address + COUNT_OFFSET);
    }

    /**
     * A record.
     *
     * @param index from 0 to {@link #count()} - 1, in the order of the ranking
     * @return view of it, moved by the next call
     */
    public V record(final int index)
    {
        if (DebugMode.ENABLED)
        {
            shown = shape.recordType.newFlyweight();
        }
        return view(shown, entry(index));
    }

    /**
     * Ends the validity of the view that {@link #record} gave; called behind {@link DebugMode#ENABLED}.
     *
     * @param operator whose callback has returned
     */
    public void releaseRecord(final String operator)
    {
        shown.release(operator);
    }

    private long entry(final int index)
    {
        return address + ENTRIES_OFFSET + (long)index * entryLength;
    }

    /**
     * First time of the window that the records are of.
     *
     * @return as set
     */
    public long windowStart()
    {
        return Memory.getLong(address + START_OFFSET);
    }

    /**
     * First time that no longer belongs to the window.
     *
     * @return as set
     */
    public long windowEnd()
    {
        return Memory.getLong(address + END_OFFSET);
    }

    /**
     * Makes this a copy of another ranking, of a window.
     *
     * @param other of the same type
     * @param start of the window
     * @param end   of the window
     */
    public void set(final TopRecords<V> other, final long start, final long end)
    {
        Memory.copyWords(other.address(), address, blockLength());
        Memory.putLong(address + START_OFFSET, start);
        Memory.putLong(address + END_OFFSET, end);
    }

    @Override
    public int blockLength()
    {
        return ENTRIES_OFFSET + size * entryLength;
    }

    @Override
    public RecordType<?, ?> type()
    {
        return shape.type;
    }

    @Override
    public String toString()
    {
        final List<String> records = new ArrayList<>();
        final int count = address == 0 ? 0 : count();
        for (int i = 0; i < count; i++)
        {
            final Flyweight record = shape.recordType.newFlyweight();
            records.add(view(record, entry(i)).toString());
        }
        return "TopRecords" + records;
    }

    /**
     * What such accumulators have in common.
     *
     * @param <V> read-only view of the ranked records
     */
    private static final class Shape<V>
    {
        private final int size;
        private final RecordType<V, ?> recordType;
        private final Ranking<V> ranking;
        private final boolean byTime;
        private final RecordType<TopRecords<V>, TopRecords<V>> type;

        private Shape(
            final int size, final RecordType<V, ?> recordType, final Ranking<V> ranking, final boolean byTime)
        {
            this.size = size;
            this.recordType = recordType;
            this.ranking = ranking;
            this.byTime = byTime;
            final List<RecordField> fields = new ArrayList<>();
            fields.add(number("count", COUNT_OFFSET));
            fields.add(number("windowStart", START_OFFSET));
            fields.add(number("windowEnd", END_OFFSET));
            final int entryLength = RECORD_OFFSET + recordType.blockLength();
            for (int i = 0; i < size; i++)
            {
                final int entry = ENTRIES_OFFSET + i * entryLength;
                fields.add(number("score" + i, entry + SCORE_OFFSET));
                fields.add(number("time" + i, entry + TIME_OFFSET));
                fields.add(new RecordField("record" + i, FieldKind.RECORD, entry + RECORD_OFFSET,
                    recordType.blockLength(), 0, false, recordType.schema()));
            }
            final int length = ENTRIES_OFFSET + size * entryLength;
            type = new RecordType<>(
                "Top" + size + "Of" + recordType.name(), length, length, fields, () -> new TopRecords<>(this));
        }

        private static RecordField number(final String name, final int offset)
        {
            return new RecordField(name, FieldKind.LONG, offset, Long.BYTES, 0, false);
        }
    }
}
