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
package io.millrace.core.state;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaChunk;
import io.millrace.memory.table.DeltaChunks;
import io.millrace.memory.table.DeltaReader;
import io.millrace.memory.table.KeyHash;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OffHeapBackendTest
{
    private final MemoryAccount account = new MemoryAccount("test");
    private final Region key = Region.allocate(account, "key", 64);

    @AfterEach
    void shouldFreeItsMemory()
    {
        key.close();
        assertEquals(0, account.allocatedBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldHoldWhatAMapHoldsThroughSnapshotsAndRestores(final long seed)
    {
        final Random random = new Random(seed);
        final List<byte[]> chain = new ArrayList<>();
        Map<Long, Long> saved = new HashMap<>();
        for (int life = 0; life < 3; life++)
        {
            final Map<Long, Long> oracle = new HashMap<>(saved);
            try (Store store = new Store(0))
            {
                final KeyedTable table = store.backend.keyedTable("numbers", 8, 16);
                store.restore(chain);
                check(oracle, table);
                for (int i = 0; i < 5_000; i++)
                {
                    change(random, oracle, table);
                    if (store.backend.sweep(16) == 0 && store.backend.barrierReady() && random.nextInt(300) == 0)
                    {
                        store.backend.barrier(false);
                        saved = new HashMap<>(oracle);
                        store.sweepAll(chain, () -> change(random, oracle, table));
                    }
                }
                check(oracle, table);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldHoldSlicesThroughSnapshotsAndRestores(final long seed)
    {
        final Random random = new Random(seed);
        final List<byte[]> chain = new ArrayList<>();
        NavigableMap<Long, Map<Long, Long>> saved = new TreeMap<>();
        for (int life = 0; life < 3; life++)
        {
            final NavigableMap<Long, Map<Long, Long>> oracle = copy(saved);
            try (Store store = new Store(0))
            {
                final WindowTables tables = store.backend.windowTables("windows", 8, 16);
                store.restore(chain);
                checkSlices(oracle, tables);
                for (int i = 0; i < 3_000; i++)
                {
                    final long slice = random.nextInt(12) * 100L;
                    if (random.nextInt(40) == 0)
                    {
                        tables.drop(slice);
                        oracle.remove(slice);
                    }
                    else
                    {
                        change(random, oracle.computeIfAbsent(slice, start -> new HashMap<>()), tables.table(slice));
                    }
                    if (random.nextInt(200) == 0)
                    {
                        store.backend.barrier(false);
                        saved = copy(oracle);
                        store.sweepAll(chain, OffHeapBackendTest::doNothing);
                    }
                }
                checkSlices(oracle, tables);
            }
        }
    }

    @Test
    void shouldLeaveTheStateOfOthersAlone()
    {
        final List<byte[]> chain = new ArrayList<>();
        try (Store store = new Store(0))
        {
            final KeyedTable table = store.backend.keyedTable("numbers", 8, 16);
            put(table, 1, 10);
            store.backend.barrier(false);
            store.sweepAll(chain, OffHeapBackendTest::doNothing);
        }
        try (Store other = new Store(1))
        {
            final KeyedTable table = other.backend.keyedTable("numbers", 8, 16);
            assertFalse(other.offer(chain), "what another instance wrote");
            assertEquals(0, table.size());
        }
        try (Store other = new Store(0))
        {
            other.backend.keyedTable("others", 8, 16);
            assertFalse(other.offer(chain), "a state that is not declared");
        }
    }

    @Test
    void shouldFindSlices()
    {
        try (Store store = new Store(0))
        {
            final WindowTables tables = store.backend.windowTables("windows", 8, 16);
            assertEquals(Long.MAX_VALUE, tables.firstSlice(Long.MIN_VALUE));
            assertNull(tables.find(5));
            for (long slice = 100; slice > -100; slice -= 10)
            {
                put(tables.table(slice), slice, slice);
            }
            assertEquals(-90, tables.firstSlice(Long.MIN_VALUE));
            assertEquals(20, tables.firstSlice(11));
            assertEquals(20, tables.firstSlice(20));
            tables.drop(20);
            tables.drop(21);
            assertEquals(30, tables.firstSlice(11));
            assertEquals(0, tables.table(20).size(), "made anew, and empty");
            assertEquals(1, tables.find(-90).size());
        }
    }

    @Test
    void shouldRefuseAStateThatIsDeclaredTwice()
    {
        try (Store store = new Store(0))
        {
            store.backend.keyedTable("numbers", 8, 16);
            assertThrows(IllegalStateException.class, () -> store.backend.keyedTable("numbers", 8, 16));
            assertThrows(IllegalStateException.class, () -> store.backend.windowTables("numbers", 8, 16));
        }
    }

    @Test
    void shouldDivideTheKeyGroupsAmongInstances()
    {
        for (int parallelism = 1; parallelism <= 7; parallelism++)
        {
            int next = 0;
            for (int subtask = 0; subtask < parallelism; subtask++)
            {
                final KeyGroupRange range = KeyGroupRange.of(subtask, parallelism, 128);
                assertEquals(next, range.first());
                next = range.last() + 1;
                for (long number = 0; number < 200; number++)
                {
                    final long hash = KeyHash.hash(number);
                    final int group = (int)(hash >>> 57);
                    assertEquals(group * parallelism / 128 == subtask, range.contains(hash));
                }
            }
            assertEquals(128, next);
        }
    }

    private void change(final Random random, final Map<Long, Long> oracle, final KeyedTable table)
    {
        final long number = random.nextInt(500);
        switch (random.nextInt(10))
        {
            case 0 -> assertEquals(oracle.remove(number) != null, table.remove(hash(number), key.address()));
            case 1 -> clearAtTimes(random, oracle, table);
            default ->
            {
                final long value = random.nextLong();
                assertEquals(oracle.put(number, value) == null, put(table, number, value));
            }
        }
        assertEquals(oracle.size(), table.size());
    }

    private static void clearAtTimes(final Random random, final Map<Long, Long> oracle, final KeyedTable table)
    {
        if (random.nextInt(100) == 0)
        {
            oracle.clear();
            table.clear();
        }
    }

    private static void doNothing()
    {
    }

    private boolean put(final KeyedTable table, final long number, final long value)
    {
        hash(number);
        final long[] values = new long[1];
        final boolean created = table.upsertAll(key.address(), 1, values, new int[1]) == 1;
        Memory.putLong(values[0], value);
        Memory.putLong(values[0] + 8, ~value);
        return created;
    }

    private long hash(final long number)
    {
        Memory.putLong(key.address(), number);
        return KeyHash.hash(key.address(), 8);
    }

    private void check(final Map<Long, Long> oracle, final KeyedTable table)
    {
        assertEquals(oracle.size(), table.size());
        oracle.forEach((number, value) ->
        {
            final long address = table.find(hash(number), key.address());
            assertTrue(address != 0, () -> "number=" + number);
            assertEquals(value, Memory.getLong(address));
            assertEquals(~value, Memory.getLong(address + 8));
        });
        final KeyedCursor cursor = table.cursor();
        int count = 0;
        long lastHash = 0;
        while (cursor.next())
        {
            final long number = Memory.getLong(cursor.key());
            assertEquals(oracle.get(number), Memory.getLong(cursor.value()));
            final long hash = KeyHash.hash(number);
            assertTrue(count == 0 || Long.compareUnsigned(lastHash, hash) <= 0, "in the order of hashes");
            lastHash = hash;
            count++;
        }
        assertEquals(oracle.size(), count);
    }

    private void checkSlices(final NavigableMap<Long, Map<Long, Long>> oracle, final WindowTables tables)
    {
        long slice = tables.firstSlice(Long.MIN_VALUE);
        for (final Map.Entry<Long, Map<Long, Long>> entry : oracle.entrySet())
        {
            while (slice != entry.getKey() && slice != Long.MAX_VALUE)
            {
                assertEquals(0, tables.find(slice).size());
                slice = tables.firstSlice(slice + 1);
            }
            if (slice == entry.getKey())
            {
                check(entry.getValue(), tables.find(slice));
                slice = tables.firstSlice(slice + 1);
            }
            else
            {
                assertEquals(Map.of(), entry.getValue());
            }
        }
    }

    private static NavigableMap<Long, Map<Long, Long>> copy(final NavigableMap<Long, Map<Long, Long>> slices)
    {
        final NavigableMap<Long, Map<Long, Long>> copy = new TreeMap<>();
        slices.forEach((slice, entries) ->
        {
            if (!entries.isEmpty())
            {
                copy.put(slice, new HashMap<>(entries));
            }
        });
        return copy;
    }

    private final class Store implements AutoCloseable
    {
        private final DeltaChunks outlet = new DeltaChunks(account, "chunks", 1 << 12, 2);
        private final StateBackend backend;

        private Store(final int subtask)
        {
            backend = OffHeapBackend.factory().open(
                new StateContext("job", "operator", subtask, KeyGroupRange.of(0, 1, 128), account, outlet));
        }

        private void sweepAll(final List<byte[]> chain, final Runnable between)
        {
            while (backend.sweep(7) != 0)
            {
                between.run();
            }
            for (DeltaChunk chunk = outlet.poll(); chunk != null; chunk = outlet.poll())
            {
                final byte[] bytes = new byte[chunk.length()];
                Memory.copyOut(chunk.address(), bytes, 0, bytes.length);
                chain.add(bytes);
                outlet.recycle(chunk);
            }
        }

        private void restore(final List<byte[]> chain)
        {
            assertTrue(offer(chain));
        }

        private boolean offer(final List<byte[]> chain)
        {
            final DeltaReader reader = new DeltaReader();
            boolean all = true;
            for (final byte[] bytes : chain)
            {
                try (Region region = Region.allocate(account, "chunk", Math.max(1, bytes.length)))
                {
                    Memory.copyIn(bytes, 0, region.address(), bytes.length);
                    reader.wrap(region.address(), bytes.length);
                    while (reader.nextRun())
                    {
                        all &= backend.restore(reader);
                    }
                }
            }
            return all;
        }

        @Override
        public void close()
        {
            backend.close();
            outlet.close();
        }
    }
}
