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
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.Region;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.window.SessionDescriptor;
import io.millrace.operators.window.SessionFirings;
import io.millrace.operators.window.SessionWindow;

/**
 * Brings the records of two streams together that are of one session, which goes on as long as records of either stream
 * follow each other within the gap (SEMANTICS JOIN-1, WIN-8 to WIN-10). A watermark fires the sessions that it closes by
 * their end, keys in canonical order; where the output is full it stops, and goes on there when called again. A late record
 * of a session that is still kept fires that anew.
 *
 * @param <V> read-only view of the left records
 * @param <U> read-only view of the right records
 */
public final class SessionJoinOperator<V, U> implements TimedJoinOperator, SkippingOperator
{
    /** A session that fires is looked up, loaded and removed, which takes as long as so many results. */
    private static final int WORK_OF_FIRING = 4;

    private final RecordType<V, ?> leftType;
    private final RecordType<U, ?> rightType;
    private final OperatorFactory<KeyEncoder> leftEncoders;
    private final OperatorFactory<KeyEncoder> rightEncoders;
    private final OperatorFactory<SessionResults> resultFactory;
    private final SessionWindow window;
    private final String leftTag;
    private final String rightTag;

    private JoinSessions sessions;
    private SessionResults results;
    private Region keyRegion;
    private Counter dropped;
    private KeyEncoder leftEncoder;
    private KeyEncoder rightEncoder;
    private SessionSide left;
    private SessionSide right;
    private Output leftLate;
    private Output rightLate;
    private long key;
    private int keyLength;
    /** Whether results of a session that is due are being made. */
    private boolean firing;
    /** The slot of the record that has arrived, or of the watermark that fires, for messages; else 0. */
    private long cause;
    private boolean arrivedLeft;

    /**
     * An operator.
     *
     * @param leftType      of the left records, of fixed length
     * @param rightType     of the right records, of fixed length
     * @param leftEncoders  give the key of a left record
     * @param rightEncoders give the key of a right record
     * @param results       makes results of a session
     * @param window        gap that ends a session, and how late a record may be
     * @param leftTag       of the side output for left records that are too late; empty to drop and count them
     * @param rightTag      of the side output for right records that are too late; empty to drop and count them
     */
    public SessionJoinOperator(
        final RecordType<V, ?> leftType,
        final RecordType<U, ?> rightType,
        final OperatorFactory<KeyEncoder> leftEncoders,
        final OperatorFactory<KeyEncoder> rightEncoders,
        final OperatorFactory<SessionResults> results,
        final SessionWindow window,
        final String leftTag,
        final String rightTag)
    {
        this.leftType = leftType;
        this.rightType = rightType;
        this.leftEncoders = leftEncoders;
        this.rightEncoders = rightEncoders;
        this.resultFactory = results;
        this.window = window;
        this.leftTag = leftTag;
        this.rightTag = rightTag;
    }

    @Override
    public void open(final OperatorContext context)
    {
        final String name = context.name();
        leftEncoder = IsolatedLoader.newInstance(name, KeyEncoder.class, leftEncoders);
        rightEncoder = IsolatedLoader.newInstance(name, KeyEncoder.class, rightEncoders);
        keyLength = leftEncoder.keyLength();
        keyRegion = Region.allocate(context.account(), name + " key", keyLength);
        key = keyRegion.address();
        sessions = new JoinSessions(context, keyLength, leftType, rightType, window);
        left = sessions.left();
        right = sessions.right();
        leftLate = leftTag.isEmpty() ? null : context.sideOutput(leftTag);
        rightLate = rightTag.isEmpty() ? null : context.sideOutput(rightTag);
        dropped = context.counter("lateRecordsDropped");
        results = IsolatedLoader.newInstance(name, SessionResults.class, resultFactory);
        results.open(context, left, right);
    }

    @Override
    public void start()
    {
        sessions.schedule().start();
    }

    @Override
    public BatchProcessor input(final int index)
    {
        return index == 0 ? new LeftInput() : new RightInput();
    }

    /** Adds a record, whose key is encoded. */
    private boolean add(final SessionSide side, final Output late, final long slot)
    {
        final long hash = KeyHash.hash(key, keyLength);
        if (sessions.isTooLate(hash, key, SlotDescriptor.timestamp(slot)))
        {
            return tooLate(late, slot);
        }
        final long end = sessions.add(side, hash, key, slot);
        return sessions.schedule().isUnfired(end) || fireAnew(slot, sessions.find(hash, key, end));
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

    /** Makes all results of a session, whatever the output says. */
    private boolean fireAnew(final long slot, final long session)
    {
        begin(key, session);
        boolean goOn = true;
        while (!results.isDone())
        {
            goOn &= results.fire(slot, Integer.MAX_VALUE) > 0;
        }
        return goOn;
    }

    private void begin(final long sessionKey, final long session)
    {
        final long start = SessionDescriptor.start(session);
        final long end = SessionDescriptor.end(session);
        results.begin(sessionKey, start, end, left.load(sessionKey, session), right.load(sessionKey, session));
    }

    @Override
    public boolean watermark(final long slot)
    {
        final long now = SlotDescriptor.timestamp(slot);
        final SessionFirings firings = sessions.schedule().firings();
        cause = slot;
        int most = MAX_FIRINGS;
        boolean due = true;
        while (most > 0 && due)
        {
            if (!firing)
            {
                most = sessions.moveOn(now, most);
                final long session = most > 0 ? sessions.next() : 0;
                due = session != 0;
                if (due)
                {
                    begin(firings.key(), session);
                    firing = true;
                    most = Math.max(1, most - WORK_OF_FIRING);
                }
            }
            if (firing)
            {
                most = fire(slot, now, most);
            }
        }
        cause = 0;
        return most > 0 && sessions.pass(now, most);
    }

    private int fire(final long slot, final long now, final int most)
    {
        final int more = results.fire(slot, most);
        if (results.isDone())
        {
            firing = false;
            sessions.schedule().fired(now);
        }
        return more;
    }

    @Override
    public long nextDue()
    {
        return sessions.schedule().nextDue();
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(sessions.schedule().watermark());
    }

    @Override
    public void restore(final BlobReader blob)
    {
        sessions.schedule().restore(blob.getLong());
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
        final String result = results.current();
        if (result != null)
        {
            return result;
        }
        final long record = cause + SlotDescriptor.HEADER_LENGTH;
        return arrivedLeft ? text(leftType, record) : text(rightType, record);
    }

    private static <T> String text(final RecordType<T, ?> type, final long record)
    {
        return new JoinedView<>(type, "").text(record);
    }

    @Override
    public void close()
    {
        if (keyRegion != null)
        {
            keyRegion.close();
        }
        if (sessions != null)
        {
            sessions.close();
        }
        if (results != null)
        {
            results.close();
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
                cause = slots[i];
                leftEncoder.encode(slots[i], key);
                goOn &= add(left, leftLate, slots[i]);
            }
            cause = 0;
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
                cause = slots[i];
                rightEncoder.encode(slots[i], key);
                goOn &= add(right, rightLate, slots[i]);
            }
            cause = 0;
            return goOn;
        }
    }
}
