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
package io.millrace.core.checkpoint;

import io.millrace.core.ordering.OrderLogHandler;

/**
 * Keeps the order log of a job: in which order its sources took turns. What it holds, a restart follows before it goes
 * on live, so that output that was shown comes again in the same order.
 *
 * <pre>
 *   open --nextBatch(), replay(from the checkpoint's batch)--&gt; onEntry .. onEntry, flush --&gt; output up to there may be shown
 *                                                              trim(batch of the oldest checkpoint)       ... close
 * </pre>
 *
 * Entries are dense over all lives of the job: an entry is there only with all before it. What was appended and not
 * flushed when the process ended is not there, and its batches are given anew. Opened before the job runs by the thread
 * that starts it; afterwards the log thread's.
 */
public interface OrderJournal extends OrderLogHandler, AutoCloseable
{
    /**
     * Where the log goes on.
     *
     * @return the batch behind the last entry, 0 when there is none
     */
    long nextBatch();

    /**
     * Begins the log behind a savepoint. Called once at most, before anything is appended, when the log is empty.
     *
     * @param batch of the first entry
     */
    default void startAt(final long batch)
    {
        throw new IllegalStateException("order log=" + this + " cannot begin at batch=" + batch +
            ": a job with several sources that begins from a savepoint needs another");
    }

    /**
     * Hands out what earlier lives kept.
     *
     * @param firstBatch first batch to hand out, at most {@link #nextBatch()}
     * @param handler    that takes the entries, in order
     * @throws IllegalStateException when the log does not hold that batch any more, or is damaged in its middle
     */
    void replay(long firstBatch, OrderLogHandler handler);

    /**
     * Begins a log that holds nothing behind a checkpoint whose log is lost, where that was allowed.
     *
     * @param batch that is next from now on
     * @return false when it was not allowed, or the log holds something
     */
    default boolean beginAt(final long batch)
    {
        return false;
    }

    /** Appends the entry of batch {@link #nextBatch()}; it may be held in memory until {@link #flush()}. */
    @Override
    void onEntry(long batch, byte kind, int source, int count, long value, long clock);

    /**
     * How many entries can be appended whatever happens: when storage is full, what was appended is held in memory. When it
     * is 0 sources wait, as soon as the ring before the log is full.
     *
     * @return the number
     */
    default int room()
    {
        return Integer.MAX_VALUE;
    }

    /**
     * Writes what was appended.
     *
     * @return the last batch that survives what the job's durability promises, as do all before it; a log that needs
     *     longer, or waits for space, says an earlier one, and is asked again
     */
    long flush();

    /**
     * What the log waits for. Any thread.
     *
     * @return path, bytes needed and remedy when storage is full; empty when it waits for nothing
     */
    default String waiting()
    {
        return "";
    }

    /**
     * Allows entries to be dropped that no checkpoint needs any more.
     *
     * @param batch of the first entry that is needed
     */
    void trim(long batch);

    /** Lets go of the files. What was not flushed is dropped. */
    @Override
    void close();
}
