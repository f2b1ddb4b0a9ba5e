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

import java.util.List;
import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.RescalableOperator;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.KeyBatch;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.transform.RecordOperator;
import io.millrace.operators.transform.RecordWriter;

/**
 * Sliding windows of event time (SEMANTICS WIN-1 to WIN-7): a record is added to the one slice of time that it is in,
 * whatever the number of its windows, and a {@link SliceCombiner} makes windows of slices. A watermark fires the
 * windows that it closes by their end, keys in canonical order; where the output is full it stops, and goes on there
 * when called again.
 * <p>
 * A late record fires anew, for its key, those of its windows that were fired and are still kept, the latest first; they
 * are combined of their slices then and there, since the combiner has only windows to come. Records of the gaps between
 * windows are in none of them: they leave no trace, unless they are behind the watermark by the lateness (SEMANTICS WIN-7)
 *
 * @param <V> read-only view of the input
 * @param <K> view of the key
 * @param <B> read-only view of the accumulator
 * @param <A> flyweight that writes the accumulator
 * @param <W> flyweight that writes the results
 */
public final class SlidingWindowOperator<V, K, B, A extends Flyweight, W extends Flyweight> extends RecordOperator<V>
    implements SkippingOperator, BatchOperator, RescalableOperator
{
    /** What is to be done next of a watermark, when what the combiner began is done. */
    private enum Phase
    {
        NEXT, COMBINING, FIRING, FORGETTING, PASSING
    }

    private static final long NOTHING = Long.MIN_VALUE;

    private final AccumulateFunction<? super V, ? super A> accumulate;
    private final WindowFunction<? super K, ? super B, ? super W> result;
    private final OperatorFactory<KeyEncoder> encoders;
    private final OperatorFactory<SliceCombiner> combiners;
    private final RecordType<B, A> accumulatorType;
    private final RecordWriter<W> writer;
    private final KeyView<K> keyView;
    private final WindowBounds bounds = new WindowBounds();
    private final BatchPartition partition = new BatchPartition();
    private final SlidingWindow window;
    private final boolean startWithFirst;
    private final String lateTag;
    private KeyEncoder encoder;
    private SliceCombiner combiner;
    private KeyBatch batch;
    private boolean guarded;
    private LateWindows lateWindows;
    private WindowTables tables;
    private Output output;
    private Output late;
    private Counter dropped;
    private Counter inNoWindow;
    private A accumulator;
    private long keys;
    private long[] values;
    private int[] created;
    /** Whether keys are being encoded, and the first slot of those whose keys are being looked up: for messages. */
    private boolean encoding;
    private long lookingUp;
    /** The slice at hand: the last one that a record went to, and the one before it. A gap has no table. */
    private KeyedTable table;
    private long start = NOTHING;
    private long end = NOTHING;
    private KeyedTable otherTable;
    private long otherStart = NOTHING;
    private long otherEnd = NOTHING;

    private long watermark = Long.MIN_VALUE;
    /** No record from here on is late, nor is any slice from here on part of a fired window. */
    private long notLateFrom = Long.MIN_VALUE;
    /** The earliest window that was not due yet. */
    private long notFiredFrom = Long.MIN_VALUE;
    private Phase phase = Phase.NEXT;
    /** How many entries may still be combined and results made in this call. */
    private int left;
    private KeyedCursor firing;
    private long firingStart;
    /** The slot that causes what is being made, a result or not yet; for messages, else 0. */
    private long firingSlot;
    private boolean combining;

    /**
     * An operator.
     *
     * @param inputType       of the records
     * @param accumulatorType of what is kept for a key and slice, of fixed length
     * @param outputType      of the results
     * @param encoders        give the key
     * @param keyView         shows it; one a factory, so an instance is made of it for each operator
     * @param accumulate      adds a record to an accumulator
     * @param startWithFirst  true when the first record of a key is its accumulator, not added to zeros
     * @param combiners       make windows of slices
     * @param result          makes the result of a window
     * @param window          size, slide and offset of the windows, and how late a record may be
     * @param lateTag         of the side output for records that are too late; empty to drop and count them
     */
    public SlidingWindowOperator(
        final RecordType<V, ?> inputType,
        final RecordType<B, A> accumulatorType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> encoders,
        final OperatorFactory<KeyView<K>> keyView,
        final AccumulateFunction<? super V, ? super A> accumulate,
        final Boolean startWithFirst,
        final OperatorFactory<SliceCombiner> combiners,
        final WindowFunction<? super K, ? super B, ? super W> result,
        final SlidingWindow window,
        final String lateTag)
    {
        super(inputType);
        this.accumulatorType = accumulatorType;
        this.encoders = encoders;
        this.keyView = KeyView.of(keyView);
        this.accumulate = accumulate;
        this.startWithFirst = startWithFirst;
        this.combiners = combiners;
        this.result = result;
        this.writer = new RecordWriter<>(outputType);
        this.accumulator = accumulatorType.newFlyweight();
        this.window = window;
        this.lateTag = lateTag;
    }

    @Override
    public void open(final OperatorContext context)
    {
        super.open(context);
        output = output();
        late = lateTag.isEmpty() ? null : context.sideOutput(lateTag);
        dropped = context.counter("lateRecordsDropped");
        inNoWindow = context.counter("recordsInNoWindow");
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        batch = new KeyBatch(encoder, context.account(), context.name());
        context.state().describe("slices", StateForm.WHOLE_KEY.withRecord(accumulatorType, 0));
        tables = context.state().windowTables("slices", encoder.keyLength(), accumulatorType.blockLength());
        combiner = IsolatedLoader.newInstance(context.name(), SliceCombiner.class, combiners);
        combiner.open(context, tables, encoder.keyLength());
        lateWindows = new LateWindows(window, tables, combiner, accumulatorType.blockLength(), context);
        guarded = context.errorPolicy().guards();
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
     * Takes records of the same slice together. Accumulators of different slices do not meet here, so that changes no
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

    /** Adds records of the slice at hand. */
    private void addTogether(final long[] slots, final int count)
    {
        if (table == null)
        {
            inNoWindow.add(count);
            return;
        }
        encode(slots, count);
        if (guarded)
        {
            addAlone(slots[0], KeyHash.hash(keys, encoder.keyLength()));
            return;
        }
        lookingUp = slots[0];
        final int firsts = table.upsertAll(keys, count, values, created);
        lookingUp = 0;
        if (firsts == KeyedTable.ONE_AT_A_TIME)
        {
            addOneAtATime(slots, count);
        }
        else
        {
            addAll(slots, count, startWithFirst ? firsts : 0);
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
    private void addAll(final long[] slots, final int count, final int firsts)
    {
        final long[] values = this.values;
        final AccumulateFunction<? super V, ? super A> accumulate = this.accumulate;
        final Flyweight record = flyweight();
        final V view = view();
        final A accumulator = this.accumulator;
        int seen = 0;
        int first = firsts == 0 ? count : created[0];
        for (int i = 0; i < count; i++)
        {
            if (i == first)
            {
                startWith(slots[i], values[i]);
                seen++;
                first = seen == firsts ? count : created[seen];
            }
            else if (DebugMode.ENABLED)
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
            final long key = keys + (long)i * keyLength;
            lookingUp = slots[i];
            final long value = table.upsert(KeyHash.hash(key, keyLength), key);
            lookingUp = 0;
            add(slots[i], value, table.created());
            table.written();
        }
    }

    /** Adds a record to an accumulator. */
    private void add(final long slot, final long value, final boolean first)
    {
        if (first && startWithFirst)
        {
            startWith(slot, value);
        }
        else if (DebugMode.ENABLED)
        {
            addChecked(slot, value);
        }
        else
        {
            accumulator.wrapUnchecked(value);
            accumulate.add(accumulator, view(slot));
        }
    }

    private void startWith(final long slot, final long value)
    {
        Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, value, accumulatorType.blockLength());
    }

    private void addChecked(final long slot, final long value)
    {
        final A checked = accumulatorType.newFlyweight();
        checked.wrapUnchecked(value);
        accumulate.add(checked, view(slot));
        releaseView();
        checked.release(name());
    }

    /**
     * Adds a record that may be late: to its slice, to what the combiner has of it, and to those windows of it that were
     * fired. It gets an accumulator of its own first, so that it is shown to the user's function once.
     */
    private boolean addLate(final long slot)
    {
        if (!selectFor(slot))
        {
            return tooLate(slot);
        }
        if (table == null)
        {
            if (window.isLateInGap(SlotDescriptor.timestamp(slot), watermark))
            {
                return tooLate(slot);
            }
            inNoWindow.increment();
            return true;
        }
        final long key = keys;
        encoding = true;
        encoder.encode(slot, key);
        encoding = false;
        final long hash = KeyHash.hash(key, encoder.keyLength());
        final boolean first = addAlone(slot, hash);
        lookingUp = slot;
        combiner.late(start, first, hash, key, lateWindows.alone());
        lookingUp = 0;
        return fireLate(slot, hash, key);
    }

    /** Adds a record to an accumulator of its own, then that to its key's; whether it is the first of the key. */
    private boolean addAlone(final long slot, final long hash)
    {
        add(slot, lateWindows.newAlone(), true);
        lookingUp = slot;
        final long value = table.upsert(hash, keys);
        final boolean first = table.created();
        lateWindows.addAlone(value, first);
        table.written();
        lookingUp = 0;
        return first;
    }

    /** Fires those windows of a key that have the slice at hand, were fired and are still kept; the latest first. */
    private boolean fireLate(final long slot, final long hash, final long key)
    {
        final long slide = window.slide();
        final long latest = Math.min(window.latestStart(start), notFiredFrom - slide);
        final long earliest = window.earliestKept(start, latest, watermark);
        if (earliest > latest)
        {
            return true;
        }
        boolean goOn = true;
        lookingUp = slot;
        lateWindows.begin(hash, key, start, earliest, latest);
        for (long windowStart = latest; windowStart >= earliest; windowStart -= slide)
        {
            lookingUp = slot;
            final long value = lateWindows.combine(windowStart);
            lookingUp = 0;
            goOn &= fire(slot, key, value, windowStart);
        }
        return goOn;
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
            window.checkTime(timestamp);
            final boolean gap = window.inGap(timestamp);
            if (!gap && window.cleanupTime(window.latestStart(timestamp)) <= watermark)
            {
                return false;
            }
            final long slice = window.sliceStart(timestamp);
            table = gap ? null : tables.table(slice);
            start = slice;
            end = window.sliceEnd(timestamp);
        }
        otherTable = previous;
        otherStart = previousStart;
        otherEnd = previousEnd;
        return true;
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
        final long windowEnd = windowStart + window.size();
        final W out = writer.begin(output.claim(), cause, writer.flyweight().blockLength());
        SlotDescriptor.timestamp(writer.slot(), windowEnd - 1);
        if (DebugMode.ENABLED)
        {
            accumulator = accumulatorType.newFlyweight();
        }
        accumulator.wrapUnchecked(value);
        firingSlot = cause;
        result.apply(keyView.at(key), bounds.of(windowStart, windowEnd), accumulatorType.view(accumulator), out);
        firingSlot = 0;
        writer.end(name());
        if (DebugMode.ENABLED)
        {
            accumulator.release(name());
        }
        return output.commit();
    }

    /** Does what a watermark makes due piece by piece: of each window, combines its slices, fires, and forgets slices. */
    @Override
    public boolean watermark(final long slot)
    {
        final long now = SlotDescriptor.timestamp(slot);
        left = MAX_FIRINGS;
        while (true)
        {
            if (firing == null && !combine(slot))
            {
                return false;
            }
            switch (phase)
            {
                case NEXT -> phase = nextDue(now) ? Phase.COMBINING : pass(now);
                case COMBINING ->
                {
                    firing = combiner.cursor();
                    phase = Phase.FIRING;
                }
                case FIRING ->
                {
                    if (!fireWindow(slot))
                    {
                        return false;
                    }
                    firing = null;
                    notFiredFrom = firingStart + window.slide();
                    combiner.forgetBefore(notFiredFrom);
                    phase = Phase.FORGETTING;
                }
                default ->
                {
                    drop(now);
                    final boolean passed = phase == Phase.PASSING;
                    phase = Phase.NEXT;
                    if (passed)
                    {
                        return true;
                    }
                }
            }
        }
    }

    private boolean combine(final long slot)
    {
        startCombining(slot);
        left = combiner.proceed(left);
        endCombining();
        return left > 0;
    }

    /** Makes the earliest window known that is due, has records and was not fired. */
    private boolean nextDue(final long now)
    {
        final long slice = tables.firstSlice(notFiredFrom);
        if (slice == Long.MAX_VALUE)
        {
            return false;
        }
        final long windowStart = Math.max(notFiredFrom, window.earliestStart(slice));
        if (windowStart + window.size() - 1 > now)
        {
            return false;
        }
        firingStart = windowStart;
        bounds.of(windowStart, windowStart + window.size());
        combiner.moveTo(windowStart);
        return true;
    }

    /** Lets go of the slices that no window to come has: the combiner of all, the operator of those past lateness. */
    private Phase pass(final long now)
    {
        if (now > watermark)
        {
            advance(now);
            combiner.forgetBefore(notFiredFrom);
        }
        return Phase.PASSING;
    }

    private boolean fireWindow(final long slot)
    {
        final KeyedCursor cursor = firing;
        while (nextOf(cursor, slot))
        {
            left--;
            if (!fire(slot, cursor.key(), cursor.value(), firingStart) || left == 0)
            {
                return false;
            }
        }
        return true;
    }

    private boolean nextOf(final KeyedCursor cursor, final long slot)
    {
        startCombining(slot);
        final boolean next = cursor.next();
        endCombining();
        return next;
    }

    private void startCombining(final long slot)
    {
        firingSlot = slot;
        combining = true;
    }

    private void endCombining()
    {
        firingSlot = 0;
        combining = false;
    }

    private void advance(final long now)
    {
        // Every window ends at least half a margin from both ends of time.
        final long margin = window.margin() / 2;
        watermark = now;
        if (now >= Long.MAX_VALUE - margin)
        {
            notLateFrom = Long.MAX_VALUE;
            notFiredFrom = Long.MAX_VALUE;
        }
        else if (now >= Long.MIN_VALUE + margin)
        {
            notFiredFrom = window.earliestStart(now + 1);
            final long firedTo = notFiredFrom - window.slide() + window.size();
            // Where windows leave gaps, what is behind the watermark in one may be late, too.
            notLateFrom = window.slide() <= window.size() ? firedTo : Math.max(firedTo, Math.min(now + 1, notFiredFrom));
        }
    }

    /** Drops the slices whose last window was fired, and is forgotten at a watermark. */
    private void drop(final long now)
    {
        long slice = tables.firstSlice(Long.MIN_VALUE);
        while (slice < notFiredFrom && window.cleanupTime(window.latestStart(slice)) <= now)
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
            slice = tables.firstSlice(Long.MIN_VALUE);
        }
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(watermark);
        combiner.snapshot(blob);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        advance(blob.getLong());
        combiner.restore(blob);
    }

    /** What the combiner keeps is made anew from the slices when the next window fires. */
    @Override
    public void restoreRescaled(final List<BlobReader> parts)
    {
        advance(BlobReader.leastLong(parts));
    }

    @Override
    public long currentSlot()
    {
        final long busyWith = firingSlot != 0 ? firingSlot : lookingUp;
        return busyWith != 0 ? busyWith : encoding ? encoder.currentSlot() : super.currentSlot();
    }

    @Override
    public String currentRecord()
    {
        if (firingSlot == 0)
        {
            return super.currentRecord();
        }
        return combining ? "slices of window " + bounds :
            "result of window " + bounds + " key=" + keyView + " accumulator=" + accumulator;
    }

    @Override
    public void close()
    {
        if (batch != null)
        {
            batch.close();
        }
        if (combiner != null)
        {
            combiner.close();
        }
        if (lateWindows != null)
        {
            lateWindows.close();
        }
    }
}
