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
package io.millrace.memory.table;

import io.millrace.memory.Memory;

/**
 * The one hash of a key's bytes: 64 bits, of which the high ones are spread best, fixed for ever, because it decides key
 * groups and the order of what is persisted.
 * <p>
 * The words of the key (8 bytes each, little-endian) are folded into one with the round of xxHash64, and the result is
 * multiplied by the golden ratio (Knuth, The Art of Computer Programming 3, 6.4), its high half first folded into the
 * low one:
 * <pre>
 *   state = word[0]
 *   state = rotateLeft(state ^ rotateLeft(word[i] * P2, 31) * P1, 27) * P1 + P4        for i = 1, 2, ...
 *   hash  = (state ^ state &gt;&gt;&gt; 32) * 0x9E3779B97F4A7C15
 * </pre>
 * For keys of 8 bytes this is a bijection. Numbers given one after the other, at any usual stride, are spread more
 * evenly than at random, so that they share no slot of a table; decision 009 has the figures and the strides that are
 * spread worst. Any thread may call it.
 */
public final class KeyHash
{
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private KeyHash()
    {
    }

    /**
     * Hash of a key of 8 bytes.
     *
     * @param key the 8 bytes, as a little-endian long
     * @return its hash
     */
    public static long hash(final long key)
    {
        return (key ^ key >>> 32) * GOLDEN_RATIO;
    }

    /**
     * Hash of a key in memory.
     *
     * @param keyAddress address of the first byte
     * @param keyLength  in bytes: a multiple of 8, above 0
     * @return its hash; for 8 bytes the same as {@link #hash(long)} of them
     */
    public static long hash(final long keyAddress, final int keyLength)
    {
        long state = Memory.getLong(keyAddress);
        for (int offset = Long.BYTES; offset < keyLength; offset += Long.BYTES)
        {
            state = fold(state, Memory.getLong(keyAddress + offset));
        }
        return hash(state);
    }

    private static long fold(final long state, final long word)
    {
        return Long.rotateLeft(state ^ Long.rotateLeft(word * PRIME_2, 31) * PRIME_1, 27) * PRIME_1 + PRIME_4;
    }
}
