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

/**
 * Numbers for rows that belong to a key without having its bytes in theirs. A number's hash (see
 * {@link io.millrace.memory.table.KeyHash}) is of the key group of the key, so that the rows are stored, and moved, where
 * the key is; within the group numbers are spread evenly.
 * <pre>
 *   hash of a number = | key group: as many bits as there are groups | count * odd constant, modulo what is left |
 * </pre>
 * The hash of 8 bytes is a bijection, (n ^ n >>> 32) * golden ratio, which is undone here. A count is used once, so
 * numbers are unique in an operator instance; as no two instances own one key group, they are among all.
 */
final class RowNumbers
{
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final long INVERSE = inverse(GOLDEN_RATIO);

    private final int bits;
    private final long spread;

    /**
     * Numbers.
     *
     * @param maxParallelism number of key groups, a power of two
     */
    RowNumbers(final int maxParallelism)
    {
        bits = Long.SIZE - Integer.numberOfTrailingZeros(maxParallelism);
        spread = GOLDEN_RATIO >>> Long.SIZE - bits | 1;
    }

    private static long inverse(final long odd)
    {
        long inverse = odd;
        for (int correctBits = 3; correctBits < Long.SIZE; correctBits *= 2)
        {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    /**
     * A number.
     *
     * @param keyHash hash of the key
     * @param count   from 1
     * @return never 0
     */
    long of(final long keyHash, final long count)
    {
        final long low = count * spread;
        final long hash = bits == Long.SIZE ? low : keyHash >>> bits << bits | low << Long.SIZE - bits >>> Long.SIZE - bits;
        final long folded = hash * INVERSE;
        return folded ^ folded >>> 32;
    }
}
