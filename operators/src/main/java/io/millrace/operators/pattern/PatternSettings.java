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
package io.millrace.operators.pattern;

import java.util.Comparator;
import java.util.Objects;

/**
 * What an operator is told of its pattern.
 *
 * @param pattern               to look for
 * @param tieOrder              of records of one time; null for that of their arrival
 * @param allowedPartialMatches the most that a key may have
 * @param allowedEvents         the most records that are kept for a key, those that wait and those in partial matches
 * @param limitPolicy           what happens when there are more
 * @param emitOrder             when matches are emitted
 * @param lateTag               of the side output for late records; empty to drop and count them
 * @param timedOut              what becomes of partial matches that time out; null for nothing
 * @param <V>                   read-only view of the records
 */
public record PatternSettings<V>(
    CompiledPattern<V> pattern,
    Comparator<? super V> tieOrder,
    int allowedPartialMatches,
    int allowedEvents,
    LimitPolicy limitPolicy,
    EmitOrder emitOrder,
    String lateTag,
    TimedOutSelection<V, ?> timedOut)
{
    /** How many partial matches a key may have unless told otherwise. */
    public static final int DEFAULT_PARTIAL_MATCHES = 1024;
    /** How many records are kept for a key unless told otherwise. */
    public static final int DEFAULT_EVENTS = 8192;

    public PatternSettings
    {
        Objects.requireNonNull(pattern, "pattern");
        Objects.requireNonNull(limitPolicy, "limitPolicy");
        Objects.requireNonNull(emitOrder, "emitOrder");
        Objects.requireNonNull(lateTag, "lateTag");
        check("allowedPartialMatches", allowedPartialMatches);
        check("allowedEvents", allowedEvents);
    }

    private static void check(final String name, final int limit)
    {
        if (limit < 1)
        {
            throw new IllegalArgumentException(name + "=" + limit + " of a pattern must be 1 or more");
        }
    }

    /**
     * Defaults.
     *
     * @param pattern to look for
     * @param <V>     read-only view of the records
     * @return late records are dropped, a full key fails the job, matches are emitted eagerly
     */
    public static <V> PatternSettings<V> of(final CompiledPattern<V> pattern)
    {
        return new PatternSettings<>(pattern, null, DEFAULT_PARTIAL_MATCHES, DEFAULT_EVENTS, LimitPolicy.FAIL,
            EmitOrder.EAGER, "", null);
    }

    boolean ordered()
    {
        return emitOrder == EmitOrder.ORDERED && pattern.skip.target() != AfterMatchSkipStrategy.Target.NOTHING;
    }
}
