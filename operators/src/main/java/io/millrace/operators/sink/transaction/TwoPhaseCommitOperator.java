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
package io.millrace.operators.sink.transaction;

import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.RescalableOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.sink.RecordMetadata;
import io.millrace.operators.transform.RecordOperator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Calls a {@link TransactionalTarget} in the order that its contract has. One transaction is current, from a barrier to the
 * next; those that wait for their checkpoints are pending.
 * <pre>
 *   snapshot: | cause | ordinal | epoch | next number | target's own: length, bytes | 1: current, or 0 |
 *             | pending: number of them | checkpoint id, transaction | ...
 *   transaction: | epoch | number | begun | target's: length, bytes |
 * </pre>
 * The end of the input is the watermark {@link Long#MAX_VALUE}: the last checkpoint comes behind it, and the end of the
 * stream behind that.
 *
 * @param <T> a transaction
 * @param <V> read-only view of the records
 */
public final class TwoPhaseCommitOperator<T, V> extends RecordOperator<V>
    implements RecordMetadata, RescalableOperator
{
    private final TransactionalTarget<T, V> target;
    private final TransactionTimeout timeout;
    private final PendingTransactions<T> pending;
    private final BlobWriter part = new BlobWriter();
    private TransactionScope scope;
    private Counter committed;
    private Counter nearTimeout;
    private Counter lost;
    private NamedTransaction<T> current;
    /** Those that were current in the life before, of this instance and of those that it takes over. */
    private final List<NamedTransaction<T>> abandoned = new ArrayList<>();
    /** Scopes of instances of before that are no more. */
    private final List<TransactionScope> takenOver = new ArrayList<>();
    private T transaction;
    private long epoch;
    private long nextNumber;
    private boolean finished;
    private long cause = -1;
    private int ordinal = -1;
    private long slot;

    /**
     * A sink.
     *
     * @param type of the records
     * @param sink that the user declared
     */
    public TwoPhaseCommitOperator(final RecordType<V, ?> type, final TwoPhaseCommitSink<T, V> sink)
    {
        super(type);
        this.target = sink.newTarget(type);
        this.timeout = sink.timeout();
        this.pending = new PendingTransactions<>(sink.maxPending());
    }

    @Override
    public void open(final OperatorContext context)
    {
        super.open(context);
        scope = new TransactionScope(context.jobName(), context.uid(), context.subtask(), context.parallelism(),
            context.timeUnit(), context.checkpointing());
        committed = context.counter("transactionsCommitted");
        nearTimeout = context.counter("transactionsNearTimeout");
        lost = context.counter("transactionsLost");
        target.open(scope);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        cause = reader.getLong();
        ordinal = reader.getInt();
        epoch = reader.getLong() + 1;
        nextNumber = reader.getLong();
        target.restore(new BlobReader(name(), reader.getBytes()));
        readTransactions(reader, scope);
    }

    private void readTransactions(final BlobReader reader, final TransactionScope of)
    {
        if (reader.getInt() != 0)
        {
            abandoned.add(readTransaction(reader, of));
        }
        final int count = reader.getInt();
        for (int i = 0; i < count; i++)
        {
            final long checkpointId = reader.getLong();
            pending.add(checkpointId, readTransaction(reader, of));
        }
    }

    /** Each transaction of before is for one instance; epochs and numbers go on behind all of them. */
    @Override
    public void restoreRescaled(final List<BlobReader> parts)
    {
        final List<BlobReader> targets = new ArrayList<>();
        for (final BlobReader reader : parts)
        {
            reader.getLong();
            reader.getInt();
            epoch = Math.max(epoch, reader.getLong() + 1);
            nextNumber = Math.max(nextNumber, reader.getLong());
            targets.add(new BlobReader(name(), reader.getBytes()));
        }
        target.restoreRescaled(targets);
        for (int before = scope.instance(); before < parts.size(); before += scope.instances())
        {
            final TransactionScope of = new TransactionScope(
                scope.job(), scope.operator(), before, parts.size(), scope.timeUnit(), scope.checkpointing());
            if (before != scope.instance())
            {
                takenOver.add(of);
            }
            readTransactions(parts.get(before), of);
        }
        pending.all().sort(Comparator.comparingLong(PendingTransactions.Pending::checkpointId));
    }

    @Override
    public void start()
    {
        pending.commit(name(), Long.MAX_VALUE, this::recoverAndCommit);
        abandoned.forEach(named -> target.recoverAndAbort(named.transaction()));
        abandoned.clear();
        takenOver.forEach(of -> target.fence(new TransactionName(of, epoch, nextNumber)));
        takenOver.clear();
        target.fence(nextName());
        begin();
    }

    private void recoverAndCommit(final NamedTransaction<T> named)
    {
        warn(named);
        try
        {
            target.recoverAndCommit(named.transaction());
            committed.increment();
        }
        catch (final RuntimeException exception)
        {
            if (!timeout.givesUp(name(), named, exception))
            {
                throw exception;
            }
            lost.increment();
        }
    }

    private void commit(final NamedTransaction<T> named)
    {
        warn(named);
        target.commit(named.transaction());
        committed.increment();
    }

    private void warn(final NamedTransaction<T> named)
    {
        if (timeout.warn(name(), named))
        {
            nearTimeout.increment();
        }
    }

    private TransactionName nextName()
    {
        return new TransactionName(scope, epoch, nextNumber);
    }

    private void begin()
    {
        final TransactionName next = nextName();
        transaction = target.begin(next);
        current = new NamedTransaction<>(next, timeout.now(), transaction);
        nextNumber++;
    }

    @Override
    public boolean process(final long newSlot)
    {
        final long newCause = SlotDescriptor.cause(newSlot);
        ordinal = newCause == cause ? ordinal + 1 : 0;
        cause = newCause;
        slot = newSlot;
        if (finished)
        {
            throw afterTheEnd();
        }
        target.invoke(transaction, view(newSlot), this);
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        return true;
    }

    private IllegalStateException afterTheEnd()
    {
        return new IllegalStateException("sink " + name() + " was given a record, cause=" + cause + " timestamp=" +
            timestamp() + ", after the last watermark: no checkpoint follows that could commit it; emit what is due at " +
            "the end at the watermark Long.MAX_VALUE, and not in finish()");
    }

    @Override
    public boolean watermark(final long control)
    {
        if (SlotDescriptor.timestamp(control) == Long.MAX_VALUE)
        {
            finishProcessing();
        }
        return true;
    }

    private void finishProcessing()
    {
        if (!finished)
        {
            finished = true;
            target.finishProcessing(transaction);
        }
    }

    @Override
    public void prepareSnapshot(final long checkpointId)
    {
        if (current == null)
        {
            return;
        }
        pending.checkRoom(name(), checkpointId);
        target.preCommit(transaction);
        pending.add(checkpointId, current);
        current = null;
        transaction = null;
        if (!finished)
        {
            begin();
        }
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(cause).putInt(ordinal).putLong(epoch).putLong(nextNumber);
        part.reset();
        target.snapshot(part);
        writer.putInt(part.length()).putAll(part);
        writer.putInt(current == null ? 0 : 1);
        if (current != null)
        {
            writeTransaction(writer, current);
        }
        writer.putInt(pending.all().size());
        for (final PendingTransactions.Pending<T> each : pending.all())
        {
            writer.putLong(each.checkpointId());
            writeTransaction(writer, each.transaction());
        }
        if (writer.length() > TwoPhaseCommitSink.MAX_SNAPSHOT_LENGTH)
        {
            throw new IllegalStateException("sink " + name() + " has bytes=" + writer.length() + " for a snapshot, of pending=" +
                pending.all().size() + " transactions, the most is " + TwoPhaseCommitSink.MAX_SNAPSHOT_LENGTH +
                ": find out why checkpoints are declined, make them more often, or write less for a transaction");
        }
    }

    private void writeTransaction(final BlobWriter writer, final NamedTransaction<T> named)
    {
        part.reset();
        target.write(named.transaction(), part);
        writer.putLong(named.name().epoch()).putLong(named.name().number()).putLong(named.begun());
        writer.putInt(part.length()).putAll(part);
    }

    private NamedTransaction<T> readTransaction(final BlobReader reader, final TransactionScope of)
    {
        final TransactionName name = new TransactionName(of, reader.getLong(), reader.getLong());
        final long begun = reader.getLong();
        return new NamedTransaction<>(name, begun, target.read(name, new BlobReader(name(), reader.getBytes())));
    }

    @Override
    public void checkpointComplete(final long checkpointId)
    {
        pending.commit(name(), checkpointId, this::commit);
    }

    @Override
    public boolean finish(final long control)
    {
        if (!scope.checkpointing() && current != null)
        {
            finishProcessing();
            final NamedTransaction<T> last = current;
            target.preCommit(transaction);
            current = null;
            transaction = null;
            commit(last);
        }
        return true;
    }

    @Override
    public void close()
    {
        try (target)
        {
            final T open = transaction;
            transaction = null;
            current = null;
            if (open != null)
            {
                abandon(open);
            }
        }
    }

    private void abandon(final T open)
    {
        try
        {
            if (!finished)
            {
                finished = true;
                target.finishProcessing(open);
            }
        }
        finally
        {
            target.abort(open);
        }
    }

    @Override
    public long timestamp()
    {
        return SlotDescriptor.timestamp(slot);
    }

    @Override
    public long cause()
    {
        return cause;
    }

    @Override
    public int ordinal()
    {
        return ordinal;
    }

    @Override
    public long ingressTime()
    {
        return SlotDescriptor.ingressTime(slot);
    }

    @Override
    public long currentSlot()
    {
        return slot;
    }
}
