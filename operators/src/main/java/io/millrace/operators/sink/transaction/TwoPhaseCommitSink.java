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

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.StreamSink;
import io.millrace.memory.record.RecordType;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A sink that shows what it was given when the checkpoint that counts on it is complete: exactly once, one checkpoint
 * late. What it writes to is a {@link TransactionalTarget}.
 *
 * <pre>
 *   orders.sink(TwoPhaseCommitSink.of(type -&gt; new OrderTable(database))).startNewChain();
 * </pre>
 *
 * Commits run on the thread of the sink's task; {@code startNewChain()} gives it a task of its own. Without checkpoints
 * everything is one transaction, committed at the end of the input.
 * <p>
 * Its part of a snapshot is one block: for each pending transaction 44 bytes and what the target writes, at most
 * {@value #MAX_SNAPSHOT_LENGTH} bytes together. What is pending when a checkpoint is made depends on when the one before it was
 * reported complete, so hashes of this part differ between runs. Immutable: each setting gives a new sink.
 *
 * @param <T> a transaction
 * @param <V> read-only view of the records
 */
public final class TwoPhaseCommitSink<T, V> implements StreamSink<V>
{
    /** The most bytes that the sink's part of a snapshot may have. */
    public static final int MAX_SNAPSHOT_LENGTH = 192 * 1024;
    /** The most pending transactions, by default: 17 minutes of a checkpoint a second that is declined. */
    public static final int DEFAULT_MAX_PENDING = 1024;

    private static final double DEFAULT_WARNING_RATIO = 0.8;

    private final Function<RecordType<? extends V, ?>, ? extends TransactionalTarget<T, V>> targets;
    private final int maxPending;
    private final TransactionTimeout timeout;

    private TwoPhaseCommitSink(
        final Function<RecordType<? extends V, ?>, ? extends TransactionalTarget<T, V>> targets,
        final int maxPending,
        final TransactionTimeout timeout)
    {
        this.targets = targets;
        this.maxPending = maxPending;
        this.timeout = timeout;
    }

    /**
     * A sink.
     *
     * @param targets makes a new target, for each instance of the sink and each life of the job, for records of a type
     * @param <T>     a transaction
     * @param <V>     read-only view of the records
     * @return the sink
     */
    public static <T, V> TwoPhaseCommitSink<T, V> of(
        final Function<RecordType<? extends V, ?>, ? extends TransactionalTarget<T, V>> targets)
    {
        return new TwoPhaseCommitSink<>(
            Objects.requireNonNull(targets, "targets"), DEFAULT_MAX_PENDING, TransactionTimeout.NONE);
    }

    /**
     * Bounds how many transactions wait for checkpoints, by default {@value #DEFAULT_MAX_PENDING}; one more fails the job.
     *
     * @param transactions 1 or more
     * @return a sink that does
     */
    public TwoPhaseCommitSink<T, V> maxPending(final int transactions)
    {
        if (transactions < 1)
        {
            throw new IllegalArgumentException("maxPending=" + transactions + " must be 1 or more: a transaction is pending " +
                "while its checkpoint is under way");
        }
        return new TwoPhaseCommitSink<>(targets, transactions, timeout);
    }

    /**
     * Says how long the target keeps a transaction that is not committed. When one is committed that is older than 0.8 of
     * that, there is a warning, and the counter {@code transactionsNearTimeout} grows.
     *
     * @param time  above 0, as set at the target
     * @param clock in milliseconds, going on while the process is down: {@code System::currentTimeMillis}
     * @return a sink that warns
     */
    public TwoPhaseCommitSink<T, V> transactionTimeout(final Duration time, final LongSupplier clock)
    {
        if (time.toMillis() <= 0)
        {
            throw new IllegalArgumentException("transactionTimeout=" + time + " must be 1 ms or more");
        }
        return new TwoPhaseCommitSink<>(targets, maxPending, new TransactionTimeout(
            time.toMillis(), DEFAULT_WARNING_RATIO, false, Objects.requireNonNull(clock, "clock")));
    }

    /**
     * Sets the part of the timeout after which there is a warning.
     *
     * @param ratio 0 to 1
     * @return a sink that warns then
     */
    public TwoPhaseCommitSink<T, V> timeoutWarningRatio(final double ratio)
    {
        if (!(ratio >= 0 && ratio <= 1))
        {
            throw new IllegalArgumentException("timeoutWarningRatio=" + ratio + " must be 0 to 1");
        }
        checkTimeout("timeoutWarningRatio(ratio)");
        return new TwoPhaseCommitSink<>(targets, maxPending, timeout.warningAt(ratio));
    }

    /**
     * Accepts that data is lost: a transaction that cannot be committed in recovery, and is older than the timeout, is given
     * up, with an error in the log and the counter {@code transactionsLost}. By default the job fails, again and again,
     * until somebody decides.
     *
     * @return a sink that does
     */
    public TwoPhaseCommitSink<T, V> ignoringFailuresAfterTimeout()
    {
        checkTimeout("ignoringFailuresAfterTimeout()");
        return new TwoPhaseCommitSink<>(targets, maxPending, timeout.acceptingLoss());
    }

    private void checkTimeout(final String setting)
    {
        if (timeout.isNone())
        {
            throw new IllegalStateException(setting + " needs a timeout: call transactionTimeout(time, clock) before it");
        }
    }

    @Override
    public OperatorFactory<Operator> factory(final RecordType<? extends V, ?> type)
    {
        return OperatorFactory.of(TwoPhaseCommitOperator.class, type, this);
    }

    /**
     * A new target; for the engine.
     *
     * @param type of the records
     * @return not open yet
     */
    public TransactionalTarget<T, V> newTarget(final RecordType<? extends V, ?> type)
    {
        return Objects.requireNonNull(targets.apply(type), "target");
    }

    /**
     * The bound; for the engine.
     *
     * @return as set
     */
    public int maxPending()
    {
        return maxPending;
    }

    /**
     * The timeout; for the engine.
     *
     * @return as set
     */
    public TransactionTimeout timeout()
    {
        return timeout;
    }
}
