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

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.keyed.KeyBatch;
import io.millrace.operators.transform.RecordOperator;

/**
 * What operators have in common that let some of a key's records pass, by a word that is kept for each key and slice of
 * event time. Slices are all of one width, and dropped whole when the watermark says that no record asks for them any
 * more: there is no timer, and nothing is done for a key that is forgotten.
 * <pre>
 *   slice   | key | word 8 | ...            width times k to width times (k + 1), k of any sign
 * </pre>
 * A batch is cut into runs of records of one slice, whose keys are looked up at once; records stay in their order. A
 * record whose time the watermark has left behind is late, and goes to the side output or is counted.
 *
 * @param <V> read-only view of the records
 */
public abstract class SlicedSelection<V> extends RecordOperator<V> implements BatchOperator
{
    private static final long LONGEST = Long.MAX_VALUE / 16;

    private final OperatorFactory<KeyEncoder> encoders;
    private final long width;
    private final String lateTag;
    private final long[] kept = new long[BatchProcessor.MAX_BATCH];
    private KeyEncoder encoder;
    private KeyBatch batch;
    private WindowTables tables;
    private Output late;
    private Counter lateDropped;
    private Counter dropped;
    /** Whether keys are being encoded, and the first slot of those whose keys are being looked up: for messages. */
    private boolean encoding;
    private long lookingUp;

    /** The slice at hand, and its neighbours, null where there is none. Empty when there is none at hand. */
    private long start;
    private long end;
    private KeyedTable table;
    private KeyedTable previous;
    private KeyedTable next;

    private long watermark = Long.MIN_VALUE;
    private long notLateFrom = Long.MIN_VALUE;

    /**
     * An operator.
     *
     * @param type     of the records
     * @param encoders give the key
     * @param width    of a slice, in the pipeline's time unit
     * @param lateTag  of the side output for late records; empty to drop and count them
     */
    protected SlicedSelection(
        final RecordType<V, ?> type, final OperatorFactory<KeyEncoder> encoders, final long width, final String lateTag)
    {
        super(type);
        if (width <= 0 || width > LONGEST)
        {
            throw new IllegalArgumentException("time=" + width + " that records are told apart by must be from 1 to " +
                LONGEST + ": choose another, or a coarser unit in Pipeline.create(name, unit)");
        }
        this.encoders = encoders;
        this.width = width;
        this.lateTag = lateTag;
    }

    /**
     * Name of the tables of slices.
     *
     * @return unique for the operator
     */
    protected abstract String tableName();

    /**
     * What counts the records that do not pass, late ones aside.
     *
     * @return name of the counter
     */
    protected abstract String counterName();

    /**
     * Lets some of the records of a run pass, all of them of the slice at hand and none of them late.
     *
     * @param slots   addresses of the records' slots
     * @param from    index of the run's first record
     * @param to      index behind the run's last record
     * @param passing takes the slots of those that pass
     * @param count   how many have passed before
     * @return how many have passed now
     */
    protected abstract int select(long[] slots, int from, int to, long[] passing, int count);

    /**
     * The last time at which a slice is asked for: a record with a later time does not, and so the watermark there drops
     * it.
     *
     * @param sliceStart first time of the slice
     * @return the time
     */
    protected abstract long lastAsked(long sliceStart);

    /**
     * The first time whose records are not late.
     *
     * @param now the watermark, at least four widths from both ends of time
     * @return the time
     */
    protected abstract long notLateFrom(long now);

    @Override
    public final void open(final OperatorContext context)
    {
        super.open(context);
        late = lateTag.isEmpty() ? null : context.sideOutput(lateTag);
        lateDropped = context.counter("lateRecordsDropped");
        dropped = context.counter(counterName());
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        batch = new KeyBatch(encoder, context.account(), context.name());
        tables = context.state().windowTables(tableName(), encoder.keyLength(), Long.BYTES);
    }

    @Override
    public final boolean processBatch(final long[] slots, final int count)
    {
        final long[] kept = this.kept;
        int keeping = 0;
        int judged = 0;
        boolean goOn = true;
        for (int from = 0; from < count;)
        {
            final long timestamp = SlotDescriptor.timestamp(slots[from]);
            if (timestamp < notLateFrom)
            {
                goOn &= late(slots[from]);
                from++;
                continue;
            }
            if (timestamp < start || timestamp >= end)
            {
                lookingUp = slots[from];
                takeToHand(timestamp);
                lookingUp = 0;
            }
            final int to = endOfRun(slots, from + 1, count);
            keeping = select(slots, from, to, kept, keeping);
            judged += to - from;
            from = to;
        }
        if (judged > keeping)
        {
            dropped.add(judged - keeping);
        }
        return (keeping == 0 || output().forwardBatch(kept, keeping)) & goOn;
    }

    private int endOfRun(final long[] slots, final int from, final int count)
    {
        int to = from;
        while (to < count)
        {
            final long timestamp = SlotDescriptor.timestamp(slots[to]);
            if (timestamp < start || timestamp >= end || timestamp < notLateFrom)
            {
                break;
            }
            to++;
        }
        return to;
    }

    private boolean late(final long slot)
    {
        if (late == null)
        {
            lateDropped.increment();
            return true;
        }
        return late.forward(slot);
    }

    private void takeToHand(final long timestamp)
    {
        if (timestamp < Long.MIN_VALUE + 4 * width || timestamp > Long.MAX_VALUE - 4 * width)
        {
            throw new IllegalArgumentException("timestamp=" + timestamp + " is too near to the end of time for a " +
                "duration of " + width + ": check the field marked @EventTime, or filter such records out");
        }
        start = startOf(timestamp);
        end = start + width;
        table = tables.table(start);
        previous = tables.find(start - width);
        next = tables.find(end);
    }

    /**
     * Start of the slice of a time.
     *
     * @param timestamp at least a width from both ends of time
     * @return included
     */
    protected final long startOf(final long timestamp)
    {
        return timestamp - Math.floorMod(timestamp, width);
    }

    @Override
    public final boolean watermark(final long slot)
    {
        final long now = SlotDescriptor.timestamp(slot);
        long slice = tables.firstSlice(Long.MIN_VALUE);
        while (slice != Long.MAX_VALUE && lastAsked(slice) <= now)
        {
            tables.drop(slice);
            letGo();
            slice = tables.firstSlice(slice + 1);
        }
        advance(now);
        return true;
    }

    private void advance(final long now)
    {
        watermark = now;
        if (now > Long.MAX_VALUE - 4 * width)
        {
            notLateFrom = Long.MAX_VALUE;
        }
        else if (now >= Long.MIN_VALUE + 4 * width)
        {
            notLateFrom = notLateFrom(now);
        }
    }

    private void letGo()
    {
        start = 0;
        end = 0;
        table = null;
        previous = null;
        next = null;
    }

    /**
     * Width of a slice.
     *
     * @return in the pipeline's time unit
     */
    protected final long width()
    {
        return width;
    }

    /**
     * Start of the slice at hand.
     *
     * @return included
     */
    protected final long sliceStart()
    {
        return start;
    }

    /**
     * The slice at hand.
     *
     * @return its table
     */
    protected final KeyedTable table()
    {
        return table;
    }

    /**
     * The slice before the one at hand.
     *
     * @return its table, or null when there is none
     */
    protected final KeyedTable previous()
    {
        return previous;
    }

    /**
     * The slice behind the one at hand.
     *
     * @return its table, or null when there is none
     */
    protected final KeyedTable next()
    {
        return next;
    }

    /**
     * What gives the keys.
     *
     * @return the encoder
     */
    protected final KeyEncoder encoder()
    {
        return encoder;
    }

    /**
     * Room for the keys of a run.
     *
     * @return the room
     */
    protected final KeyBatch batch()
    {
        return batch;
    }

    /**
     * Says, for messages, whether keys are being encoded.
     *
     * @param now true when it begins, false when it ends
     */
    protected final void encoding(final boolean now)
    {
        encoding = now;
    }

    /**
     * Says, for messages, which record's key is being looked up.
     *
     * @param slot of the record, the first one of several; 0 when it has ended
     */
    protected final void lookingUp(final long slot)
    {
        lookingUp = slot;
    }

    @Override
    public final void snapshot(final BlobWriter blob)
    {
        blob.putLong(width).putLong(watermark);
    }

    @Override
    public final void restore(final BlobReader blob)
    {
        final long storedWidth = blob.getLong();
        if (storedWidth != width)
        {
            throw new IllegalStateException("operator " + name() + " tells records apart by " + width + ", its snapshot by " +
                storedWidth + ": restore with the same duration, or give the operator another uid and begin anew");
        }
        advance(blob.getLong());
    }

    @Override
    public final long currentSlot()
    {
        if (lookingUp != 0)
        {
            return lookingUp;
        }
        return encoding ? encoder.currentSlot() : 0;
    }

    @Override
    public final void close()
    {
        if (batch != null)
        {
            batch.close();
        }
    }
}
