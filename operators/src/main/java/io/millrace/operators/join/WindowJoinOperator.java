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
import io.millrace.operators.function.WindowJoinFunction;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.transform.RecordWriter;
import io.millrace.operators.window.WindowBounds;

/**
 * Joins each record of a key and window with each of the other side (SEMANTICS JOIN-1). A watermark fires the windows that
 * it closes by their end, keys in canonical order, the pairs of each left record by left record; where the output is full
 * it stops, also between the pairs of a key, and goes on there when called again. A late record of a window that is still
 * kept fires all pairs of its key anew.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the left records
 * @param <U> read-only view of the right records
 * @param <W> flyweight that writes the results
 */
public final class WindowJoinOperator<K, V, U, W extends Flyweight>
    implements TimedJoinOperator, SkippingOperator, ReadAheadOperator
{
    private final RecordType<V, ?> leftType;
    private final RecordType<U, ?> rightType;
    private final OperatorFactory<KeyEncoder> leftEncoders;
    private final OperatorFactory<KeyEncoder> rightEncoders;
    private final WindowJoinFunction<? super K, ? super V, ? super U, ? super W> function;
    private final JoinKind kind;
    private final RecordWriter<W> writer;
    private final JoinWindow window;
    private final boolean tumbling;
    private final KeyView<K> keyView;
    private final WindowBounds bounds = new WindowBounds();
    private final String leftTag;
    private final String rightTag;

    private KeyEncoder leftEncoder;
    private KeyEncoder rightEncoder;
    private JoinedView<V> leftView;
    private JoinedView<U> rightView;
    private JoinBuffer buffer;
    private WindowFiring firing;
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
    private Counter inNoWindow;
    private String name;
    private long key;
    private int keyLength;
    /** The slot of the record that has arrived, or of the watermark that fires, for messages; else 0. */
    private long cause;
    private boolean arrivedLeft;
    /** Address of the key that is being fired, else 0. */
    private long firingKey;
    /** Pairs of the key that is being fired: where it is, and what there is. */
    private int leftIndex;
    private int rightIndex;
    private int leftEnd;
    private int rightEnd;
    private boolean withoutLeft;
    private boolean withoutRight;
    /** Keys and results that this call of watermark may still get through. */
    private int firings;

    /**
     * An operator.
     *
     * @param leftType      of the left records, of fixed length
     * @param rightType     of the right records, of fixed length
     * @param outputType    of the results
     * @param leftEncoders  give the key of a left record
     * @param rightEncoders give the key of a right record
     * @param keyViews      show it
     * @param function      makes a result of a pair
     * @param kind          which records without partner make a result
     * @param window        size and offset of the windows, and how late a record may be
     * @param leftTag       of the side output for left records that are too late; empty to drop and count them
     * @param rightTag      of the side output for right records that are too late; empty to drop and count them
     */
    @SuppressWarnings("unchecked")
    public WindowJoinOperator(
        final RecordType<V, ?> leftType,
        final RecordType<U, ?> rightType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> leftEncoders,
        final OperatorFactory<KeyEncoder> rightEncoders,
        final OperatorFactory<KeyView<K>> keyViews,
        final WindowJoinFunction<? super K, ? super V, ? super U, ? super W> function,
        final JoinKind kind,
        final JoinWindow window,
        final String leftTag,
        final String rightTag)
    {
        this.leftType = leftType;
        this.rightType = rightType;
        this.leftEncoders = leftEncoders;
        this.rightEncoders = rightEncoders;
        this.keyView = IsolatedLoader.newInstance("key view", KeyView.class, keyViews);
        this.function = function;
        this.kind = kind;
        this.writer = new RecordWriter<>(outputType);
        this.window = window;
        this.tumbling = window.slide() == window.size();
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
        buffer = new JoinBuffer(context, keyLength, leftType, rightType, false);
        firing = new WindowFiring(buffer, window);
        left = buffer.left();
        right = buffer.right();
        leftLate = leftTag.isEmpty() ? null : context.sideOutput(leftTag);
        rightLate = rightTag.isEmpty() ? null : context.sideOutput(rightTag);
        dropped = context.counter("lateRecordsDropped");
        inNoWindow = context.counter("recordsInNoWindow");
        output = context.output();
        guard = context.firingGuard();
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
            cause = slot;
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
            words ^= buffer.prefetch(firing.lastStart(SlotDescriptor.timestamp(slot)), hashesAhead[i]);
            ahead += keyLength;
        }
        ahead = keysAhead.address();
        for (int i = 0; i < count; i++)
        {
            words ^= buffer.prefetch(firing.lastStart(SlotDescriptor.timestamp(slots[i])), hashesAhead[i], ahead);
            ahead += keyLength;
        }
        cause = 0;
        read = words;
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

    /** Adds a record, whose key is encoded, to a window that takes it. */
    private boolean add(final JoinSide side, final long slot, final long windowStart)
    {
        final long head = buffer.add(side, windowStart, KeyHash.hash(key, keyLength), key, slot);
        return !firing.isFired(windowStart) || fireAnew(slot, windowStart, head);
    }

    /** Adds a record, whose key is encoded, to all windows that take it. */
    private boolean addToAll(final JoinSide side, final Output late, final long slot, final long lastStart)
    {
        final long timestamp = SlotDescriptor.timestamp(slot);
        boolean goOn = true;
        boolean taken = false;
        for (long start = firing.firstStart(timestamp, lastStart); start <= lastStart; start += window.slide())
        {
            if (!firing.isClosed(start))
            {
                taken = true;
                goOn &= add(side, slot, start);
            }
        }
        if (!taken && firing.isLate(timestamp))
        {
            return tooLate(late, slot);
        }
        inNoWindow.add(taken ? 0 : 1);
        return goOn;
    }

    @Override
    public boolean watermark(final long slot)
    {
        final long now = SlotDescriptor.timestamp(slot);
        cause = slot;
        firings = MAX_FIRINGS;
        boolean goOn = firePairs(slot);
        while (goOn && firing.nextKey(now))
        {
            begin(firing.windowStart(), firing.key(), firing.head());
            firings--;
            goOn = firePairs(slot) && firings > 0;
        }
        cause = 0;
        return goOn;
    }

    /** Fires all pairs of a key, whatever the output says. */
    private boolean fireAnew(final long slot, final long windowStart, final long head)
    {
        begin(windowStart, key, head);
        firings = Integer.MAX_VALUE;
        boolean goOn = true;
        while (!firePairs(slot))
        {
            goOn = false;
        }
        return goOn;
    }

    /** Goes to the pairs of a key. */
    private void begin(final long windowStart, final long newKey, final long head)
    {
        final int lefts = left.load(windowStart, newKey, head);
        final int rights = right.load(windowStart, newKey, head);
        withoutLeft = lefts == 0 && kind.keepsRight();
        withoutRight = rights == 0 && kind.keepsLeft();
        leftEnd = withoutLeft ? 1 : lefts;
        rightEnd = withoutRight ? 1 : rights;
        leftIndex = rightEnd == 0 ? leftEnd : 0;
        rightIndex = 0;
        firingKey = newKey;
        bounds.of(windowStart, windowStart + window.size());
    }

    /** Fires what is left of the pairs of the key, until the output says stop or it was enough for once. */
    private boolean firePairs(final long slot)
    {
        while (leftIndex < leftEnd)
        {
            final long leftRecord = withoutLeft ? 0 : left.record(leftIndex);
            while (rightIndex < rightEnd)
            {
                final long rightRecord = withoutRight ? 0 : right.record(rightIndex);
                rightIndex++;
                firings--;
                if (!emit(slot, leftRecord, rightRecord) || firings <= 0)
                {
                    return false;
                }
            }
            rightIndex = 0;
            leftIndex++;
        }
        firingKey = 0;
        return true;
    }

    private boolean emit(final long slot, final long leftRecord, final long rightRecord)
    {
        return guard == null ? join(slot, leftRecord, rightRecord) : tryToJoin(slot, leftRecord, rightRecord);
    }

    private boolean tryToJoin(final long slot, final long leftRecord, final long rightRecord)
    {
        guard.begin();
        do
        {
            try
            {
                return join(slot, leftRecord, rightRecord);
            }
            catch (final Throwable thrown)
            {
                if (!guard.takes(thrown, slot, currentRecord()))
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

    private boolean join(final long slot, final long leftRecord, final long rightRecord)
    {
        final W out = writer.begin(output.claim(), slot, writer.flyweight().blockLength());
        SlotDescriptor.timestamp(writer.slot(), bounds.end() - 1);
        function.join(keyView.at(firingKey), bounds, leftView.at(leftRecord), rightView.at(rightRecord), out);
        leftView.leave();
        rightView.leave();
        writer.end(name);
        return output.commit();
    }

    @Override
    public long nextDue()
    {
        return firing.nextDue();
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(firing.watermark());
    }

    @Override
    public void restore(final BlobReader blob)
    {
        firing.advance(blob.getLong());
    }

    @Override
    public void recordFailed(final boolean again)
    {
        cause = 0;
    }

    @Override
    public long currentSlot()
    {
        return cause;
    }

    @Override
    public String currentRecord()
    {
        if (cause == 0)
        {
            return null;
        }
        if (firingKey != 0)
        {
            return "result of window " + bounds + " key=" + keyView.at(firingKey) +
                " left " + leftView.text(leftView.address()) + " right " + rightView.text(rightView.address());
        }
        final long record = cause + SlotDescriptor.HEADER_LENGTH;
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
                goOn &= take(slots[i]);
            }
            cause = 0;
            return goOn;
        }

        private boolean take(final long slot)
        {
            cause = slot;
            final long start = firing.lastStart(SlotDescriptor.timestamp(slot));
            if (firing.isClosed(start) && tumbling)
            {
                return tooLate(leftLate, slot);
            }
            leftEncoder.encode(slot, key);
            return tumbling ? add(left, slot, start) : addToAll(left, leftLate, slot, start);
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
                goOn &= take(slots[i]);
            }
            cause = 0;
            return goOn;
        }

        private boolean take(final long slot)
        {
            cause = slot;
            final long start = firing.lastStart(SlotDescriptor.timestamp(slot));
            if (firing.isClosed(start) && tumbling)
            {
                return tooLate(rightLate, slot);
            }
            rightEncoder.encode(slot, key);
            return tumbling ? add(right, slot, start) : addToAll(right, rightLate, slot, start);
        }
    }
}
