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
package io.millrace.operators.ranking;

import java.util.Comparator;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The order in which records are ranked, the first one first. Immutable; any thread may call it.
 *
 * @param <V> read-only view of the records
 */
public final class Ranking<V>
{
    private final ToLongFunction<? super V> score;
    private final Comparator<? super V> ties;

    private Ranking(final ToLongFunction<? super V> score, final Comparator<? super V> ties)
    {
        this.score = Objects.requireNonNull(score, "score");
        this.ties = ties;
    }

    /**
     * The greatest value of a field of whole numbers or decimals is first.
     *
     * @param field reads it
     * @param <V>   read-only view of the records
     * @return the ranking
     */
    public static <V> Ranking<V> greatest(final ToLongFunction<? super V> field)
    {
        return new Ranking<>(field, null);
    }

    /**
     * The least value of a field of whole numbers or decimals is first.
     *
     * @param field reads it
     * @param <V>   read-only view of the records
     * @return the ranking
     */
    public static <V> Ranking<V> least(final ToLongFunction<? super V> field)
    {
        Objects.requireNonNull(field, "field");
        return new Ranking<>(record -> ~field.applyAsLong(record), null);
    }

    /**
     * The greatest value of a field of floating point is first, in the order of {@link Double#compare}: NaN before all.
     *
     * @param field reads it
     * @param <V>   read-only view of the records
     * @return the ranking
     */
    public static <V> Ranking<V> greatestDouble(final ToDoubleFunction<? super V> field)
    {
        Objects.requireNonNull(field, "field");
        return new Ranking<>(record -> inOrder(field.applyAsDouble(record)), null);
    }

    /**
     * The least value of a field of floating point is first, in the order of {@link Double#compare}: NaN after all.
     *
     * @param field reads it
     * @param <V>   read-only view of the records
     * @return the ranking
     */
    public static <V> Ranking<V> leastDouble(final ToDoubleFunction<? super V> field)
    {
        Objects.requireNonNull(field, "field");
        return new Ranking<>(record -> ~inOrder(field.applyAsDouble(record)), null);
    }

    /**
     * The first record in the order of a comparator is first. It is handed two views at a time.
     *
     * @param comparator of views; must not keep them
     * @param <V>        read-only view of the records
     * @return the ranking
     */
    public static <V> Ranking<V> by(final Comparator<? super V> comparator)
    {
        return new Ranking<>(record -> 0, Objects.requireNonNull(comparator, "comparator"));
    }

    /**
     * Ranks records that are equal so far by a comparator. What is equal then, too, is ranked by time or arrival.
     *
     * @param comparator of views; must not keep them
     * @return the ranking
     */
    public Ranking<V> then(final Comparator<? super V> comparator)
    {
        Objects.requireNonNull(comparator, "comparator");
        if (ties == null)
        {
            return new Ranking<>(score, comparator);
        }
        final Comparator<? super V> first = ties;
        return new Ranking<>(score, (left, right) ->
        {
            final int order = first.compare(left, right);
            return order != 0 ? order : comparator.compare(left, right);
        });
    }

    private static long inOrder(final double value)
    {
        final long bits = Double.doubleToLongBits(value);
        return bits ^ bits >> Long.SIZE - 1 & Long.MAX_VALUE;
    }

    long score(final V record)
    {
        return score.applyAsLong(record);
    }

    /** Decides between records of one score; null where nothing does. */
    Comparator<? super V> ties()
    {
        return ties;
    }
}
