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

import io.millrace.core.operator.FiringGuard;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.function.WindowJoinFunction;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.transform.RecordWriter;
import io.millrace.operators.window.WindowBounds;

/**
 * A result of each pair of a session, left record by left record, and of records without partner as the kind of the join
 * says. It stops between two pairs where the output is full.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the left records
 * @param <U> read-only view of the right records
 * @param <W> flyweight that writes the results
 */
public final class SessionPairs<K, V, U, W extends Flyweight> implements SessionResults
{
    private final RecordType<V, ?> leftType;
    private final RecordType<U, ?> rightType;
    private final WindowJoinFunction<? super K, ? super V, ? super U, ? super W> function;
    private final JoinKind kind;
    private final RecordWriter<W> writer;
    private final KeyView<K> keyView;
    private final WindowBounds bounds = new WindowBounds();

    private JoinedView<V> leftView;
    private JoinedView<U> rightView;
    private JoinedRecords left;
    private JoinedRecords right;
    private Output output;
    /** Null without an error policy. */
    private FiringGuard guard;
    private String name;
    private long key;
    private int leftIndex;
    private int rightIndex;
    private int leftEnd;
    private int rightEnd;
    private boolean withoutLeft;
    private boolean withoutRight;
    private boolean joining;

    /**
     * Pairs of nothing yet.
     *
     * @param leftType   of the left records
     * @param rightType  of the right records
     * @param outputType of the results
     * @param keyViews   show the key
     * @param function   makes a result of a pair
     * @param kind       which records without partner make a result
     */
    public SessionPairs(
        final RecordType<V, ?> leftType,
        final RecordType<U, ?> rightType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyView<K>> keyViews,
        final WindowJoinFunction<? super K, ? super V, ? super U, ? super W> function,
        final JoinKind kind)
    {
        this.leftType = leftType;
        this.rightType = rightType;
        this.keyView = KeyView.of(keyViews);
        this.function = function;
        this.kind = kind;
        this.writer = new RecordWriter<>(outputType);
    }

    @Override
    public void open(final OperatorContext context, final JoinedRecords newLeft, final JoinedRecords newRight)
    {
        name = context.name();
        output = context.output();
        guard = context.firingGuard();
        left = newLeft;
        right = newRight;
        leftView = new JoinedView<>(leftType, name);
        rightView = new JoinedView<>(rightType, name);
    }

    @Override
    public void begin(final long newKey, final long start, final long end, final int lefts, final int rights)
    {
        key = newKey;
        bounds.of(start, end);
        withoutLeft = lefts == 0 && kind.keepsRight();
        withoutRight = rights == 0 && kind.keepsLeft();
        leftEnd = withoutLeft ? 1 : lefts;
        rightEnd = withoutRight ? 1 : rights;
        leftIndex = rightEnd == 0 ? leftEnd : 0;
        rightIndex = 0;
    }

    @Override
    public boolean isDone()
    {
        return leftIndex == leftEnd;
    }

    @Override
    public int fire(final long slot, final int most)
    {
        int more = most;
        while (leftIndex < leftEnd && more > 0)
        {
            final boolean goOn = emit(
                slot, withoutLeft ? 0 : left.record(leftIndex), withoutRight ? 0 : right.record(rightIndex));
            more = goOn ? more - 1 : 0;
            rightIndex++;
            if (rightIndex == rightEnd)
            {
                rightIndex = 0;
                leftIndex++;
            }
        }
        return more;
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
                if (!guard.takes(thrown, slot, current()))
                {
                    throw thrown;
                }
                joining = false;
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
        joining = true;
        function.join(keyView.at(key), bounds, leftView.at(leftRecord), rightView.at(rightRecord), out);
        joining = false;
        leftView.leave();
        rightView.leave();
        writer.end(name);
        return output.commit();
    }

    @Override
    public String current()
    {
        return joining ? "result of window " + bounds + " key=" + keyView.at(key) + " left " +
            leftView.text(leftView.address()) + " right " + rightView.text(rightView.address()) : null;
    }

    @Override
    public void close()
    {
        leftIndex = leftEnd;
    }
}
