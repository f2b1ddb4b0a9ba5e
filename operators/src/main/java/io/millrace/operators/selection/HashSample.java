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
package io.millrace.operators.selection;

import io.millrace.operators.function.FilterFunction;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Keeps records by a hash of a field: all or none of those with equal fields, whatever the order and the number of threads.
 *
 * @param <V> read-only view of the records
 */
public final class HashSample<V> implements FilterFunction<V>
{
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final int FRACTION_BITS = 62;

    private final ToLongFunction<? super V> hash;
    private final long below;

    private HashSample(final double fraction, final ToLongFunction<? super V> hash)
    {
        if (!(fraction >= 0 && fraction <= 1))
        {
            throw new IllegalArgumentException("fraction=" + fraction + " of a sample must be from 0 to 1");
        }
        this.hash = hash;
        this.below = (long)(fraction * (1L << FRACTION_BITS));
    }

    /**
     * A sample by a number.
     *
     * @param fraction of the numbers that are kept, from 0 to 1
     * @param seed     samples with different seeds keep different numbers
     * @param selector gives the number
     * @param <V>      read-only view of the records
     * @return the sample
     */
    public static <V> HashSample<V> ofLong(
        final double fraction, final long seed, final ToLongFunction<? super V> selector)
    {
        Objects.requireNonNull(selector, "selector");
        final long start = mix(seed + PRIME_1);
        return new HashSample<>(fraction, record -> mix(selector.applyAsLong(record) ^ start));
    }

    /**
     * A sample by a text.
     *
     * @param fraction of the texts that are kept, from 0 to 1
     * @param seed     samples with different seeds keep different texts
     * @param selector gives the text, never null
     * @param <V>      read-only view of the records
     * @return the sample
     */
    public static <V> HashSample<V> ofText(
        final double fraction, final long seed, final Function<? super V, ? extends CharSequence> selector)
    {
        Objects.requireNonNull(selector, "selector");
        final long start = mix(seed + PRIME_1);
        return new HashSample<>(fraction, record -> hash(selector.apply(record), start));
    }

    private static long hash(final CharSequence text, final long start)
    {
        long hash = start;
        for (int i = 0; i < text.length(); i++)
        {
            hash = Long.rotateLeft(hash ^ text.charAt(i) * PRIME_2, 31) * PRIME_1;
        }
        return mix(hash);
    }

    /** Spreads a number over all bits: Stafford's variant 13 of the finaliser of MurmurHash3. */
    private static long mix(final long number)
    {
        long mixed = number;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    @Override
    public boolean test(final V record)
    {
        return hash.applyAsLong(record) >>> Long.SIZE - FRACTION_BITS < below;
    }
}
