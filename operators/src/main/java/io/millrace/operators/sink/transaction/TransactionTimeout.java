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

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.LongSupplier;

/**
 * How long the target keeps a transaction that is not committed, and what to say about those that come near. A sink
 * without one asks no clock. Not for applications.
 */
public final class TransactionTimeout
{
    /** Of a target that keeps them for ever. */
    public static final TransactionTimeout NONE = new TransactionTimeout(0, 1, false, () -> 0);

    private static final Logger LOGGER = LoggerFactory.getLogger(TransactionTimeout.class);

    private final long milliseconds;
    private final double warningRatio;
    private final boolean lossAccepted;
    private final LongSupplier clock;

    /**
     * A timeout.
     *
     * @param milliseconds that a transaction lasts; 0 for ever
     * @param warningRatio part of that after which there is a warning
     * @param lossAccepted whether a transaction that is too old, and fails in recovery, is given up
     * @param clock        in milliseconds, going on through restarts
     */
    public TransactionTimeout(
        final long milliseconds, final double warningRatio, final boolean lossAccepted, final LongSupplier clock)
    {
        this.milliseconds = milliseconds;
        this.warningRatio = warningRatio;
        this.lossAccepted = lossAccepted;
        this.clock = clock;
    }

    TransactionTimeout warningAt(final double ratio)
    {
        return new TransactionTimeout(milliseconds, ratio, lossAccepted, clock);
    }

    TransactionTimeout acceptingLoss()
    {
        return new TransactionTimeout(milliseconds, warningRatio, true, clock);
    }

    boolean isNone()
    {
        return milliseconds == 0;
    }

    /**
     * The time, where it counts.
     *
     * @return in milliseconds, 0 where there is no timeout
     */
    public long now()
    {
        return milliseconds == 0 ? 0 : clock.getAsLong();
    }

    /**
     * Warns of a transaction that comes near its timeout.
     *
     * @param sink        name, for the message
     * @param transaction that is about to be committed
     * @return true when there was a warning
     */
    public boolean warn(final String sink, final NamedTransaction<?> transaction)
    {
        final long elapsed = elapsed(transaction);
        final boolean near = milliseconds > 0 && elapsed >= milliseconds * warningRatio;
        if (near)
        {
            LOGGER.warn("sink {}: transaction={} is {} ms old, the target keeps it for timeout={} ms: make checkpoints more " +
                "often, restart sooner, or raise the timeout on both sides", sink, transaction.name(), elapsed, milliseconds);
        }
        return near;
    }

    /**
     * Whether a transaction that cannot be committed in recovery is given up, and so what was in it is lost.
     *
     * @param sink        name, for the message
     * @param transaction that failed
     * @param failure     of it
     * @return false to fail
     */
    public boolean givesUp(final String sink, final NamedTransaction<?> transaction, final Throwable failure)
    {
        final long elapsed = elapsed(transaction);
        final boolean lost = lossAccepted && milliseconds > 0 && elapsed > milliseconds;
        if (lost)
        {
            LOGGER.error("sink {}: transaction={} is LOST: it is {} ms old, the target keeps it for timeout={} ms, and it can " +
                "no longer be committed", sink, transaction.name(), elapsed, milliseconds, failure);
        }
        return lost;
    }

    private long elapsed(final NamedTransaction<?> transaction)
    {
        return now() - transaction.begun();
    }
}
