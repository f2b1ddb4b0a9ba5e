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

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.operators.sink.RecordMetadata;

import java.util.List;

/**
 * Something outside of the job that shows what it was given only when it is told to: the contract of a two-phase commit
 * sink (SEMANTICS.md 2PC-1 to 2PC-7). {@link TwoPhaseCommitSink} makes a sink of it. The calls, in their order:
 *
 * <pre>
 *   open(scope)
 *   a new job:      fence(T0), begin(T0)
 *   a restored one: restore, then for each pending one, oldest first, recoverAndCommit; recoverAndAbort of the one that was
 *                   current; fence(T5), begin(T5)
 *   with another number of instances: restoreRescaled, then the same with the transactions of all instances that this one takes
 *                   over: that is instance k of before for k modulo the number of instances now; fence for each of them, then
 *                   for its own
 *
 *   record          invoke(T0, record)
 *   barrier n       preCommit(T0)  begin(T1)  snapshot, write(T1), write(T0): pending at n
 *   n is complete   commit of everything that is pending at n or before, oldest first
 *   end of input    finishProcessing(T1);  the last barrier: preCommit(T1), no begin;  it is complete: commit(T1)
 *   close           before the end: finishProcessing(T1)  abort(T1), what is pending is left for the next life;  close()
 * </pre>
 *
 * <b>What an implementation promises.</b> After {@link #preCommit} the transaction survives whatever the job's checkpoints
 * survive, and {@link #commit} must succeed in the end: it may fail, and then is called again in the next life, but it
 * must never turn out to be impossible. {@link #recoverAndCommit} is called for transactions that are committed already,
 * and {@link #recoverAndAbort} for ones that are gone: both do nothing then. Nothing is shown before its commit.
 * <p>
 * <b>Completions come late, together, or not at all:</b> a checkpoint that was never reported complete may have been, and the
 * next life finds out. A checkpoint that was declined leaves its transaction pending, and the next complete one commits both.
 * <p>
 * <b>Threads.</b> Every call comes from the task's thread, or before the task runs from the thread that starts the job.
 * A call that waits holds up whatever else runs on that thread: give the sink a task of its own with
 * {@code startNewChain()}, so that only its input ring fills meanwhile. One instance of the target an instance of the sink.
 * <p>
 * <b>Errors.</b> Whatever is thrown fails the job. After a failed commit the rest is committed all the same, then the first
 * error is thrown with the others attached.
 * <p>
 * Restored from an older checkpoint than the latest that was complete (the latest was damaged, or the user says so), a job
 * writes again what is committed already. A target that can recognise that, or take it back, does so in {@link #fence};
 * for others the records since then come twice.
 *
 * @param <T> a transaction: what {@link #write} needs to find it again, after the process has died as well
 * @param <V> read-only view of the records
 */
public interface TransactionalTarget<T, V> extends AutoCloseable
{
    /**
     * Gets ready. Nothing is shown, ended or begun here.
     *
     * @param scope of the transactions
     */
    void open(TransactionScope scope);

    /**
     * Begins a transaction.
     *
     * @param name of the transaction
     * @return the transaction
     */
    T begin(TransactionName name);

    /**
     * Adds a record to a transaction.
     *
     * @param transaction the current one
     * @param record      valid during the call
     * @param metadata    identity and times of the record; valid during the call
     */
    void invoke(T transaction, V record, RecordMetadata metadata);

    /**
     * Takes note that the input has ended: no record is added any more, to this transaction or another.
     *
     * @param transaction the current one
     */
    default void finishProcessing(final T transaction)
    {
    }

    /**
     * First phase: makes everything that was added last, and does not show it.
     *
     * @param transaction the current one; no record is added to it any more
     */
    void preCommit(T transaction);

    /**
     * Second phase: shows everything that was added.
     *
     * @param transaction that went through {@link #preCommit}
     */
    void commit(T transaction);

    /**
     * Forgets everything that was added.
     *
     * @param transaction the current one, which may have gone through {@link #finishProcessing} and an attempt at
     *                    {@link #preCommit}
     */
    void abort(T transaction);

    /**
     * Commits a transaction of an earlier life. It may be committed already.
     *
     * @param transaction as {@link #read} gave it
     */
    default void recoverAndCommit(final T transaction)
    {
        commit(transaction);
    }

    /**
     * Aborts the transaction that was the current one when the snapshot was made. It may be gone; an earlier life may have
     * gone on with it, and have committed it with a later checkpoint that is lost.
     *
     * @param transaction as {@link #read} gave it
     */
    default void recoverAndAbort(final T transaction)
    {
        abort(transaction);
    }

    /**
     * Ends what earlier lives of a scope left open and the restored snapshot knows nothing of: they were begun after it.
     * Called once a life, when everything that the snapshot knows of has been committed or aborted, and nothing is begun; in a
     * life with another number of instances also for each scope that this one takes over, before its own.
     *
     * @param first name of the transaction that is begun next; of a scope that was taken over, of one that never is
     */
    default void fence(final TransactionName first)
    {
    }

    /**
     * Writes what finds a transaction again.
     *
     * @param transaction the current one, or a pending one
     * @param writer      to write to; some tens of bytes, as the task stands still and all pending ones are written
     */
    void write(T transaction, BlobWriter writer);

    /**
     * Reads what {@link #write} wrote.
     *
     * @param reader over the bytes
     * @return the transaction
     */
    T read(BlobReader reader);

    /**
     * Reads what {@link #write} wrote, for a target whose transactions do not say themselves which instance they are of.
     *
     * @param name   of the transaction: of this scope, or of one that is taken over
     * @param reader over the bytes
     * @return the transaction
     */
    default T read(final TransactionName name, final BlobReader reader)
    {
        return read(reader);
    }

    /**
     * Writes what the target keeps beside its transactions; at a barrier, after the next transaction was begun.
     *
     * @param writer to write to
     */
    default void snapshot(final BlobWriter writer)
    {
    }

    /**
     * Reads what {@link #snapshot} wrote. Called in a restored life, before every call about a transaction.
     *
     * @param reader over the bytes
     */
    default void restore(final BlobReader reader)
    {
    }

    /**
     * Reads what {@link #snapshot} of all instances of before wrote, when there are fewer or more now. Called in place of
     * {@link #restore}. By default that must be nothing.
     *
     * @param parts in the order of the instances of before
     * @throws IllegalStateException when they cannot be put together, with the remedy
     */
    default void restoreRescaled(final List<BlobReader> parts)
    {
        if (parts.stream().anyMatch(part -> part.remaining() > 0))
        {
            throw new IllegalStateException("target=" + getClass().getName() + " keeps bytes of its own for each of its instances=" +
                parts.size() + " and cannot put them together: keep the sink's parallelism, or let the target implement restoreRescaled");
        }
    }

    /**
     * Lets go of what the process holds: handles, connections, locks. Shows and ends nothing: after this, the next life finds
     * things as if the process had died.
     */
    @Override
    default void close()
    {
    }
}
