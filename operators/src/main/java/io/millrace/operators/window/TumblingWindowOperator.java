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
package io.millrace.operators.window;

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.FiringGuard;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.AccumulatorGuard;
import io.millrace.operators.keyed.KeyBatch;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.transform.RecordOperator;
import io.millrace.operators.transform.RecordWriter;

/**
 * Tumbling windows of event time, an accumulator for each key and window (SEMANTICS WIN-1 to WIN-7). A watermark fires
 * the windows that it closes by their end, keys in canonical order; where the output is full it stops, and goes on
 * there when called again. A late element of a window that is still kept fires it anew for its key.
 *
 * @param <V> read-only view of the input
 * @param <K> view of the key
 * @param <B> read-only view of the accumulator
 * @param <A> flyweight that writes the accumulator
 * @param <W> flyweight that writes the results
 */
public final class TumblingWindowOperator<V, K, B, A extends Flyweight, W extends Flyweight> extends RecordOperator<V>
    implements SkippingOperator, BatchOperator
{
    private static final long NOTHING = Long.MIN_VALUE;

    private final AccumulateFunction<? super V, ? super A> accumulate;
    private final WindowFunction<? super K, ? super B, ? super W> result;
    private final OperatorFactory<KeyEncoder> encoders;
    private final RecordType<B, A> accumulatorType;
    private final RecordWriter<W> writer;
    private final KeyView<K> keyView;
    private final WindowBounds bounds = new WindowBounds();
    private final String lateTag;
    private final long size;
    private final long offset;
    private final long lateness;

    private KeyEncoder encoder;
    private KeyBatch batch;
    private AccumulatorGuard guard;
    /** Null without an error policy. */
    private FiringGuard firingGuard;
    private WindowTables tables;
    private Output output;
    private Output late;
    private Counter dropped;
    private A accumulator;
    private long keys;
    private long[] values;
    private int[] created;
    private final BatchPartition partition = new BatchPartition();
    /** Whether keys are being encoded, and the first slot of those whose keys are being looked up: for messages. */
    private boolean encoding;
    private long lookingUp;

    /** The slice at hand: the last one that a record went to, and the one before it. */
    private KeyedTable table;
    private long start = NOTHING;
    private long end = NOTHING;
    private KeyedTable otherTable;
    private long otherStart = NOTHING;
    private long otherEnd = NOTHING;

    private long watermark = Long.MIN_VALUE;
    /** No record from here on is late; of one before, it has to be looked. */
    private long notLateFrom = Long.MIN_VALUE;
    private KeyedCursor firing;
    private long firingSlice;
    /** The slot that causes the result that is being made, for messages; else 0. */
    private long firingSlot;
    /** Results that this call of watermark may still make. */
    private int firings;

    /**
     * An operator.
     *
     * @param inputType       of the records
     * @param accumulatorType of what is kept for a key and window, of fixed length
     * @param outputType      of the results
     * @param encoders        give the key
     * @param keyView         shows it; one a factory, so an instance is made of it for each operator
     * @param accumulate      adds a record to an accumulator
     * @param result          makes the result of a window
     * @param window          size and offset of the windows, and how late a record may be, in the pipeline's unit
     * @param lateTag         of the side output for records that are too late; empty to drop and count them
     */
    public TumblingWindowOperator(
        final RecordType<V, ?> inputType,
        final RecordType<B, A> accumulatorType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> encoders,
        final OperatorFactory<KeyView<K>> keyView,
        final AccumulateFunction<? super V, ? super A> accumulate,
        final WindowFunction<? super K, ? super B, ? super W> result,
        final TumblingWindow window,
        final String lateTag)
    {
        super(inputType);
        this.accumulatorType = accumulatorType;
        this.encoders = encoders;
        this.keyView = newKeyView(keyView);
        this.accumulate = accumulate;
        this.result = result;
        this.writer = new RecordWriter<>(outputType);
        this.accumulator = accumulatorType.newFlyweight();
        this.size = window.size();
        this.offset = window.offset();
        this.lateness = window.lateness();
        this.lateTag = lateTag;
    }

    @SuppressWarnings("unchecked")
    private static <K> KeyView<K> newKeyView(final OperatorFactory<KeyView<K>> factory)
    {
        return IsolatedLoader.newInstance("key view", KeyView.class, factory);
    }

    @Override
    public void open(final OperatorContext context)
    {
        super.open(context);
        output = output();
        late = lateTag.isEmpty() ? null : context.sideOutput(lateTag);
        dropped = context.counter("lateRecordsDropped");
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        batch = new KeyBatch(encoder, context.account(), context.name());
        context.state().describe("windows", StateForm.WHOLE_KEY.withRecord(accumulatorType, 0));
        tables = context.state().windowTables("windows", encoder.keyLength(), accumulatorType.blockLength());
        firingGuard = context.firingGuard();
        guard = AccumulatorGuard.of(context, accumulatorType.blockLength());
        keys = batch.keys();
        values = batch.values();
        created = batch.created();
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        if (start < notLateFrom || !BatchPartition.isWithin(slots, count, start, end))
        {
            return addApart(slots, count);
        }
        addTogether(slots, count);
        return true;
    }

    /**
     * Takes records of the same window together. Accumulators of different windows do not meet, so that changes no
     * result; records that may be late are taken last, one after the other, since what they put out is in their order.
     */
    private boolean addApart(final long[] slots, final int count)
    {
        final BatchPartition partition = this.partition;
        final int lates = partition.split(slots, count, notLateFrom);
        for (long slot = partition.first(); slot != 0; slot = partition.first())
        {
            if (!selectFor(slot))
            {
                throw new IllegalStateException("timestamp=" + SlotDescriptor.timestamp(slot) + " at watermark=" +
                    watermark + " is late, but notLateFrom=" + notLateFrom + ": a bug of the operator, report it");
            }
            final int members = partition.take(start, end);
            addTogether(partition.taken(), members);
        }
        boolean goOn = true;
        for (int i = 0; i < lates; i++)
        {
            goOn &= addLate(partition.late()[i]);
        }
        return goOn;
    }

    /** Adds records of the window at hand. */
    private void addTogether(final long[] slots, final int count)
    {
        encode(slots, count);
        if (guard != null)
        {
            addOneAtATime(slots, count);
            return;
        }
        lookingUp = slots[0];
        final int news = table.upsertAll(keys, count, values, created);
        lookingUp = 0;
        if (news == KeyedTable.ONE_AT_A_TIME)
        {
            addOneAtATime(slots, count);
        }
        else
        {
            addAll(slots, count);
        }
    }

    private void encode(final long[] slots, final int count)
    {
        final KeyEncoder encoder = this.encoder;
        final int keyLength = encoder.keyLength();
        long key = keys;
        encoding = true;
        for (int i = 0; i < count; i++)
        {
            encoder.encode(slots[i], key);
            key += keyLength;
        }
        encoding = false;
    }

    /** Calls nothing in its loop that is not inlined, so that the compiler keeps what it uses in registers. */
    private void addAll(final long[] slots, final int count)
    {
        final long[] values = this.values;
        final AccumulateFunction<? super V, ? super A> accumulate = this.accumulate;
        final Flyweight record = flyweight();
        final V view = view();
        final A accumulator = this.accumulator;
        for (int i = 0; i < count; i++)
        {
            if (DebugMode.ENABLED)
            {
                addChecked(slots[i], values[i]);
            }
            else
            {
                record.wrapUnchecked(slots[i] + SlotDescriptor.HEADER_LENGTH);
                accumulator.wrapUnchecked(values[i]);
                accumulate.add(accumulator, view);
            }
        }
    }

    private void addOneAtATime(final long[] slots, final int count)
    {
        final int keyLength = encoder.keyLength();
        for (int i = 0; i < count; i++)
        {
            add(slots[i], keys + (long)i * keyLength);
        }
    }

    /** Adds a record to the window at hand. */
    private void add(final long slot, final long key)
    {
        lookingUp = slot;
        final long hash = KeyHash.hash(key, encoder.keyLength());
        final long value = table.upsert(hash, key);
        lookingUp = 0;
        if (guard != null)
        {
            addGuarded(slot, hash, key, value);
        }
        else
        {
            addTo(slot, value);
        }
        table.written();
    }

    private void addTo(final long slot, final long value)
    {
        if (DebugMode.ENABLED)
        {
            addChecked(slot, value);
        }
        else
        {
            accumulator.wrapUnchecked(value);
            accumulate.add(accumulator, view(slot));
        }
    }

    /** Adds a record, or leaves its key as it was. */
    private void addGuarded(final long slot, final long hash, final long key, final long value)
    {
        final boolean created = table.created();
        guard.save(value);
        try
        {
            addTo(slot, value);
        }
        catch (final Throwable thrown)
        {
            guard.undo(table, created, hash, key, value);
            throw thrown;
        }
    }

    /** Adds a record that may be late: where its window was fired, it fires anew for the key. */
    private boolean addLate(final long slot)
    {
        if (!selectFor(slot))
        {
            return tooLate(slot);
        }
        final long key = keys;
        encoding = true;
        encoder.encode(slot, key);
        encoding = false;
        add(slot, key);
        return end - 1 > watermark || fire(slot, key, table.find(KeyHash.hash(key, encoder.keyLength()), key), start);
    }

    private void addChecked(final long slot, final long value)
    {
        final A checked = accumulatorType.newFlyweight();
        checked.wrapUnchecked(value);
        accumulate.add(checked, view(slot));
        releaseView();
        checked.release(name());
    }

    /** Makes the slice of a record the one at hand; false when it is too late for it. */
    private boolean selectFor(final long slot)
    {
        final long timestamp = SlotDescriptor.timestamp(slot);
        lookingUp = slot;
        final boolean selected = timestamp >= start && timestamp < end || select(timestamp);
        lookingUp = 0;
        return selected;
    }

    private boolean select(final long timestamp)
    {
        final boolean other = timestamp >= otherStart && timestamp < otherEnd;
        final KeyedTable previous = table;
        final long previousStart = start;
        final long previousEnd = end;
        if (other)
        {
            table = otherTable;
            start = otherStart;
            end = otherEnd;
        }
        else
        {
            final long windowStart = windowStart(timestamp);
            if (cleanupTime(windowStart) <= watermark)
            {
                return false;
            }
            table = tables.table(windowStart);
            start = windowStart;
            end = windowStart + size;
        }
        otherTable = previous;
        otherStart = previousStart;
        otherEnd = previousEnd;
        return true;
    }

    private long windowStart(final long timestamp)
    {
        if (timestamp < Long.MIN_VALUE + 2 * size || timestamp > Long.MAX_VALUE - 2 * size)
        {
            throw new IllegalArgumentException("timestamp=" + timestamp + " is too near to the end of time for a window " +
                "of size=" + size + " offset=" + offset + ": check the field marked @EventTime, or filter such records out");
        }
        return timestamp - Math.floorMod(timestamp - offset, size);
    }

    private boolean tooLate(final long slot)
    {
        if (late == null)
        {
            dropped.increment();
            return true;
        }
        return late.forward(slot);
    }

    private boolean fire(final long cause, final long key, final long value, final long windowStart)
    {
        return firingGuard == null ? apply(cause, key, value, windowStart) : tryToApply(cause, key, value, windowStart);
    }

    private boolean tryToApply(final long cause, final long key, final long value, final long windowStart)
    {
        firingGuard.begin();
        do
        {
            try
            {
                return apply(cause, key, value, windowStart);
            }
            catch (final Throwable thrown)
            {
                if (!firingGuard.takes(thrown, cause, currentRecord()))
                {
                    throw thrown;
                }
                firingSlot = 0;
            }
        }
        while (firingGuard.again());
        return firingGuard.goOn();
    }

    private boolean apply(final long cause, final long key, final long value, final long windowStart)
    {
        final W out = writer.begin(output.claim(), cause, writer.flyweight().blockLength());
        SlotDescriptor.timestamp(writer.slot(), windowStart + size - 1);
        if (DebugMode.ENABLED)
        {
            accumulator = accumulatorType.newFlyweight();
        }
        accumulator.wrapUnchecked(value);
        firingSlot = cause;
        result.apply(keyView.at(key), bounds.of(windowStart, windowStart + size), accumulatorType.view(accumulator),
            out);
        firingSlot = 0;
        writer.end(name());
        if (DebugMode.ENABLED)
        {
            accumulator.release(name());
        }
        return output.commit();
    }

    @Override
    public boolean watermark(final long slot)
    {
        final long now = SlotDescriptor.timestamp(slot);
        firings = MAX_FIRINGS;
        if (firing == null)
        {
            firingSlice = tables.firstSlice(Long.MIN_VALUE);
            if (firingSlice == Long.MAX_VALUE || firingSlice + size - 1 > now)
            {
                advance(now);
                return true;
            }
        }
        while (firingSlice != Long.MAX_VALUE && firingSlice + size - 1 <= now)
        {
            if (firingSlice + size - 1 > watermark && !fireSlice(slot))
            {
                return false;
            }
            firing = null;
            if (cleanupTime(firingSlice) <= now)
            {
                drop(firingSlice);
            }
            firingSlice = tables.firstSlice(firingSlice + 1);
        }
        advance(now);
        return true;
    }

    private void advance(final long now)
    {
        watermark = now;
        if (now >= Long.MAX_VALUE - 2 * size)
        {
            notLateFrom = Long.MAX_VALUE;
        }
        else if (now >= Long.MIN_VALUE + 2 * size)
        {
            notLateFrom = windowStart(now + 1);
        }
    }

    private boolean fireSlice(final long slot)
    {
        if (firing == null)
        {
            firing = tables.find(firingSlice).cursor();
        }
        while (firing.next())
        {
            firings--;
            if (!fire(slot, firing.key(), firing.value(), firingSlice) || firings == 0)
            {
                return false;
            }
        }
        return true;
    }

    private void drop(final long slice)
    {
        tables.drop(slice);
        if (slice == start)
        {
            start = NOTHING;
            end = NOTHING;
            table = null;
        }
        else if (slice == otherStart)
        {
            otherStart = NOTHING;
            otherEnd = NOTHING;
            otherTable = null;
        }
    }

    private long cleanupTime(final long windowStart)
    {
        final long maxTimestamp = windowStart + size - 1;
        return maxTimestamp > Long.MAX_VALUE - lateness ? Long.MAX_VALUE : maxTimestamp + lateness;
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(watermark);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        advance(blob.getLong());
    }

    @Override
    public long currentSlot()
    {
        if (firingSlot != 0)
        {
            return firingSlot;
        }
        if (lookingUp != 0)
        {
            return lookingUp;
        }
        return encoding ? encoder.currentSlot() : super.currentSlot();
    }

    @Override
    public String currentRecord()
    {
        return firingSlot == 0 ? super.currentRecord() :
            "result of window " + bounds + " key=" + keyView + " accumulator=" + accumulator;
    }

    @Override
    public void close()
    {
        if (batch != null)
        {
            batch.close();
        }
        if (guard != null)
        {
            guard.close();
        }
    }
}
