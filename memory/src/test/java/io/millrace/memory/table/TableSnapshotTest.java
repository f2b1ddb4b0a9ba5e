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

import com.sun.management.ThreadMXBean;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TableSnapshotTest
{
    private final MemoryAccount account = new MemoryAccount("test");
    private final SegmentPool pool = new SegmentPool(account, "pool");
    private final DeltaChunks chunks = new DeltaChunks(account, "chunks", 1 << 16, 64);
    private final TableStore store = new TableStore(pool, chunks);
    private final long batch = pool.take(SegmentPool.SEGMENT_CLASS);
    private final long[] values = new long[8];
    private final int[] created = new int[8];
    private final DeltaReader reader = new DeltaReader();
    private final SegmentedTable table = store.createTable(1, 8, 8).open(0);

    @AfterEach
    void shouldFreeEverything()
    {
        store.close();
        chunks.close();
        pool.close();
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldHoldWhatWasThereAtTheBarrier()
    {
        write(1, 10);
        write(2, 20);
        store.barrier();
        write(1, 11);
        write(3, 30);
        assertEquals(List.of("UPSERT 1=10", "UPSERT 2=20"), delta(1));
        store.barrier();
        assertEquals(List.of("UPSERT 1=11", "UPSERT 3=30"), delta(2));
        store.barrier();
        assertEquals(List.of(), delta(3));
    }

    @Test
    void shouldNotBeTouchedByReading()
    {
        write(1, 10);
        store.barrier();
        delta(1);
        table.findLong(KeyHash.hash(1), 1);
        final TableCursor cursor = new TableCursor().wrap(table);
        assertTrue(cursor.next());
        assertEquals(10, Memory.getLong(cursor.valueAddress()));
        store.barrier();
        assertEquals(List.of(), delta(2));
        Memory.putLong(new TableCursor().wrap(table).next() ? next().valueForUpdate() : 0, 12);
        store.barrier();
        assertEquals(List.of("UPSERT 1=12"), delta(3));
    }

    @Test
    void shouldTellTheDeltaOfWhatABatchChanges()
    {
        write(1, 10);
        write(2, 20);
        write(5, 50);
        store.barrier();
        delta(1);
        final long[] values = upsert(2, 3, 2, 1);
        Memory.putLong(values[0], 21);
        Memory.putLong(values[1], 31);
        assertEquals(21, Memory.getLong(values[2]));
        assertEquals(10, Memory.getLong(values[3]));
        Memory.putLong(upsert(2)[0], 22);
        store.barrier();
        assertEquals(List.of("UPSERT 1=10", "UPSERT 2=22", "UPSERT 3=31"), delta(2));
        Memory.putLong(upsert(3)[0], 32);
        store.barrier();
        assertEquals(List.of("UPSERT 3=32"), delta(3));
        store.barrier();
        assertEquals(List.of(), delta(4));
    }

    @Test
    void shouldSaveTheImageAtTheBarrierBeforeABatchChangesIt()
    {
        write(1, 10);
        write(2, 20);
        store.barrier();
        final long[] values = upsert(1, 2, 3);
        Memory.putLong(values[0], 11);
        Memory.putLong(values[2], 31);
        assertEquals(List.of("UPSERT 1=10", "UPSERT 2=20"), delta(1));
        store.barrier();
        assertEquals(List.of("UPSERT 1=11", "UPSERT 2=20", "UPSERT 3=31"), delta(2));
    }

    private long[] upsert(final long... keys)
    {
        for (int i = 0; i < keys.length; i++)
        {
            Memory.putLong(batch + i * 8L, keys[i]);
        }
        table.upsertAllLong(batch, keys.length, values, created);
        return Arrays.copyOf(values, keys.length);
    }

    @Test
    void shouldSaveTheOldImageOfARemovedEntryAndLogItsTombstoneForTheNextDelta()
    {
        write(1, 10);
        store.barrier();
        remove(1);
        write(2, 20);
        remove(2);
        assertEquals(List.of("UPSERT 1=10"), delta(1));
        store.barrier();
        assertEquals(List.of("TOMBSTONE 1"), delta(2));
    }

    @Test
    void shouldPutTombstonesBeforeUpserts()
    {
        write(1, 10);
        store.barrier();
        delta(1);
        remove(1);
        write(1, 11);
        remove(1);
        write(1, 12);
        store.barrier();
        assertEquals(List.of("TOMBSTONE 1", "UPSERT 1=12"), delta(2));
    }

    @Test
    void shouldSaveWhatWasClearedAfterTheBarrier()
    {
        write(1, 10);
        write(2, 20);
        store.barrier();
        write(1, 11);
        table.clear();
        write(3, 30);
        assertFalse(store.barrierReady());
        assertEquals(List.of("UPSERT 1=10", "UPSERT 2=20"), delta(1));
        store.barrier();
        assertEquals(List.of("CLEAR 0", "UPSERT 3=30"), delta(2));
        table.drop();
        store.barrier();
        assertEquals(List.of("DROP 0"), delta(3));
    }

    @Test
    void shouldSayNothingOfASliceThatLivedWithinAnEpoch()
    {
        final SegmentedTable slice = store.createTable(2, 8, 8);
        slice.open(100);
        slice.upsertLong(KeyHash.hash(1), 1);
        slice.clear();
        slice.upsertLong(KeyHash.hash(2), 2);
        slice.drop();
        store.barrier();
        assertEquals(List.of(), delta(1));
    }

    @Test
    void shouldHoldEveryEntryInAFullDelta()
    {
        for (int key = 0; key < 5000; key++)
        {
            write(key, key);
        }
        store.barrier();
        delta(1);
        store.barrier(true);
        for (int key = 0; key < 5000; key += 3)
        {
            write(key, -1);
            store.sweep(1);
        }
        for (int key = 5000; key < 9000; key++)
        {
            write(key, -1);
        }
        assertEquals(5000, delta(2).size());
        store.barrier();
        assertEquals(5667, delta(3).size());
    }

    @Test
    void shouldRefuseABarrierBeforeTheLastDeltaIsComplete()
    {
        write(1, 10);
        assertTrue(store.barrierReady());
        store.barrier();
        assertFalse(store.barrierReady());
        assertThrows(IllegalStateException.class, store::barrier);
        assertEquals(0, store.sweep(100));
        assertTrue(store.barrierReady());
        assertEquals(2, store.epoch());
        delta(1);
    }

    @Test
    void shouldSayHowMuchIsLeft()
    {
        for (int key = 0; key < 1000; key++)
        {
            write(key, key);
        }
        store.barrier();
        assertEquals(900, store.sweep(100));
        write(0, 1);
        int left = 900;
        while (left > 0)
        {
            final int before = left;
            left = store.sweep(10);
            assertTrue(left < before);
        }
        assertEquals(1000, delta(1).size());
    }

    @Test
    void shouldTakeBlobsBeforeTheFirstSweep()
    {
        assertThrows(IllegalStateException.class, () -> store.blob(9, 0, 0, 0));
        write(1, 10);
        store.barrier();
        store.blob(9, 7, new TableCursor().wrap(table).next() ? next().keyAddress() : 0, 8);
        assertEquals(List.of("BLOB 7", "UPSERT 1=10"), delta(1));
        assertThrows(IllegalStateException.class, () -> store.blob(9, 0, 0, 0));
    }

    @Test
    void shouldRestoreWithoutTouching()
    {
        store.close();
        final TableStore restored = new TableStore(pool, chunks);
        restored.startAt(8);
        final SegmentedTable target = restored.createTable(1, 8, 8).open(0);
        final long key = pool.take(0);
        for (int i = 0; i < 10_000; i++)
        {
            Memory.putLong(key, i);
            Memory.putLong(new TableRestore(target).upsert(KeyHash.hash(i), key), i);
        }
        for (int i = 0; i < 10_000; i += 2)
        {
            Memory.putLong(key, i);
            assertTrue(new TableRestore(target).remove(KeyHash.hash(i), key));
        }
        assertEquals(5000, target.size());
        restored.barrier();
        assertThrows(IllegalStateException.class, () -> new TableRestore(target).upsert(KeyHash.hash(1), key));
        restored.sweep(1);
        final DeltaChunk chunk = chunks.poll();
        assertEquals(8, chunk.epoch());
        assertEquals(0, chunk.length());
        chunks.recycle(chunk);
        Memory.putLong(key, 1);
        assertTrue(target.remove(KeyHash.hash(1), key));
        restored.barrier();
        restored.sweep(1);
        final DeltaChunk next = chunks.poll();
        assertTrue(next.length() > 0, "what was restored needs a tombstone");
        chunks.recycle(next);
        restored.close();
    }

    @Test
    void shouldRefuseToRestoreAnotherLayout()
    {
        write(1, 10);
        store.barrier();
        store.sweep(10);
        final DeltaChunk chunk = chunks.poll();
        reader.wrap(chunk.address(), chunk.length());
        assertTrue(reader.nextRun());
        final SegmentedTable other = store.createTable(1, 8, 16).open(0);
        assertThrows(CorruptDeltaException.class, () -> new TableRestore(other).apply(reader));
        final SegmentedTable otherState = store.createTable(2, 8, 8).open(0);
        assertThrows(CorruptDeltaException.class, () -> new TableRestore(otherState).apply(reader));
        chunks.recycle(chunk);
    }

    @Test
    void shouldKeepTheCursorsPlaceAndRefuseToGoOnAfterAChange()
    {
        for (int key = 0; key < 100; key++)
        {
            write(key, key);
        }
        final TableCursor cursor = new TableCursor().wrap(table);
        for (int i = 0; i < 50; i++)
        {
            assertTrue(cursor.next());
            write(cursor.key(), 5);
        }
        final long hash = cursor.hash();
        write(1000, 0);
        assertThrows(IllegalStateException.class, cursor::next);
        cursor.wrap(table, hash);
        int seen = 0;
        while (cursor.next())
        {
            assertTrue(Long.compareUnsigned(cursor.hash(), hash) >= 0);
            seen++;
        }
        assertTrue(seen == 51 || seen == 52, "the rest, and perhaps the new one");
    }

    @Test
    void shouldAllocateNothingOnTheHeap()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final SegmentedTable slice = store.createTable(2, 8, 32);
        final TableCursor cursor = new TableCursor();
        long sink = 0;
        for (int round = 0; round < 10; round++)
        {
            sink += work(slice, cursor);
        }
        final long before = threads.getCurrentThreadAllocatedBytes();
        final long nothing = threads.getCurrentThreadAllocatedBytes() - before;
        final long start = threads.getCurrentThreadAllocatedBytes();
        sink += work(slice, cursor);
        assertEquals(nothing, threads.getCurrentThreadAllocatedBytes() - start);
        assertTrue(sink > 0);
    }

    private long work(final SegmentedTable slice, final TableCursor cursor)
    {
        long sum = 0;
        for (int window = 0; window < 50; window++)
        {
            slice.open(window);
            for (int key = 0; key < 2000; key++)
            {
                Memory.putLong(slice.upsertLong(KeyHash.hash(key), key), key);
                write(key * 7 + window, key);
                Memory.putLong(batch, key);
                table.upsertAllLong(batch, 1, values, created);
                sum += Memory.getLong(values[0]) & 1;
                if (key % 3 == 0)
                {
                    remove(key);
                }
            }
            cursor.wrap(slice);
            while (cursor.next())
            {
                sum += cursor.key();
            }
            if (store.barrierReady())
            {
                store.barrier(window % 4 == 0);
            }
            store.sweep(500);
            slice.drop();
            store.sweep(500);
            DeltaChunk chunk = chunks.poll();
            while (chunk != null)
            {
                reader.wrap(chunk.address(), chunk.length());
                while (reader.nextRun())
                {
                    sum += reader.count();
                }
                chunks.recycle(chunk);
                chunk = chunks.poll();
            }
        }
        table.clear();
        return sum;
    }

    private TableCursor next()
    {
        final TableCursor cursor = new TableCursor().wrap(table);
        assertTrue(cursor.next());
        return cursor;
    }

    private void write(final long key, final long value)
    {
        Memory.putLong(table.upsertLong(KeyHash.hash(key), key), value);
    }

    private void remove(final long key)
    {
        table.removeLong(KeyHash.hash(key), key);
    }

    /** Sweeps, and reads the delta of an epoch: each entry, those of one run sorted. */
    private List<String> delta(final long epoch)
    {
        while (store.sweep(100) > 0)
        {
            continue;
        }
        final List<String> all = new ArrayList<>();
        boolean last = false;
        while (!last)
        {
            final DeltaChunk chunk = chunks.poll();
            assertEquals(epoch, chunk.epoch());
            last = chunk.isLast();
            reader.wrap(chunk.address(), chunk.length());
            while (reader.nextRun())
            {
                all.addAll(run());
            }
            chunks.recycle(chunk);
        }
        return all;
    }

    private List<String> run()
    {
        final String kind = DeltaDescriptor.kindName(reader.kind());
        final List<String> entries = new ArrayList<>();
        while (reader.nextEntry())
        {
            final long key = Memory.getLong(reader.entryAddress());
            entries.add(switch (reader.kind())
            {
                case DeltaDescriptor.UPSERT -> kind + " " + key + "=" + Memory.getLong(reader.entryAddress() + 8);
                case DeltaDescriptor.TOMBSTONE -> kind + " " + key;
                default -> kind + " " + reader.namespace();
            });
        }
        if (reader.count() == 0)
        {
            entries.add(kind + " " + reader.namespace());
        }
        entries.sort(null);
        return entries;
    }
}
