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
package io.millrace.checkpoint.backend;

import io.millrace.checkpoint.backend.StateModel.ModelKey;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.StateContext;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaReader;
import io.millrace.memory.table.KeyHash;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;

import static io.millrace.checkpoint.backend.StateModel.KEY_LENGTH;
import static io.millrace.checkpoint.backend.StateModel.VALUE_LENGTH;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * All backends hold what a map holds, in the same order and with the same hash, and what one has saved another one
 * restores, whatever happens while the snapshot is swept.
 */
@Tag("laboratory")
class BackendEquivalenceTest
{
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final int LIVES = 4;
    /** A million in all. */
    private static final int OPERATIONS_OF_A_LIFE = 250_000;
    /** Snapshots that are restored one after the other. */
    private static final int CHAIN = 50;
    private static final long[] MEMORY_OF_ROWS = {WriteBack.MIN_BYTES, 512 << 10, 8 << 20};
    private static final int KEYS = 800;
    private static final int SLICES = 12;
    private static final long SLICE_LENGTH = 1000;

    @TempDir
    private Path directory;

    private final MemoryAccount account = new MemoryAccount("test");
    private final Region scratch = Region.allocate(account, "keys", 4 * KEY_LENGTH);
    private final long key = scratch.address();
    private final long modelKey = key + KEY_LENGTH;

    private SplittableRandom random;
    private StateModel model;
    private TestState state;
    private int chained;
    private KeyedTable numbers;
    private WindowTables windows;

    @AfterEach
    void shouldFreeItsMemory()
    {
        scratch.close();
        assertEquals(0, account.allocatedBytes());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldHoldWhatAMapHoldsThroughSnapshotsAndRestores(final Kind kind)
    {
        final long seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.println("seed=" + seed + " kind=" + kind + ": run again with -Dmillrace.seed=" + seed);
        random = new SplittableRandom(seed);
        final List<byte[]> chain = new ArrayList<>();
        StateModel saved = new StateModel(modelKey);
        long savedHash = 0;
        for (int life = 0; life < LIVES; life++)
        {
            // Every other life is that of another backend: a snapshot knows none.
            final Kind now = life % 2 == 0 ? kind : KINDS.get((KINDS.indexOf(kind) + life) % KINDS.size());
            open(now, MEMORY_OF_ROWS[random.nextInt(MEMORY_OF_ROWS.length)]);
            model = saved.copy(modelKey);
            assertTrue(state.restore(chain));
            check();
            assertEquals(savedHash, life == 0 ? 0 : state.backend.hash(), "hash after a restore");
            for (int i = 0; i < OPERATIONS_OF_A_LIFE; i++)
            {
                change();
                state.backend.sweep(random.nextInt(4));
                if (random.nextInt(1000) == 0)
                {
                    state.backend.writeBack();
                }
                if (random.nextInt(6000) == 0 && state.backend.barrierReady())
                {
                    saved = model.copy(modelKey);
                    savedHash = state.backend.hash();
                    snapshot(chain);
                }
            }
            check();
            state.close();
        }
    }

    private void snapshot(final List<byte[]> chain)
    {
        final boolean full = chained == CHAIN;
        chained = full ? 1 : chained + 1;
        if (full)
        {
            chain.clear();
        }
        state.backend.barrier(full);
        assertFalse(state.backend.barrierReady());
        assertThrows(IllegalStateException.class, () -> state.backend.barrier(false), "the last one is not swept");
        final int step = 1 + random.nextInt(20);
        chain.addAll(state.sweepAll(step, () ->
        {
            for (int i = 0; i < step; i++)
            {
                change();
            }
        }));
        assertTrue(state.backend.barrierReady());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldSaveTheImageAtTheBarrierWhateverIsDoneAfterIt(final Kind kind)
    {
        random = new SplittableRandom(1);
        final List<byte[]> chain = new ArrayList<>();
        open(kind);
        model = new StateModel(modelKey);
        for (long number = 0; number < 100; number++)
        {
            put(numbers, model.numbers, new ModelKey(number, 0), number);
            put(windows.table(number % 5), model.slice(number % 5), new ModelKey(number, 0), number);
        }
        final long hash = state.backend.hash();
        state.backend.barrier(false);
        for (long number = 0; number < 100; number += 3)
        {
            put(numbers, model.numbers, new ModelKey(number, 0), -number);
            numbers.remove(new ModelKey(number + 1, 0).hash(key), key);
            windows.table(number % 5).remove(new ModelKey(number, 0).hash(key), key);
        }
        windows.table(1).clear();
        windows.drop(2);
        windows.table(2);
        put(windows.table(2), model.slice(2), new ModelKey(5, 5), 5);
        numbers.clear();
        chain.addAll(state.sweepAll(3, BackendEquivalenceTest::doNothing));
        state.close();

        open(kind);
        assertTrue(state.restore(chain));
        assertEquals(hash, state.backend.hash());
        state.close();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldSaveThatWhatWasRestoredIsGone(final Kind kind)
    {
        random = new SplittableRandom(1);
        model = new StateModel(modelKey);
        final List<byte[]> chain = new ArrayList<>();
        open(kind);
        for (long number = 0; number < 10; number++)
        {
            put(numbers, model.numbers, new ModelKey(number, 0), number);
            put(windows.table(number % 3), model.slice(number % 3), new ModelKey(number, 0), number);
        }
        state.backend.barrier(false);
        chain.addAll(state.sweepAll(3, BackendEquivalenceTest::doNothing));
        state.close();

        open(kind);
        assertTrue(state.restore(chain));
        numbers.clear();
        windows.drop(0);
        windows.table(1).clear();
        model.slice(1).clear();
        put(windows.table(1), model.slice(1), new ModelKey(1, 0), 7);
        windows.table(2).remove(new ModelKey(2, 0).hash(key), key);
        final long hash = state.backend.hash();
        state.backend.barrier(false);
        chain.addAll(state.sweepAll(3, BackendEquivalenceTest::doNothing));
        state.close();

        assertEquals(hash, hashOf(kind, chain));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldKeepASliceThatWasDroppedAndOpenedAgainThroughTwoRestores(final Kind kind)
    {
        random = new SplittableRandom(1);
        model = new StateModel(modelKey);
        final List<byte[]> chain = new ArrayList<>();
        open(kind);
        put(windows.table(5), model.slice(5), new ModelKey(1, 0), 1);
        state.backend.barrier(false);
        chain.addAll(state.sweepAll(3, BackendEquivalenceTest::doNothing));
        windows.drop(5);
        state.backend.barrier(false);
        chain.addAll(state.sweepAll(3, BackendEquivalenceTest::doNothing));
        put(windows.table(5), model.slice(5), new ModelKey(2, 0), 2);
        state.backend.barrier(false);
        chain.addAll(state.sweepAll(3, BackendEquivalenceTest::doNothing));
        final long hash = state.backend.hash();
        state.close();

        open(kind);
        assertTrue(state.restore(chain));
        assertEquals(hash, state.backend.hash());
        state.backend.barrier(false);
        chain.addAll(state.sweepAll(3, BackendEquivalenceTest::doNothing));
        state.close();

        assertEquals(hash, hashOf(kind, chain));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldSaveOnlyWhatHasChanged(final Kind kind)
    {
        random = new SplittableRandom(1);
        open(kind);
        model = new StateModel(modelKey);
        for (long number = 0; number < 1000; number++)
        {
            put(numbers, model.numbers, new ModelKey(number, 0), number);
        }
        state.backend.barrier(false);
        assertEquals(1000, entries(state.sweepAll(100, BackendEquivalenceTest::doNothing)));

        put(numbers, model.numbers, new ModelKey(7, 0), 8);
        remove(numbers, model.numbers, new ModelKey(8, 0));
        remove(numbers, model.numbers, new ModelKey(9, 0));
        put(numbers, model.numbers, new ModelKey(9, 0), 9);
        put(numbers, model.numbers, new ModelKey(2000, 0), 9);
        remove(numbers, model.numbers, new ModelKey(2000, 0));
        put(windows.table(5), model.slice(5), new ModelKey(7, 0), 8);
        windows.drop(5);
        state.backend.barrier(false);
        // Upserts of 7 and 9, tombstones of 8 and 9; nothing of what came and went.
        assertEquals(4, entries(state.sweepAll(100, BackendEquivalenceTest::doNothing)));

        state.backend.barrier(false);
        assertEquals(0, entries(state.sweepAll(100, BackendEquivalenceTest::doNothing)));
        state.backend.barrier(true);
        assertEquals(999, entries(state.sweepAll(100, BackendEquivalenceTest::doNothing)));
        state.close();
    }

    /** The negative control: a chain with a gap, or with one byte of one value changed, is noticed. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldNoticeAWrongSnapshot(final Kind kind)
    {
        random = new SplittableRandom(1);
        final List<byte[]> chain = new ArrayList<>();
        open(kind);
        model = new StateModel(modelKey);
        for (long number = 0; number < 10; number++)
        {
            put(numbers, model.numbers, new ModelKey(number, 0), number);
            state.backend.barrier(false);
            chain.addAll(state.sweepAll(3, BackendEquivalenceTest::doNothing));
        }
        final long hash = state.backend.hash();
        state.close();

        final List<byte[]> gap = new ArrayList<>(chain);
        gap.remove(4);
        assertNotEquals(hash, hashOf(kind, gap));
        final byte[] changed = chain.get(7).clone();
        changed[changed.length - 1] ^= 1;
        final List<byte[]> flipped = new ArrayList<>(chain);
        flipped.set(7, changed);
        assertNotEquals(hash, hashOf(kind, flipped));
        assertEquals(hash, hashOf(kind, chain));
    }

    @Test
    void shouldHaveKeysThatShareAHash()
    {
        assertEquals(new ModelKey(7, 0).hash(key), ModelKey.twin(7).hash(key));
        assertNotEquals(new ModelKey(7, 0), ModelKey.twin(7));
    }

    @Test
    void shouldNoticeAWrongEntryOrOrder()
    {
        random = new SplittableRandom(1);
        open(Kind.OFF_HEAP);
        model = new StateModel(modelKey);
        put(numbers, model.numbers, new ModelKey(1, 0), 1);
        put(numbers, model.numbers, new ModelKey(2, 0), 2);
        check();
        model.numbers.put(new ModelKey(2, 0), 3L);
        assertThrows(AssertionError.class, this::check);
        model.numbers.remove(new ModelKey(2, 0));
        assertThrows(AssertionError.class, this::check);
        state.close();
    }

    /** The negative control of the suite: a library that loses one row of 500 is found out, one that loses none is not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 500})
    void shouldNoticeALibraryThatLosesARow(final int lostOneOf)
    {
        random = new SplittableRandom(1);
        model = new StateModel(modelKey);
        open(new StateBackendFactory()
        {
            @Override
            public String name()
            {
                return "FORGETFUL";
            }

            @Override
            public StateBackend open(final StateContext context)
            {
                return StoredBackend.open(
                    context, directory, live -> new ForgetfulStore(lostOneOf), WriteBack.MIN_BYTES, false);
            }
        });
        final Executable changes = () ->
        {
            for (int i = 0; i < 20_000; i++)
            {
                change();
            }
            check();
        };
        if (lostOneOf == 0)
        {
            assertDoesNotThrow(changes);
        }
        else
        {
            assertThrows(Throwable.class, changes);
        }
        state.close();
    }

    private long hashOf(final Kind kind, final List<byte[]> chain)
    {
        open(kind);
        state.restore(chain);
        final long hash = state.backend.hash();
        state.close();
        return hash;
    }

    private void open(final Kind kind)
    {
        open(kind, WriteBack.MIN_BYTES);
    }

    private void open(final Kind kind, final long memoryOfRows)
    {
        open(kind.in(directory, memoryOfRows));
    }

    private void open(final StateBackendFactory factory)
    {
        state = new TestState(factory, "operator", account);
        numbers = state.backend.keyedTable("numbers", KEY_LENGTH, VALUE_LENGTH);
        windows = state.backend.windowTables("windows", KEY_LENGTH, VALUE_LENGTH);
    }

    private void change()
    {
        if (random.nextBoolean())
        {
            change(numbers, model.numbers);
            if (random.nextInt(2000) == 0)
            {
                numbers.clear();
                model.numbers.clear();
            }
            return;
        }
        final long slice = (random.nextInt(SLICES) - SLICES / 2) * SLICE_LENGTH;
        switch (random.nextInt(2000))
        {
            case 0 ->
            {
                windows.drop(slice);
                model.slices.remove(slice);
            }
            case 1 ->
            {
                windows.table(slice).clear();
                model.slice(slice).clear();
            }
            case 2 -> check(windows.table(slice), model.slice(slice));
            case 3 -> checkWhileAnotherChanges(windows.table(slice), model.slice(slice));
            default -> change(windows.table(slice), model.slice(slice));
        }
    }

    private void change(final KeyedTable table, final NavigableMap<ModelKey, Long> entries)
    {
        final long number = random.nextInt(KEYS);
        final ModelKey chosen = random.nextBoolean() ? new ModelKey(number, 0) : ModelKey.twin(number);
        switch (random.nextInt(8))
        {
            case 0 -> remove(table, entries, chosen);
            case 1 -> find(table, entries, chosen);
            case 2 -> find(table, entries, new ModelKey(KEYS + 1, 0));
            default -> put(table, entries, chosen, random.nextLong());
        }
        assertEquals(entries.size(), table.size());
    }

    private void put(
        final KeyedTable table, final NavigableMap<ModelKey, Long> entries, final ModelKey chosen, final long number)
    {
        final long hash = chosen.hash(key);
        final long[] values = new long[1];
        final int news = random.nextBoolean() ? table.upsertAll(key, 1, values, new int[1]) : KeyedTable.ONE_AT_A_TIME;
        final long value = news == KeyedTable.ONE_AT_A_TIME ? table.upsert(hash, key) : values[0];
        final Long before = entries.put(chosen, number);
        assertEquals(before == null, news == KeyedTable.ONE_AT_A_TIME ? table.created() : news == 1);
        checkValue(before == null ? 0 : before, before == null ? 0 : ~before, value);
        Memory.putLong(value, number);
        if (random.nextInt(10) == 0)
        {
            // Another look in the middle of a change does no harm.
            assertNotEquals(0, table.find(hash, key));
        }
        Memory.putLong(value + VALUE_LENGTH - 8, ~number);
        table.written();
        checkValue(number, ~number, value);
    }

    private void remove(final KeyedTable table, final NavigableMap<ModelKey, Long> entries, final ModelKey chosen)
    {
        assertEquals(entries.remove(chosen) != null, table.remove(chosen.hash(key), key));
    }

    private void find(final KeyedTable table, final NavigableMap<ModelKey, Long> entries, final ModelKey chosen)
    {
        final long value = table.find(chosen.hash(key), key);
        final Long expected = entries.get(chosen);
        assertEquals(expected == null, value == 0);
        if (expected != null)
        {
            checkValue(expected, ~expected, value);
        }
    }

    private static void checkValue(final long first, final long last, final long value)
    {
        assertEquals(first, Memory.getLong(value));
        assertEquals(0, Memory.getLong(value + 8));
        assertEquals(last, Memory.getLong(value + VALUE_LENGTH - 8));
    }

    private void check()
    {
        check(numbers, model.numbers);
        checkFrom(numbers, model.numbers, random.nextLong());
        checkFrom(numbers, model.numbers, model.numbers.isEmpty() ? 0 :
            numbers.place(model.numbers.lastKey().hash(key)));
        long slice = windows.firstSlice(Long.MIN_VALUE);
        for (final Map.Entry<Long, NavigableMap<ModelKey, Long>> entry : model.slices.entrySet())
        {
            // A slice without entries may be gone after a restore.
            while (slice < entry.getKey())
            {
                assertEquals(0, windows.find(slice).size());
                slice = windows.firstSlice(slice + 1);
            }
            if (slice == entry.getKey())
            {
                check(windows.find(slice), entry.getValue());
                slice = windows.firstSlice(slice + 1);
            }
            else
            {
                assertEquals(Map.of(), entry.getValue());
            }
        }
    }

    /** A walk may begin anywhere in the order. */
    private void checkFrom(final KeyedTable table, final NavigableMap<ModelKey, Long> entries, final long place)
    {
        final long expected = entries.keySet().stream()
            .filter(entry -> Long.compareUnsigned(table.place(entry.hash(key)), place) >= 0).count();
        long found = 0;
        long last = place;
        final KeyedCursor cursor = table.cursor(place);
        while (cursor.next())
        {
            final long next = table.place(KeyHash.hash(cursor.key(), KEY_LENGTH));
            assertTrue(Long.compareUnsigned(last, next) <= 0);
            last = next;
            found++;
        }
        assertEquals(expected, found);
    }

    private static void check(final KeyedTable table, final NavigableMap<ModelKey, Long> entries)
    {
        assertEquals(entries.size(), table.size());
        final KeyedCursor cursor = table.cursor();
        for (final Map.Entry<ModelKey, Long> entry : entries.entrySet())
        {
            assertTrue(cursor.next());
            assertEquals(entry.getKey(), new ModelKey(Memory.getLong(cursor.key()), Memory.getLong(cursor.key() + 8)));
            checkValue(entry.getValue(), ~entry.getValue(), cursor.value());
        }
        assertFalse(cursor.next());
        assertFalse(cursor.next());
    }

    /** A walk goes on, whatever happens to other tables, and to its own between two looks. */
    private void checkWhileAnotherChanges(final KeyedTable table, final NavigableMap<ModelKey, Long> entries)
    {
        final KeyedCursor cursor = table.cursor();
        for (final Map.Entry<ModelKey, Long> entry : entries.entrySet())
        {
            assertTrue(cursor.next());
            assertEquals(entry.getKey(), new ModelKey(Memory.getLong(cursor.key()), Memory.getLong(cursor.key() + 8)));
            checkValue(entry.getValue(), ~entry.getValue(), cursor.value());
            if (random.nextInt(3) == 0)
            {
                change(numbers, model.numbers);
                find(table, entries, entry.getKey());
                state.backend.sweep(random.nextInt(200));
            }
        }
        assertFalse(cursor.next());
    }

    private static int entries(final List<byte[]> chunks)
    {
        int entries = 0;
        final DeltaReader reader = new DeltaReader();
        final MemoryAccount own = new MemoryAccount("entries");
        for (final byte[] bytes : chunks)
        {
            try (Region region = Region.allocate(own, "chunk", Math.max(1, bytes.length)))
            {
                Memory.copyIn(bytes, 0, region.address(), bytes.length);
                reader.wrap(region.address(), bytes.length);
                while (reader.nextRun())
                {
                    entries += Math.max(1, reader.count());
                }
            }
        }
        return entries;
    }

    private static void doNothing()
    {
    }
}
