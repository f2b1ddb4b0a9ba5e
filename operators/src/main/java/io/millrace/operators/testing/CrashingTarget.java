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
package io.millrace.operators.testing;

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.testing.CrashPoints;
import io.millrace.operators.sink.RecordMetadata;
import io.millrace.operators.sink.transaction.TransactionName;
import io.millrace.operators.sink.transaction.TransactionScope;
import io.millrace.operators.sink.transaction.TransactionalTarget;

import java.util.List;

/**
 * Lets the process of a two-phase commit sink die before or after any call to its target, for
 * {@link io.millrace.core.testing.SinkContract}:
 *
 * <pre>
 *   TwoPhaseCommitSink.of(type -&gt; new CrashingTarget&lt;&gt;(new OrderTable(database), crash))
 * </pre>
 *
 * Once dead, no call comes through any more but {@link #close}, which frees what the end of a process frees.
 *
 * @param <T> a transaction
 * @param <V> read-only view of the records
 */
public final class CrashingTarget<T, V> implements TransactionalTarget<T, V>
{
    private final TransactionalTarget<T, V> target;
    private final CrashPoints crash;

    /**
     * A target that dies.
     *
     * @param target that calls go to
     * @param crash  says when
     */
    public CrashingTarget(final TransactionalTarget<T, V> target, final CrashPoints crash)
    {
        this.target = target;
        this.crash = crash;
    }

    private void call(final String name, final Runnable call)
    {
        crash.reach("before " + name);
        call.run();
        crash.reach("after " + name);
    }

    @Override
    public void open(final TransactionScope scope)
    {
        call("open", () -> target.open(scope));
    }

    @Override
    public T begin(final TransactionName name)
    {
        crash.reach("before begin");
        final T transaction = target.begin(name);
        crash.reach("after begin");
        return transaction;
    }

    @Override
    public void invoke(final T transaction, final V record, final RecordMetadata metadata)
    {
        call("invoke", () -> target.invoke(transaction, record, metadata));
    }

    @Override
    public void finishProcessing(final T transaction)
    {
        call("finishProcessing", () -> target.finishProcessing(transaction));
    }

    @Override
    public void preCommit(final T transaction)
    {
        call("preCommit", () -> target.preCommit(transaction));
    }

    @Override
    public void commit(final T transaction)
    {
        call("commit", () -> target.commit(transaction));
    }

    @Override
    public void abort(final T transaction)
    {
        call("abort", () -> target.abort(transaction));
    }

    @Override
    public void recoverAndCommit(final T transaction)
    {
        call("recoverAndCommit", () -> target.recoverAndCommit(transaction));
    }

    @Override
    public void recoverAndAbort(final T transaction)
    {
        call("recoverAndAbort", () -> target.recoverAndAbort(transaction));
    }

    @Override
    public void fence(final TransactionName first)
    {
        call("fence", () -> target.fence(first));
    }

    @Override
    public void write(final T transaction, final BlobWriter writer)
    {
        target.write(transaction, writer);
    }

    @Override
    public T read(final BlobReader reader)
    {
        return target.read(reader);
    }

    @Override
    public T read(final TransactionName name, final BlobReader reader)
    {
        return target.read(name, reader);
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        target.snapshot(writer);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        target.restore(reader);
    }

    @Override
    public void restoreRescaled(final List<BlobReader> parts)
    {
        target.restoreRescaled(parts);
    }

    @Override
    public void close()
    {
        try
        {
            target.close();
        }
        catch (final Exception exception)
        {
            throw new IllegalStateException("the target cannot be closed: " + exception.getMessage(), exception);
        }
    }
}
