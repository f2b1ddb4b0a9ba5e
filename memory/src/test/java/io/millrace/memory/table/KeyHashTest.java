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

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KeyHashTest
{
    private final MemoryAccount account = new MemoryAccount("test");

    @Test
    void shouldHashLongsAsItAlwaysDid()
    {
        assertEquals(0xE220A8397B1DCDAFL, KeyHash.hash(0));
        assertEquals(0x910A2DEC89025CC1L, KeyHash.hash(1));
        assertEquals(0xE4D971771B652C20L, KeyHash.hash(-1));
        assertEquals(new SplittableRandom(1234567).nextLong(), KeyHash.hash(1234567));
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
            assertEquals(0xD66F81A8D6F49D9BL, KeyHash.hash(region.address(), 16));
            assertEquals(0x6DFB9F81E689B11EL, KeyHash.hash(region.address(), 24));
            assertEquals(0xE88CF82950A85D3L, KeyHash.hash(region.address(), 32));
            assertEquals(0xA68CDD203DADE864L, KeyHash.hash(region.address(), 40));
        }
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldSpreadDenseKeysOverGroups()
    {
        final int[] groups = new int[128];
        for (long key = 0; key < 128_000; key++)
        {
            groups[KeyGroups.of(KeyHash.hash(key), 128)]++;
        }
        for (final int count : groups)
        {
            assertTrue(count > 850 && count < 1150, () -> "count=" + count);
        }
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
