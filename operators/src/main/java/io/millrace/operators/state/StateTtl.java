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
package io.millrace.operators.state;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * How long what a state keeps lives after it was touched last (SEMANTICS TTL). A value, a reduction and an accumulator
 * expire as a whole, a list by the element, a map by the entry. What expires is gone at {@code last touch + duration},
 * not a unit of time later; a sum that is beyond {@link Long#MAX_VALUE} is never reached.
 *
 * <pre>
 *   public void open(final StateStore states)
 *   {
 *       last = states.with(StateTtl.of(Duration.ofMinutes(10))).value("last", TradeFlyweight.TYPE);
 *   }
 * </pre>
 *
 * <b>Event time</b>, the default, is that of the callback: the timestamp of its record or timer, or the watermark if that is
 * later (a late record is handled at the watermark). A touch never makes a life shorter, so a record that comes out of
 * order may extend one and never cuts it. While a watermark moves time on, timers and expiries happen in the order of
 * their times, each at its own, an expiry before a timer of the same time: so results do not depend on how far a watermark
 * jumps, not even at the end of the input, and are the same when the input is processed again.
 * <p>
 * What a callback finds expired is gone from then on. What no callback touches is reclaimed when the watermark, or the
 * processing time, reaches its end. The duration may be another one after a restart, and holds for what was there before;
 * whether there is one cannot change: the restart is refused. Immutable.
 */
public final class StateTtl
{
    private final Duration duration;
    private final UpdateType updateType;
    private final Visibility visibility;
    private final TimeDomain timeDomain;
    private final boolean expiryCallback;

    /** What counts as a touch. */
    public enum UpdateType
    {
        /** Creation and each write. A write to an element of a list by its index touches all elements. */
        ON_CREATE_AND_WRITE,
        /**
         * Reads, too: of a value, of an entry of a map (each that a walk shows), of a list (any element: all are touched).
         * To ask for the size, or whether there is anything, is no read.
         */
        ON_READ_AND_WRITE
    }

    /** What reads give of that which has expired, but is not reclaimed yet. */
    public enum Visibility
    {
        /** Nothing. */
        NEVER_RETURN_EXPIRED,
        /** All of it, as if it had not expired; a touch gives it another life. */
        RETURN_EXPIRED_IF_NOT_CLEANED_UP
    }

    /** The time that is meant. */
    public enum TimeDomain
    {
        /** That of the records and watermarks. */
        EVENT_TIME,
        /** The engine's clock. */
        PROCESSING_TIME
    }

    private StateTtl(
        final Duration duration,
        final UpdateType updateType,
        final Visibility visibility,
        final TimeDomain timeDomain,
        final boolean expiryCallback)
    {
        this.duration = duration;
        this.updateType = updateType;
        this.visibility = visibility;
        this.timeDomain = timeDomain;
        this.expiryCallback = expiryCallback;
    }

    /**
     * A time to live after creation and each write, in event time; what has expired is never returned.
     *
     * @param duration a whole number of the pipeline's unit, above 0
     * @return the time to live
     */
    public static StateTtl of(final Duration duration)
    {
        if (duration.isZero() || duration.isNegative())
        {
            throw new IllegalArgumentException("duration=" + duration +
                " of a time to live must be above 0: declare the state without one, or clear it");
        }
        return new StateTtl(duration, UpdateType.ON_CREATE_AND_WRITE, Visibility.NEVER_RETURN_EXPIRED,
            TimeDomain.EVENT_TIME, false);
    }

    /**
     * Says what counts as a touch.
     *
     * @param type by default {@link UpdateType#ON_CREATE_AND_WRITE}
     * @return a time to live that is the same otherwise
     */
    public StateTtl updateType(final UpdateType type)
    {
        return new StateTtl(
            duration, Objects.requireNonNull(type, "updateType"), visibility, timeDomain, expiryCallback);
    }

    /**
     * Says what reads give of that which has expired.
     *
     * @param newVisibility by default {@link Visibility#NEVER_RETURN_EXPIRED}
     * @return a time to live that is the same otherwise
     */
    public StateTtl visibility(final Visibility newVisibility)
    {
        return new StateTtl(
            duration, updateType, Objects.requireNonNull(newVisibility, "visibility"), timeDomain, expiryCallback);
    }

    /**
     * Says which time is meant.
     *
     * @param domain by default {@link TimeDomain#EVENT_TIME}
     * @return a time to live that is the same otherwise
     */
    public StateTtl timeDomain(final TimeDomain domain)
    {
        return new StateTtl(
            duration, updateType, visibility, Objects.requireNonNull(domain, "timeDomain"), expiryCallback);
    }

    /**
     * Has the function's {@code onExpiry} called for whatever expires, once each.
     *
     * @return a time to live that is the same otherwise
     */
    public StateTtl withExpiryCallback()
    {
        return new StateTtl(duration, updateType, visibility, timeDomain, true);
    }

    Lifetime lifetime(final String state, final TimeUnit unit, final ExpiryClock clock)
    {
        final long units = unit.convert(duration);
        if (units != Long.MAX_VALUE && !Duration.of(units, unit.toChronoUnit()).equals(duration))
        {
            throw new IllegalArgumentException("duration=" + duration + " of the time to live of state=" + state +
                " is no whole number of " + unit + ": choose another, or a finer unit in Pipeline.create(name, unit)");
        }
        return new Lifetime(clock, timeDomain == TimeDomain.EVENT_TIME, units,
            updateType == UpdateType.ON_READ_AND_WRITE, visibility == Visibility.NEVER_RETURN_EXPIRED);
    }

    boolean hasExpiryCallback()
    {
        return expiryCallback;
    }

    @Override
    public String toString()
    {
        return "ttl=" + duration + " " + updateType + " " + visibility + " " + timeDomain;
    }
}
