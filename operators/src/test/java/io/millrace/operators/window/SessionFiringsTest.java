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
package io.millrace.operators.window;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class SessionFiringsTest
{
    /** A key of two words with a hash of the test's own choice. */
    private record Firing(long hash, String key, boolean latest) implements Comparable<Firing>
    {
        @Override
        public int compareTo(final Firing other)
        {
            final int hashes = Long.compareUnsigned(hash, other.hash);
            return hashes != 0 ? hashes : key.compareTo(other.key);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 10_000})
    void shouldBringSessionsIntoTheOrderOfHashAndBytes(final int count)
    {
        final SplittableRandom random = new SplittableRandom(count);
        final MemoryAccount account = new MemoryAccount("firings");
        try (SessionFirings firings = new SessionFirings(16, account, "test");
            Region region = Region.allocate(account, "key", 16))
        {
            for (int round = 0; round < 2; round++)
            {
                final List<Firing> expected = new ArrayList<>();
                firings.begin(round);
                for (int i = 0; i < count; i++)
                {
                    final long upper = random.nextLong(40) << 58;
                    final Firing firing = new Firing(random.nextBoolean() ? upper : upper | random.nextLong(3),
                        String.format("%016d", random.nextLong(1L << 50)), random.nextBoolean());
                    expected.add(firing);
                    Memory.copyIn(firing.key.getBytes(StandardCharsets.US_ASCII), 0,
                        region.address(), 16);
                    firings.add(firing.hash, region.address(), firing.latest);
                }
                firings.sort();
                assertEquals(round, firings.end());
                final List<Firing> actual = new ArrayList<>();
                while (firings.next())
                {
                    final byte[] key = new byte[16];
                    Memory.copyOut(firings.key(), key, 0, 16);
                    actual.add(new Firing(firings.hash(),
                        new String(key, StandardCharsets.US_ASCII), firings.isLatest()));
                }
                assertFalse(firings.hasNext());
                assertEquals(expected.stream().sorted().toList(), actual);
            }
        }
        assertEquals(0, account.allocatedBytes());
    }
}
