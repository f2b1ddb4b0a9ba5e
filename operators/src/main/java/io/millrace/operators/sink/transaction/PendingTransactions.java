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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Transactions that wait for their checkpoints, oldest first. As many as there are checkpoints in a row that did not
 * complete, one more while one is under way; their number is bounded. One thread. Not for applications.
 *
 * @param <T> a transaction
 */
public final class PendingTransactions<T>
{
    private final List<Pending<T>> pending = new ArrayList<>();
    private final int bound;

    /**
     * None.
     *
     * @param bound the most that may wait
     */
    public PendingTransactions(final int bound)
    {
        this.bound = bound;
    }

    /**
     * A transaction that waits.
     *
     * @param checkpointId that it waits for
     * @param transaction  with its name
     * @param <T>          a transaction
     */
    public record Pending<T>(long checkpointId, NamedTransaction<T> transaction)
    {
    }

    /**
     * Fails when there is no room for another one.
     *
     * @param sink         name, for the message
     * @param checkpointId that it would wait for
     * @throws IllegalStateException with the number, and the remedy
     */
    public void checkRoom(final String sink, final long checkpointId)
    {
        if (pending.size() >= bound)
        {
            throw new IllegalStateException("sink " + sink + " has pending=" + pending.size() + " transactions at checkpoint=" +
                checkpointId + ", as no checkpoint since id=" + pending.get(0).checkpointId() + " was completed, maxPending=" +
                bound + ": find out why checkpoints are declined, or allow more with maxPending(n)");
        }
    }

    /**
     * Adds the youngest.
     *
     * @param checkpointId that it waits for, above those of the others
     * @param transaction  that waits
     */
    public void add(final long checkpointId, final NamedTransaction<T> transaction)
    {
        pending.add(new Pending<>(checkpointId, transaction));
    }

    /**
     * Commits what waited for a checkpoint or one before it, oldest first. One that fails stops none of the others, and
     * goes on waiting.
     *
     * @param sink         name, for the message
     * @param checkpointId that is complete
     * @param commit       of one of them
     * @return number of those that are committed
     * @throws IllegalStateException after all were attempted, for the first that failed, the others suppressed
     */
    public int commit(final String sink, final long checkpointId, final Consumer<? super NamedTransaction<T>> commit)
    {
        IllegalStateException failure = null;
        int committed = 0;
        int next = 0;
        while (next < pending.size() && pending.get(next).checkpointId() <= checkpointId)
        {
            final Pending<T> each = pending.get(next);
            try
            {
                commit.accept(each.transaction());
                pending.remove(next);
                committed++;
            }
            // Any at all: the others must be committed.
            catch (final Throwable throwable)
            {
                next++;
                final IllegalStateException described = new IllegalStateException("sink " + sink + " could not commit " +
                    "transaction=" + each.transaction().name() + " of checkpoint=" + each.checkpointId() + ": " +
                    throwable.getMessage() + "; it is committed when the job is started again", throwable);
                if (failure == null)
                {
                    failure = described;
                }
                else
                {
                    failure.addSuppressed(described);
                }
            }
        }
        if (failure != null)
        {
            throw failure;
        }
        return committed;
    }

    /**
     * Those that wait.
     *
     * @return oldest first; changes with this
     */
    public List<Pending<T>> all()
    {
        return pending;
    }
}
