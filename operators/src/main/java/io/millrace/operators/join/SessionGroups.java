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
import io.millrace.core.operator.FiringGuard;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.CoGroupFunction;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.transform.RecordCollector;
import io.millrace.operators.transform.ResultCollector;
import io.millrace.operators.window.WindowBounds;

/**
 * What a function makes of the records of both sides of a session together.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the left records
 * @param <U> read-only view of the right records
 * @param <W> flyweight that writes the results
 */
public final class SessionGroups<K, V, U, W extends Flyweight> implements SessionResults
{
    private final RecordType<V, ?> leftType;
    private final RecordType<U, ?> rightType;
    private final RecordType<?, W> outputType;
    private final CoGroupFunction<? super K, V, U, W> function;
    private final KeyView<K> keyView;
    private final WindowBounds bounds = new WindowBounds();

    private SideRecords<V> lefts;
    private SideRecords<U> rights;
    private ResultCollector<W> results;
    /** Null without an error policy. */
    private FiringGuard guard;
    private long key;
    private int leftCount;
    private int rightCount;
    private boolean done = true;
    private boolean grouping;

    /**
     * Groups of nothing yet.
     *
     * @param leftType   of the left records
     * @param rightType  of the right records
     * @param outputType of the results
     * @param keyViews   show the key
     * @param function   makes results of the records of a session
     */
    public SessionGroups(
        final RecordType<V, ?> leftType,
        final RecordType<U, ?> rightType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyView<K>> keyViews,
        final CoGroupFunction<? super K, V, U, W> function)
    {
        this.leftType = leftType;
        this.rightType = rightType;
        this.outputType = outputType;
        this.keyView = KeyView.of(keyViews);
        this.function = function;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void open(final OperatorContext context, final JoinedRecords left, final JoinedRecords right)
    {
        lefts = new SideRecords<>(left, new JoinedView<>(leftType, context.name()));
        rights = new SideRecords<>(right, new JoinedView<>(rightType, context.name()));
        guard = context.firingGuard();
        results = IsolatedLoader.newInstance(
            context.name(), ResultCollector.class, RecordCollector.class, context, outputType);
    }

    @Override
    public void begin(final long newKey, final long start, final long end, final int newLefts, final int newRights)
    {
        key = newKey;
        bounds.of(start, end);
        leftCount = newLefts;
        rightCount = newRights;
        done = false;
    }

    @Override
    public boolean isDone()
    {
        return done;
    }

    @Override
    public int fire(final long slot, final int most)
    {
        final boolean goOn = guard == null ? group(slot) : tryToGroup(slot);
        done = true;
        return goOn ? most - 1 : 0;
    }

    private boolean tryToGroup(final long slot)
    {
        guard.begin();
        do
        {
            try
            {
                return group(slot);
            }
            catch (final Throwable thrown)
            {
                if (!guard.takes(thrown, slot, current()))
                {
                    throw thrown;
                }
                grouping = false;
                lefts.leave();
                rights.leave();
            }
        }
        while (guard.again());
        return guard.goOn() && results.goOn();
    }

    private boolean group(final long slot)
    {
        results.begin(slot, bounds.end() - 1);
        grouping = true;
        function.coGroup(keyView.at(key), bounds, lefts.enter(leftCount), rights.enter(rightCount), results);
        grouping = false;
        lefts.leave();
        rights.leave();
        return results.goOn();
    }

    @Override
    public String current()
    {
        return grouping ? "window " + bounds + " key=" + keyView.at(key) + " lefts=" + leftCount + " rights=" +
            rightCount : null;
    }

    @Override
    public void close()
    {
        if (results != null)
        {
            results.close();
        }
    }
}
