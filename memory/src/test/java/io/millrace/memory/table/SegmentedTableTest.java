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
import io.millrace.memory.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SegmentedTableTest
{
    private final MemoryAccount account = new MemoryAccount("test");
    private final SegmentPool pool = new SegmentPool(account, "pool");
    private final TableStore store = new TableStore(pool, null);
    private final long scratch = pool.take(0);
    private final long keyRoom = pool.take(SegmentPool.SEGMENT_CLASS);

    @AfterEach
    void shouldFreeEverything()
    {
        store.close();
        pool.close();
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldTellWhatItCreated()
    {
        final SegmentedTable table = store.createTable(1, 8, 16).open(0);
        for (final long key : new long[]{0, 1, -1, Long.MIN_VALUE})
        {
            assertEquals(0, find(table, key));
            assertEquals(0, table.findLongForUpdate(KeyHash.hash(key), key));
            final long value = upsert(table, key);
            assertTrue(table.created());
            assertEquals(0, Memory.getLong(value));
            Memory.putLong(value, key + 7);
            Memory.putLong(value + 8, key + 8);
            assertEquals(value, upsert(table, key));
            assertFalse(table.created());
        }
        assertEquals(4, table.size());
        for (final long key : new long[]{0, 1, -1, Long.MIN_VALUE})
        {
            assertEquals(key + 7, Memory.getLong(find(table, key)));
            assertTrue(table.removeLong(KeyHash.hash(key), key));
            assertFalse(table.removeLong(KeyHash.hash(key), key));
            assertEquals(0, find(table, key));
        }
        assertEquals(0, table.size());
    }

    @Test
    void shouldStartSmall()
    {
        final long before = pool.usedBytes();
        final SegmentedTable table = store.createTable(1, 8, 32).open(1);
        upsert(table, 1);
        assertEquals(2048, pool.usedBytes() - before);
        table.drop();
        assertEquals(before, pool.usedBytes());
    }

    @Test
    void shouldStartAsLargeAsItWasDropped()
    {
        final SegmentedTable table = store.createTable(1, 8, 16).open(1);
        fill(table, 10_000);
        final long full = pool.usedBytes();
        table.drop();
        table.open(2);
        final long reopened = pool.usedBytes();
        assertTrue(reopened > full * 3 / 4 && reopened <= full * 5 / 4, () -> "full=" + full + " reopened=" + reopened);
        assertEquals(0, table.size());
        assertFalse(new TableCursor().wrap(table).next());
        fill(table, 10_000);
        assertEquals(reopened, pool.usedBytes());
        final SegmentedTable grown = store.createTable(2, 8, 16).open(1);
        fill(grown, 10_000);
        final TableCursor expected = new TableCursor().wrap(grown);
        final TableCursor actual = new TableCursor().wrap(table);
        while (expected.next())
        {
            assertTrue(actual.next());
            assertEquals(Memory.getLong(expected.keyAddress()), Memory.getLong(actual.keyAddress()));
            assertEquals(Memory.getLong(expected.valueAddress()), Memory.getLong(actual.valueAddress()));
        }
        assertFalse(actual.next());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40, 80, 200, 500, 3_000})
    void shouldShrinkWithWhatItLastHeld(final int keys)
    {
        final SegmentedTable table = store.createTable(1, 8, 16).open(1);
        fill(table, 10_000);
        table.drop();
        table.open(2);
        fill(table, keys);
        table.drop();
        final long before = pool.usedBytes();
        table.open(3);
        final long reopened = pool.usedBytes();
        fill(table, keys);
        assertEquals(reopened, pool.usedBytes());
        final long entries = (reopened - before) / 25;
        assertTrue(entries < 4L * keys + 100, () -> "entries=" + entries);
    }

    @Test
    void shouldStartAsLargeAsItWasDroppedWithLongValuesToo()
    {
        final SegmentedTable table = store.createTable(1, 8, 1_504).open(1);
        fill(table, 40);
        final long full = pool.usedBytes();
        table.drop();
        table.open(2);
        final long reopened = pool.usedBytes();
        // What it held before may not be freed yet.
        assertTrue(reopened > full / 2 && reopened <= full * 3, () -> "full=" + full + " reopened=" + reopened);
        fill(table, 40);
    }

    @Test
    void shouldTakeNoNewMemoryToStartLarge()
    {
        final SegmentedTable table = store.createTable(1, 8, 16).open(1);
        fill(table, 10_000);
        table.drop();
        pool.reserve(1);
        while (pool.freeSegments() > 2)
        {
            pool.take(SegmentPool.SEGMENT_CLASS);
        }
        final long held = pool.heldBytes();
        table.open(2);
        assertEquals(held, pool.heldBytes());
        assertEquals(0, table.size());
        fill(table, 10_000);
    }

    private static void fill(final SegmentedTable table, final int keys)
    {
        for (long key = 0; key < keys; key++)
        {
            Memory.putLong(upsert(table, key), key);
        }
        assertEquals(keys, table.size());
        for (long key = 0; key < keys; key++)
        {
            assertEquals(key, Memory.getLong(find(table, key)));
        }
    }

    @Test
    void shouldFindNothingWhenClosed()
    {
        final SegmentedTable table = store.createTable(1, 8, 8);
        assertFalse(table.isOpen());
        assertEquals(0, find(table, 5));
        assertEquals(0, find(table, 0));
        assertFalse(table.removeLong(KeyHash.hash(5), 5));
        assertThrows(IllegalStateException.class, () -> upsert(table, 5));
        assertThrows(IllegalStateException.class, table::drop);
        assertThrows(IllegalStateException.class, table::namespace);
        assertFalse(new TableCursor().wrap(table).next());
        table.open(3);
        assertEquals(3, table.namespace());
        assertThrows(IllegalStateException.class, () -> table.open(4));
    }

    @Test
    void shouldKeepTheLongestKeys()
    {
        final int length = SegmentedTable.MAX_KEY_LENGTH;
        final SegmentedTable longest = store.createTable(9, length, 8).open(0);
        try (Region key = Region.allocate(account, "key", length))
        {
            for (long number = 0; number < 20_000; number++)
            {
                Memory.putLong(key.address() + length - 8, number);
                Memory.putLong(longest.upsert(KeyHash.hash(key.address(), length), key.address()), number + 1);
            }
            for (long number = 0; number < 20_000; number++)
            {
                Memory.putLong(key.address() + length - 8, number);
                assertEquals(number + 1, Memory.getLong(longest.find(KeyHash.hash(key.address(), length), key.address())));
            }
        }
        assertEquals(20_000, longest.size());
    }

    @Test
    void shouldRefuseLengthsThatItCannotHold()
    {
        for (final int keyLength : new int[]{0, 4, 12, 104, -8})
        {
            assertThrows(IllegalArgumentException.class, () -> store.createTable(1, keyLength, 8));
        }
        for (final int valueLength : new int[]{-8, 12, 4096})
        {
            assertThrows(IllegalArgumentException.class, () -> store.createTable(1, 8, valueLength));
        }
        final SegmentedTable longest = store.createTable(1, 8, 2000).open(0);
        for (long key = 0; key < 200; key++)
        {
            Memory.putLong(upsert(longest, key) + 1992, key);
        }
        for (long key = 0; key < 200; key++)
        {
            assertEquals(key, Memory.getLong(find(longest, key) + 1992));
        }
    }

    @Test
    void shouldKeepEveryKeyWhileItGrowsTo300Thousand()
    {
        grow(300_000);
    }

    @Test
    @Tag("slow")
    void shouldKeepEveryKeyWhileItGrowsTo2Million()
    {
        grow(2_000_000);
    }

    @Test
    void shouldGiveItsSegmentsBack()
    {
        final SegmentedTable table = store.createTable(1, 8, 32).open(0);
        final long empty = pool.usedBytes();
        for (int round = 0; round < 3; round++)
        {
            for (long key = 0; key < 20_000; key++)
            {
                upsert(table, key);
            }
            table.clear();
            assertEquals(0, table.size());
            assertEquals(0, find(table, 3));
            while (pool.usedBytes() > empty)
            {
                final long used = pool.usedBytes();
                store.sweep(100);
                assertTrue(pool.usedBytes() < used);
            }
        }
        assertTrue(pool.heldBytes() < 8 << 20);
    }

    @Test
    void shouldReuseClearedSegmentsWithoutASweep()
    {
        final SegmentedTable table = store.createTable(1, 8, 32).open(0);
        for (int round = 0; round < 20; round++)
        {
            for (long key = 0; key < 20_000; key++)
            {
                upsert(table, key);
            }
            table.clear();
        }
        assertTrue(pool.heldBytes() < 8 << 20, () -> "heldBytes=" + pool.heldBytes());
    }

    @Test
    void shouldOrderKeysThatCollideByTheirBytes()
    {
        final SegmentedTable table = store.createTable(1, 16, 8).open(0);
        final Random random = new Random(5);
        final int count = 200;
        for (int i = 0; i < count; i++)
        {
            final long hash = colliding(random.nextLong());
            Memory.putLong(table.upsert(hash, scratch), i);
            assertTrue(table.created());
        }
        final TableCursor cursor = new TableCursor().wrap(table);
        final byte[] last = new byte[16];
        final byte[] key = new byte[16];
        int seen = 0;
        while (cursor.next())
        {
            Memory.copyOut(cursor.keyAddress(), key, 0, 16);
            assertTrue(seen == 0 || Arrays.compareUnsigned(last, key) < 0);
            System.arraycopy(key, 0, last, 0, 16);
            seen++;
        }
        assertEquals(count, seen);
    }

    @Test
    void shouldRefuseMoreCollidingKeysThanASegmentHolds()
    {
        final SegmentedTable table = store.createTable(1, 16, 8).open(0);
        final Random random = new Random(5);
        final IllegalStateException error = assertThrows(IllegalStateException.class, () ->
        {
            for (int i = 0; i < 2000; i++)
            {
                table.upsert(colliding(random.nextLong()), scratch);
            }
        });
        assertTrue(error.getMessage().contains("collide"), error.getMessage());
        final long size = table.size();
        final TableCursor cursor = new TableCursor().wrap(table);
        long seen = 0;
        while (cursor.next())
        {
            assertNotEquals(0, table.find(cursor.hash(), cursor.keyAddress()));
            seen++;
        }
        assertEquals(size, seen);
    }

    @Test
    void shouldBeIntactWhenTheMemoryLimitIsReached()
    {
        final MemoryAccount small = new MemoryAccount("small", 5 << 20);
        final SegmentPool smallPool = new SegmentPool(small, "pool");
        final TableStore smallStore = new TableStore(smallPool, null);
        final SegmentedTable table = smallStore.createTable(1, 8, 32).open(0);
        final IllegalStateException error = assertThrows(IllegalStateException.class, () ->
        {
            for (long key = 0; key < 1_000_000; key++)
            {
                Memory.putLong(upsert(table, key), key);
            }
        });
        assertTrue(error.getMessage().contains("limit"), error.getMessage());
        final long size = table.size();
        assertTrue(size > 25_000, () -> "size=" + size);
        for (long key = 0; key < size; key++)
        {
            assertEquals(key, Memory.getLong(find(table, key)));
        }
        smallStore.close();
        smallPool.close();
        assertEquals(0, small.allocatedBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40, 1_000, 20_000})
    void shouldUpsertABatchAtOnce(final int range)
    {
        final SegmentedTable table = store.createTable(1, 8, 8).open(0);
        final SegmentedTable wide = store.createTable(2, 16, 8).open(0);
        final Random random = new Random(range);
        final Map<Long, Long> oracle = new HashMap<>();
        final long[] keys = new long[64];
        final long[] values = new long[64];
        final long[] wideValues = new long[64];
        final int[] created = new int[64];
        final int[] wideCreated = new int[64];
        for (int batch = 0; batch < 2000; batch++)
        {
            if (batch % 97 == 0)
            {
                table.clear();
                wide.drop();
                wide.open(batch);
                oracle.clear();
            }
            final int count = 1 + random.nextInt(keys.length);
            final List<Integer> news = new ArrayList<>();
            for (int i = 0; i < count; i++)
            {
                // Keys that come twice, one of zeros, and numbers in a row as well as keys at random.
                keys[i] = batch % 3 == 0 ? random.nextInt(range) * 0x4F1BBCDCBFA53E0BL : random.nextInt(range);
                Memory.putLong(keyRoom + i * 8L, keys[i]);
                wideKey(keys[i]);
                EntryWords.copy(scratch, keyRoom + 512 + i * 16L, 16);
                if (oracle.putIfAbsent(keys[i], 0L) == null)
                {
                    news.add(i);
                }
            }
            assertEquals(news, indexes(created, table.upsertAllLong(keyRoom, count, values, created)));
            assertEquals(news, indexes(wideCreated, wide.upsertAll(keyRoom + 512, count, wideValues, wideCreated)));
            for (int i = 0; i < count; i++)
            {
                assertEquals(table.findLong(KeyHash.hash(keys[i]), keys[i]), values[i]);
                assertEquals(wide.find(wideKey(keys[i]), scratch), wideValues[i]);
                assertEquals(oracle.get(keys[i]), Memory.getLong(values[i]));
                assertEquals(oracle.get(keys[i]), Memory.getLong(wideValues[i]));
                final long number = oracle.merge(keys[i], 1L, Long::sum);
                Memory.putLong(values[i], number);
                Memory.putLong(wideValues[i], number);
            }
            assertEquals(oracle.size(), table.size());
            assertEquals(oracle.size(), wide.size());
        }
    }

    private static List<Integer> indexes(final int[] indexes, final int count)
    {
        return Arrays.stream(indexes, 0, count).boxed().toList();
    }

    @Test
    void shouldKeepWhatWasThereWhenABatchFindsNoRoom()
    {
        final MemoryAccount small = new MemoryAccount("small", 5 << 20);
        final SegmentPool smallPool = new SegmentPool(small, "pool");
        final TableStore smallStore = new TableStore(smallPool, null);
        final SegmentedTable table = smallStore.createTable(1, 8, 32).open(0);
        final long[] values = new long[64];
        final int[] created = new int[64];
        long inserted = 0;
        IllegalStateException refused = null;
        while (refused == null)
        {
            for (int i = 0; i < 64; i++)
            {
                Memory.putLong(keyRoom + i * 8L, inserted + i);
            }
            try
            {
                assertEquals(64, table.upsertAllLong(keyRoom, 64, values, created));
                for (int i = 0; i < 64; i++)
                {
                    Memory.putLong(values[i], inserted++);
                }
            }
            catch (final IllegalStateException limitReached)
            {
                refused = limitReached;
            }
        }
        assertTrue(refused.getMessage().contains("limit"), refused.getMessage());
        assertTrue(inserted > 25_000 && table.size() < inserted + 64);
        for (long key = 0; key < table.size(); key++)
        {
            assertEquals(key < inserted ? key : 0, Memory.getLong(find(table, key)));
        }
        smallStore.close();
        smallPool.close();
        assertEquals(0, small.allocatedBytes());
    }

    @Test
    void shouldRefuseABatchWhenClosed()
    {
        final SegmentedTable table = store.createTable(1, 8, 8);
        Memory.putLong(keyRoom, 7);
        assertThrows(IllegalStateException.class, () -> table.upsertAllLong(keyRoom, 1, new long[1], new int[1]));
        Memory.putLong(keyRoom, 0);
        assertThrows(IllegalStateException.class, () -> table.upsertAllLong(keyRoom, 1, new long[1], new int[1]));
    }

    @Test
    void shouldSpreadTheKeysOfOneTaskOverItsSegments()
    {
        final SegmentPool taskPool = new SegmentPool(account, "task");
        for (final int parallelism : new int[]{3, 5, 16, 128})
        {
            final int first = KeyGroups.firstGroup(1, parallelism, 128);
            final int end = KeyGroups.firstGroup(2, parallelism, 128);
            final TableStore task = new TableStore(taskPool, null, first, end, 128);
            final SegmentedTable table = task.createTable(1, 8, 8).open(0);
            final long before = taskPool.usedBytes();
            for (long key = 0; table.size() < 20_000; key++)
            {
                final int group = KeyGroups.of(KeyHash.hash(key), 128);
                if (group >= first && group < end)
                {
                    upsert(table, key);
                }
            }
            assertTrue(taskPool.usedBytes() - before < 20_000 * 16 * 4, () -> "usedBytes=" + taskPool.usedBytes());
            final TableCursor cursor = new TableCursor().wrap(table);
            long last = KeyGroups.firstHash(first, 128) - 1;
            int seen = 0;
            while (cursor.next())
            {
                assertTrue(Long.compareUnsigned(last, cursor.hash()) < 0 || seen == 0);
                last = cursor.hash();
                seen++;
            }
            assertEquals(20_000, seen);
            table.drop();
            task.close();
        }
        taskPool.close();
    }

    private void grow(final int keys)
    {
        final SegmentedTable table = store.createTable(1, 8, 8).open(0);
        for (long key = 0; key < keys; key++)
        {
            Memory.putLong(upsert(table, key), key);
            if (!table.created())
            {
                throw new AssertionError("key=" + key);
            }
        }
        assertEquals(keys, table.size());
        for (long key = 0; key < keys; key++)
        {
            if (Memory.getLong(find(table, key)) != key)
            {
                throw new AssertionError("key=" + key);
            }
            if (find(table, key + keys) != 0)
            {
                throw new AssertionError("key=" + (key + keys));
            }
        }
        final TableCursor cursor = new TableCursor().wrap(table);
        int seen = 0;
        long last = 0;
        while (cursor.next())
        {
            if (seen > 0 && Long.compareUnsigned(last, cursor.hash()) >= 0)
            {
                throw new AssertionError("order at entry=" + seen);
            }
            last = cursor.hash();
            seen++;
        }
        assertEquals(keys, seen);
        assertTrue(pool.usedBytes() < keys * 16L * 3);
    }

    private static long upsert(final SegmentedTable table, final long key)
    {
        return table.upsertLong(KeyHash.hash(key), key);
    }

    private static long find(final SegmentedTable table, final long key)
    {
        return table.findLong(KeyHash.hash(key), key);
    }

    private long wideKey(final long key)
    {
        Memory.putLong(scratch, key % 3);
        Memory.putLong(scratch + 8, key);
        return KeyHash.hash(scratch, 16);
    }

    /** Writes one of many keys of 16 bytes with the same hash: the first word undoes the fold of the second. */
    private long colliding(final long word)
    {
        Memory.putLong(scratch, Long.rotateLeft(word * 0xC2B2AE3D27D4EB4FL, 31) * 0x9E3779B185EBCA87L);
        Memory.putLong(scratch + 8, word);
        final long hash = KeyHash.hash(scratch, 16);
        assertEquals(KeyHash.hash(0x85EBCA77C2B2AE63L), hash);
        return hash;
    }
}
