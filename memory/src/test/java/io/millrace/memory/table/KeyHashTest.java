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

import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongUnaryOperator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KeyHashTest
{
    private final MemoryAccount account = new MemoryAccount("test");

    @Test
    void shouldHashLongsAsItAlwaysDid()
    {
        assertEquals(0, KeyHash.hash(0));
        assertEquals(0x9E3779B97F4A7C15L, KeyHash.hash(1));
        assertEquals(0x80B583EB00000000L, KeyHash.hash(-1));
        assertEquals(0x5E0D34771D7AFD13L, KeyHash.hash(1234567));
        assertEquals(0x1D81F5CE7F4A7C15L, KeyHash.hash(1L << 32));
    }

    @Test
    void shouldHashLongerKeysAsItAlwaysDid()
    {
        try (Region region = Region.allocate(account, "key", 40))
        {
            for (int offset = 0; offset < 40; offset += 8)
            {
                Memory.putLong(region.address() + offset, 0x0102030405060708L * (offset + 1));
            }
            assertEquals(KeyHash.hash(0x0102030405060708L), KeyHash.hash(region.address(), 8));
            assertEquals(0xDD9925D4FD16BA44L, KeyHash.hash(region.address(), 16));
            assertEquals(0x34B0F60682FE7A70L, KeyHash.hash(region.address(), 24));
            assertEquals(0x33F177D1AC8F9060L, KeyHash.hash(region.address(), 32));
            assertEquals(0x19610D8629633B59L, KeyHash.hash(region.address(), 40));
        }
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldSpreadNumbersInARowMoreEvenlyThanAtRandom()
    {
        assertTrue(Arrays.stream(counts(KeyHash::hash, 128)).allMatch(count -> count >= 998 && count <= 1002));
    }

    @ParameterizedTest
    @ValueSource(longs = {
        1, 2, 3, 7, 8, 10, 60, 64, 100, 128, 256, 1000, 1024, 4096, 10_000, 65_536, 100_000, 1_000_000, 10_000_000,
        100_000_000, 1_000_000_000, 60_000, 3_600_000, 86_400_000, 60_000_000_000L, 3_600_000_000_000L,
        86_400_000_000_000L, 1L << 20, 1L << 24, 1L << 30, 1L << 31, 1L << 32, 1L << 33, 1L << 36, 1L << 40, 1L << 46,
        0x0000_0001_0000_0001L, -1, -1000})
    void shouldSpreadKeysAtAnyUsualStride(final long stride)
    {
        assertEvenlySpread(number -> KeyHash.hash(number * stride));
        assertEvenlySpread(number -> KeyHash.hash(1_700_000_000_000L + number * stride));
    }

    @Test
    void shouldSpreadKeysOfParts()
    {
        assertEvenlySpread(number -> KeyHash.hash((number & 15) << 32 | number >>> 4));
        assertEvenlySpread(number -> KeyHash.hash((number & 255) << 48 | number >>> 8));
        assertEvenlySpread(number -> KeyHash.hash((number & 1) << 63 | number >>> 1));
        assertEvenlySpread(number -> KeyHash.hash(number >>> 1 << 8 | number & 1));
        assertEvenlySpread(number -> KeyHash.hash(1_700_000_000_000L + 7 * number << 22 | 5 << 12));
        assertEvenlySpread(number -> KeyHash.hash(Double.doubleToRawLongBits(number)));
        assertEvenlySpread(number -> KeyHash.hash(Double.doubleToRawLongBits(number / 100.0)));
    }

    @Test
    void shouldSpreadKeysAtTheWorstStrideOverTheSegmentsOfATable()
    {
        // A Fibonacci number: 3,190 keys in a row lie side by side, then the next run begins elsewhere.
        assertTrue(fullest(number -> KeyHash.hash(number * 1_346_269), 1 << 13) <= 400);
    }

    @Test
    void shouldCallKeysThatAreNotSpreadUneven()
    {
        assertThrows(AssertionError.class, () -> assertEvenlySpread(number -> number << 40));
        assertThrows(AssertionError.class, () -> assertEvenlySpread(number -> KeyHash.hash(number * 1_346_269)));
    }

    /** In as many ranges as there are key groups, by a fifth; in as many as a table has segments, by a third. */
    private static void assertEvenlySpread(final LongUnaryOperator hash)
    {
        final int[] groups = counts(hash, 128);
        assertTrue(Arrays.stream(groups).allMatch(count -> count > 800 && count < 1200), () -> Arrays.toString(groups));
        assertTrue(fullest(hash, 512) < 333, () -> "fullest of 512=" + fullest(hash, 512));
    }

    private static int fullest(final LongUnaryOperator hash, final int ranges)
    {
        return Arrays.stream(counts(hash, ranges)).max().orElseThrow();
    }

    private static int[] counts(final LongUnaryOperator hash, final int ranges)
    {
        final int[] counts = new int[ranges];
        for (long number = 0; number < 128_000; number++)
        {
            counts[KeyGroups.of(hash.applyAsLong(number), ranges)]++;
        }
        return counts;
    }

    @Test
    void shouldNotCollideOnSimilarTexts()
    {
        final Set<Long> hashes = new HashSet<>();
        try (Region region = Region.allocate(account, "key", 16))
        {
            for (int number = 0; number < 100_000; number++)
            {
                final byte[] text = String.format("SYM%09d", number).getBytes(StandardCharsets.US_ASCII);
                Memory.copyIn(text, 0, region.address(), text.length);
                hashes.add(KeyHash.hash(region.address(), 16));
            }
        }
        assertEquals(100_000, hashes.size());
    }
}
