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
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SegmentPoolTest
{
    private static final int SLAB = 1 << 20;

    private final MemoryAccount account = new MemoryAccount("test", 8 << 20);
    private final SegmentPool pool = new SegmentPool(account, "pool");

    @AfterEach
    void shouldFreeEverything()
    {
        pool.close();
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldHoldNothingBeforeTheFirstBlock()
    {
        assertEquals(0, account.allocatedBytes());
        assertEquals(0, pool.heldBytes());
    }

    @Test
    void shouldGiveZeroedBlocksOfEverySizeAgainAndAgain()
    {
        for (int round = 0; round < 3; round++)
        {
            final long[] blocks = new long[SegmentPool.MAX_CLASS];
            for (int sizeClass = 0; sizeClass < 10; sizeClass++)
            {
                final long block = pool.take(sizeClass);
                blocks[sizeClass] = block;
                assertEquals(0, block & 63);
                for (long offset = 0; offset < SegmentPool.length(sizeClass); offset += 8)
                {
                    assertEquals(0, Memory.getLong(block + offset));
                }
                Memory.fill(block, SegmentPool.length(sizeClass), (byte)-1);
            }
            for (int sizeClass = 0; sizeClass < 10; sizeClass++)
            {
                pool.give(blocks[sizeClass], sizeClass);
            }
            assertEquals(0, pool.usedBytes());
        }
        assertTrue(pool.heldBytes() <= 3 * SLAB, "blocks are reused");
    }

    @Test
    void shouldTakeWhatWasPreparedFirst()
    {
        assertTrue(pool.prepare());
        assertFalse(pool.prepare(), "one is enough for a pool that is not used");
        final long held = account.allocatedBytes();
        pool.take(SegmentPool.SEGMENT_CLASS);
        assertEquals(held, account.allocatedBytes());
        assertTrue(pool.prepare());
        assertEquals(2 * SLAB, pool.heldBytes());
    }

    @Test
    void shouldPrepareMoreForALargerPool()
    {
        final SegmentPool large = new SegmentPool(new MemoryAccount("large"), "large");
        while (large.usedBytes() < 64 << 20)
        {
            large.take(SegmentPool.SEGMENT_CLASS);
        }
        final long held = large.heldBytes();
        while (large.prepare())
        {
            continue;
        }
        assertTrue(large.heldBytes() >= held * 3 / 2);
        large.close();
    }

    @Test
    void shouldReserveOrChangeNothing()
    {
        pool.reserve(64 * 3);
        final long held = account.allocatedBytes();
        for (int i = 0; i < 64 * 3; i++)
        {
            pool.take(SegmentPool.SEGMENT_CLASS);
        }
        assertEquals(held, account.allocatedBytes());
        final IllegalStateException error = assertThrows(IllegalStateException.class, () -> pool.reserve(64 * 8));
        assertTrue(error.getMessage().contains("limit"), error.getMessage());
        while (pool.prepare())
        {
            continue;
        }
        assertTrue(account.allocatedBytes() <= 8 << 20, "what is only ahead of need stops at the limit");
    }
}
