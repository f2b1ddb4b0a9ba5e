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
package io.millrace.operators.sink;

import java.util.Objects;

/**
 * Hands every record to a function once, though after a restart records come again. Its state is 16 bytes: the identity
 * (cause, ordinal) of the last record that the function took. In one instance of a sink identities only grow, and a replay
 * gives the same record the same one, so whatever is not above that has been seen.
 *
 * <pre>
 *   final DeduplicatingCallback&lt;Order&gt; callback = DeduplicatingCallback.after(
 *       ledger.lastCause(), ledger.lastOrdinal(),
 *       (order, metadata) -&gt; ledger.store(order, metadata.cause(), metadata.ordinal()));
 *   orders.sink(CallbackSink.deduplicated(callback));
 * </pre>
 *
 * <b>How far it goes.</b> One object that outlives restarts of the job within the process is enough for those. For restarts of
 * the process the application stores the identity together with what the function does, in one step, and begins
 * {@link #after} it: then it is exactly once. What is stored by itself, before or after, leaves the one record that was
 * under way when the process died in doubt: stored before, it may be lost; stored after, it may come twice. A record at which
 * the function throws counts as not taken.
 * <p>
 * A job that merges its inputs by arrival gives causes that do not grow; that is an error here, with both identities. One sink
 * instance; calls come from its task's thread.
 *
 * @param <V> read-only view of the records
 */
public final class DeduplicatingCallback<V> implements CallbackSink.IdentifiedSinkFunction<V>
{
    private final CallbackSink.IdentifiedSinkFunction<? super V> function;
    private long takenCause;
    private int takenOrdinal;
    private long dropped;
    /** Each life of the sink has one of its own. */
    private RecordMetadata life;
    private long lastCause;
    private int lastOrdinal;

    private DeduplicatingCallback(
        final long cause, final int ordinal, final CallbackSink.IdentifiedSinkFunction<? super V> function)
    {
        this.takenCause = cause;
        this.takenOrdinal = ordinal;
        this.function = Objects.requireNonNull(function, "function");
    }

    /**
     * A callback that has had nothing yet.
     *
     * @param function that takes each record once
     * @param <V>      read-only view of the records
     * @return the callback
     */
    public static <V> DeduplicatingCallback<V> of(final CallbackSink.IdentifiedSinkFunction<? super V> function)
    {
        return new DeduplicatingCallback<>(Long.MIN_VALUE, 0, function);
    }

    /**
     * A callback that goes on after a record.
     *
     * @param cause    of the last record that was taken
     * @param ordinal  of that record
     * @param function that takes each record once
     * @param <V>      read-only view of the records
     * @return the callback
     */
    public static <V> DeduplicatingCallback<V> after(
        final long cause, final int ordinal, final CallbackSink.IdentifiedSinkFunction<? super V> function)
    {
        return new DeduplicatingCallback<>(cause, ordinal, function);
    }

    @Override
    public void accept(final V record, final RecordMetadata metadata)
    {
        final long cause = metadata.cause();
        final int ordinal = metadata.ordinal();
        if (metadata != life)
        {
            life = metadata;
        }
        else if (!above(cause, ordinal, lastCause, lastOrdinal))
        {
            throw new IllegalStateException("a record has cause=" + cause + " ordinal=" + ordinal + " behind one with cause=" +
                lastCause + " ordinal=" + lastOrdinal + ": identities do not grow in this job, so that what was seen cannot " +
                "be told by the last one; remember all identities, with CallbackSink.identified");
        }
        lastCause = cause;
        lastOrdinal = ordinal;
        if (above(cause, ordinal, takenCause, takenOrdinal))
        {
            function.accept(record, metadata);
            takenCause = cause;
            takenOrdinal = ordinal;
        }
        else
        {
            dropped++;
        }
    }

    private static boolean above(final long cause, final int ordinal, final long otherCause, final int otherOrdinal)
    {
        return cause > otherCause || cause == otherCause && ordinal > otherOrdinal;
    }

    /**
     * Cause of the last record that was taken. To be read by the function, or when the job has ended.
     *
     * @return {@link Long#MIN_VALUE} before the first
     */
    public long cause()
    {
        return takenCause;
    }

    /**
     * Ordinal of the last record that was taken.
     *
     * @return from 0
     */
    public int ordinal()
    {
        return takenOrdinal;
    }

    /**
     * Records that were not handed on, since they had been.
     *
     * @return their number
     */
    public long dropped()
    {
        return dropped;
    }
}
