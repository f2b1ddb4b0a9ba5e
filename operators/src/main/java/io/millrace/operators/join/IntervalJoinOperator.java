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
package io.millrace.operators.join;

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.FiringGuard;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.MultipleInputOperator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.ReadAheadOperator;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.JoinFunction;
import io.millrace.operators.transform.RecordWriter;

/**
 * Joins records of one key whose times are near to each other (SEMANTICS JOIN-2 to JOIN-6). A pair is emitted when its
 * second record arrives; partners of one record come in the order of their time, those of the same time in the order of
 * their arrival. Records lie in slices of time, which are dropped when the watermark says that no partner can come.
 *
 * @param <V> read-only view of the left records
 * @param <U> read-only view of the right records
 * @param <W> flyweight that writes the results
 */
public final class IntervalJoinOperator<V, U, W extends Flyweight>
    implements MultipleInputOperator, SkippingOperator, ReadAheadOperator
{
    private final RecordType<V, ?> leftType;
    private final RecordType<U, ?> rightType;
    private final OperatorFactory<KeyEncoder> leftEncoders;
    private final OperatorFactory<KeyEncoder> rightEncoders;
    private final JoinFunction<? super V, ? super U, ? super W> function;
    private final RecordWriter<W> writer;
    private final String leftTag;
    private final String rightTag;
    private final TimeOrder partners = new TimeOrder();
    private final long lower;
    private final long upper;
    private final long retention;
    private final int shift;

    private KeyEncoder leftEncoder;
    private KeyEncoder rightEncoder;
    private JoinedView<V> leftView;
    private JoinedView<U> rightView;
    private JoinBuffer buffer;
    private JoinSide left;
    private JoinSide right;
    private Region keyRegion;
    private Region keysAhead;
    private final long[] hashesAhead = new long[BatchProcessor.MAX_BATCH];
    /** What was read ahead: kept, so that the compiler does not leave the reads out. */
    @SuppressWarnings("UnusedVariable")
    private long read;
    private Output output;
    /** Null without an error policy. */
    private FiringGuard guard;
    private Output leftLate;
    private Output rightLate;
    private Counter dropped;
    private String name;
    private long key;
    private int keyLength;
    private long watermark = Long.MIN_VALUE;
    /** The slot of the record that is being joined, for messages; else 0. */
    private long arrived;
    private boolean arrivedLeft;

    /**
     * An operator.
     *
     * @param leftType      of the left records, of fixed length
     * @param rightType     of the right records, of fixed length
     * @param outputType    of the results
     * @param leftEncoders  give the key of a left record
     * @param rightEncoders give the key of a right record
     * @param function      makes a result of a pair
     * @param bounds        how far the times of a pair may be apart
     * @param leftTag       of the side output for left records that are too late; empty to drop and count them
     * @param rightTag      of the side output for right records that are too late; empty to drop and count them
     */
    public IntervalJoinOperator(
        final RecordType<V, ?> leftType,
        final RecordType<U, ?> rightType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> leftEncoders,
        final OperatorFactory<KeyEncoder> rightEncoders,
        final JoinFunction<? super V, ? super U, ? super W> function,
        final IntervalBounds bounds,
        final String leftTag,
        final String rightTag)
    {
        this.leftType = leftType;
        this.rightType = rightType;
        this.leftEncoders = leftEncoders;
        this.rightEncoders = rightEncoders;
        this.function = function;
        this.writer = new RecordWriter<>(outputType);
        this.lower = bounds.lower();
        this.upper = bounds.upper();
        this.retention = bounds.retention();
        this.shift = bounds.sliceShift();
        this.leftTag = leftTag;
        this.rightTag = rightTag;
    }

    @Override
    public void open(final OperatorContext context)
    {
        name = context.name();
        leftEncoder = IsolatedLoader.newInstance(name, KeyEncoder.class, leftEncoders);
        rightEncoder = IsolatedLoader.newInstance(name, KeyEncoder.class, rightEncoders);
        leftView = new JoinedView<>(leftType, name);
        rightView = new JoinedView<>(rightType, name);
        keyLength = leftEncoder.keyLength();
        keyRegion = Region.allocate(context.account(), name + " key", keyLength);
        key = keyRegion.address();
        keysAhead = Region.allocate(context.account(), name + " keys ahead", (long)keyLength * hashesAhead.length);
        buffer = new JoinBuffer(context, keyLength, leftType, rightType, true);
        left = buffer.left();
        right = buffer.right();
        output = context.output();
        guard = context.firingGuard();
        leftLate = leftTag.isEmpty() ? null : context.sideOutput(leftTag);
        rightLate = rightTag.isEmpty() ? null : context.sideOutput(rightTag);
        dropped = context.counter("lateRecordsDropped");
    }

    @Override
    public BatchProcessor input(final int index)
    {
        return index == 0 ? new LeftInput() : new RightInput();
    }

    @Override
    public void readAhead(final long[] slots, final int[] inputs, final int count)
    {
        long words = 0;
        long ahead = keysAhead.address();
        for (int i = 0; i < count; i++)
        {
            final long slot = slots[i];
            arrived = slot;
            arrivedLeft = inputs[i] == 0;
            if (arrivedLeft)
            {
                leftEncoder.encode(slot, ahead);
            }
            else
            {
                rightEncoder.encode(slot, ahead);
            }
            hashesAhead[i] = KeyHash.hash(ahead, keyLength);
            words ^= buffer.prefetch(SlotDescriptor.timestamp(slot) >> shift, hashesAhead[i]);
            ahead += keyLength;
        }
        ahead = keysAhead.address();
        for (int i = 0; i < count; i++)
        {
            words ^= readAhead(SlotDescriptor.timestamp(slots[i]), inputs[i] == 0, hashesAhead[i], ahead);
            ahead += keyLength;
        }
        arrived = 0;
        read = words;
    }

    /** Brings near the heads of a key in all slices that a record is joined with. */
    private long readAhead(final long timestamp, final boolean ofLeft, final long hash, final long ahead)
    {
        final long from = plus(timestamp, ofLeft ? lower : -upper) >> shift;
        final long to = plus(timestamp, ofLeft ? upper : -lower) >> shift;
        final long slice = timestamp >> shift;
        long words = buffer.prefetch(slice, hash, ahead);
        for (long other = from; other <= to; other++)
        {
            words ^= other == slice ? 0 : buffer.prefetch(other, hash, ahead);
        }
        return words;
    }

    private boolean isLate(final long slot)
    {
        final long timestamp = SlotDescriptor.timestamp(slot);
        if (timestamp == Long.MIN_VALUE)
        {
            throw new IllegalArgumentException("timestamp=" + timestamp + " is that of a record without event time, which " +
                "an interval join needs: give the source a strategy with timestamps");
        }
        return timestamp <= watermark;
    }

    private boolean tooLate(final Output late, final long slot)
    {
        if (late == null)
        {
            dropped.increment();
            return true;
        }
        return late.forward(slot);
    }

    /** Keeps a record, and joins it with those of the other side that are there; its key is encoded. */
    private boolean joinLeft(final long slot)
    {
        final long timestamp = SlotDescriptor.timestamp(slot);
        final long hash = KeyHash.hash(key, keyLength);
        final long from = plus(timestamp, lower);
        final long to = plus(timestamp, upper);
        final long slice = timestamp >> shift;
        final long head = to > watermark ? buffer.add(left, slice, hash, key, slot) : buffer.head(slice, hash, key);
        boolean goOn = true;
        final long last = to >> shift;
        for (long other = from >> shift; other <= last; other++)
        {
            final long otherHead = other == slice ? head : buffer.head(other, hash, key);
            if (otherHead != 0 && right.count(otherHead) != 0)
            {
                final int count = choose(right, other, otherHead, from, to);
                for (int i = 0; i < count; i++)
                {
                    goOn &= emit(slot, Math.max(timestamp, partners.time(i)), slot + SlotDescriptor.HEADER_LENGTH,
                        partners.record(i));
                }
            }
        }
        return goOn;
    }

    /** The same for the other side. */
    private boolean joinRight(final long slot)
    {
        final long timestamp = SlotDescriptor.timestamp(slot);
        final long hash = KeyHash.hash(key, keyLength);
        final long from = plus(timestamp, -upper);
        final long to = plus(timestamp, -lower);
        final long slice = timestamp >> shift;
        final long head = to > watermark ? buffer.add(right, slice, hash, key, slot) : buffer.head(slice, hash, key);
        boolean goOn = true;
        final long last = to >> shift;
        for (long other = from >> shift; other <= last; other++)
        {
            final long otherHead = other == slice ? head : buffer.head(other, hash, key);
            if (otherHead != 0 && left.count(otherHead) != 0)
            {
                final int count = choose(left, other, otherHead, from, to);
                for (int i = 0; i < count; i++)
                {
                    goOn &= emit(slot, Math.max(timestamp, partners.time(i)), partners.record(i),
                        slot + SlotDescriptor.HEADER_LENGTH);
                }
            }
        }
        return goOn;
    }

    /** Picks those of a slice and of the key whose times are in an interval; returns how many. */
    private int choose(final JoinSide side, final long slice, final long head, final long from, final long to)
    {
        final TimeOrder partners = this.partners;
        partners.clear();
        final int count = side.load(slice, key, head);
        for (int i = 0; i < count; i++)
        {
            final long timestamp = side.timestamp(i);
            if (timestamp >= from && timestamp <= to)
            {
                partners.add(timestamp, side.record(i));
            }
        }
        return partners.sort();
    }

    private boolean emit(final long cause, final long timestamp, final long leftRecord, final long rightRecord)
    {
        return guard == null ? join(cause, timestamp, leftRecord, rightRecord) :
            tryToJoin(cause, timestamp, leftRecord, rightRecord);
    }

    private boolean tryToJoin(
        final long cause, final long timestamp, final long leftRecord, final long rightRecord)
    {
        guard.begin();
        do
        {
            try
            {
                return join(cause, timestamp, leftRecord, rightRecord);
            }
            catch (final Throwable thrown)
            {
                if (!guard.takes(thrown, cause, currentRecord()))
                {
                    throw thrown;
                }
                leftView.leave();
                rightView.leave();
            }
        }
        while (guard.again());
        return guard.goOn();
    }

    private boolean join(final long cause, final long timestamp, final long leftRecord, final long rightRecord)
    {
        final W out = writer.begin(output.claim(), cause, writer.flyweight().blockLength());
        SlotDescriptor.timestamp(writer.slot(), timestamp);
        function.join(leftView.at(leftRecord), rightView.at(rightRecord), out);
        leftView.leave();
        rightView.leave();
        writer.end(name);
        return output.commit();
    }

    /** A sum that stops at the ends of time. */
    private static long plus(final long time, final long difference)
    {
        final long sum = time + difference;
        return ((time ^ sum) & (difference ^ sum)) >= 0 ? sum : difference < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    @Override
    public boolean watermark(final long slot)
    {
        watermark = SlotDescriptor.timestamp(slot);
        long slice = buffer.firstSlice(Long.MIN_VALUE);
        while (slice != Long.MAX_VALUE && plus(slice << shift | (1L << shift) - 1, retention) <= watermark)
        {
            buffer.drop(slice);
            slice = buffer.firstSlice(slice + 1);
        }
        return true;
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(watermark);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        watermark = blob.getLong();
    }

    @Override
    public void recordFailed(final boolean again)
    {
        arrived = 0;
    }

    @Override
    public long currentSlot()
    {
        return arrived;
    }

    @Override
    public String currentRecord()
    {
        if (arrived == 0)
        {
            return null;
        }
        if (leftView.address() != 0 && rightView.address() != 0)
        {
            return "left " + leftView.text(leftView.address()) + " right " + rightView.text(rightView.address());
        }
        final long record = arrived + SlotDescriptor.HEADER_LENGTH;
        return arrivedLeft ? leftView.text(record) : rightView.text(record);
    }

    @Override
    public void close()
    {
        if (keyRegion != null)
        {
            keyRegion.close();
            keysAhead.close();
        }
        if (buffer != null)
        {
            buffer.close();
        }
    }

    /** Takes the records of the first stream. */
    private final class LeftInput implements BatchProcessor
    {
        @Override
        public boolean processBatch(final long[] slots, final int count)
        {
            boolean goOn = true;
            arrivedLeft = true;
            for (int i = 0; i < count; i++)
            {
                final long slot = slots[i];
                arrived = slot;
                if (isLate(slot))
                {
                    goOn &= tooLate(leftLate, slot);
                }
                else
                {
                    leftEncoder.encode(slot, key);
                    goOn &= joinLeft(slot);
                }
            }
            arrived = 0;
            return goOn;
        }
    }

    /** Takes the records of the second stream. */
    private final class RightInput implements BatchProcessor
    {
        @Override
        public boolean processBatch(final long[] slots, final int count)
        {
            boolean goOn = true;
            arrivedLeft = false;
            for (int i = 0; i < count; i++)
            {
                final long slot = slots[i];
                arrived = slot;
                if (isLate(slot))
                {
                    goOn &= tooLate(rightLate, slot);
                }
                else
                {
                    rightEncoder.encode(slot, key);
                    goOn &= joinRight(slot);
                }
            }
            arrived = 0;
            return goOn;
        }
    }
}
