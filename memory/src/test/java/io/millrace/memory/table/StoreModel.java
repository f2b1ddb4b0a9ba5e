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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Drives a store with random operations, beside an oracle of plain maps, and compares after every barrier what a
 * restore of the whole chain of deltas gives with what the maps held at the barrier. Throws {@link AssertionError} on
 * the first difference.
 */
final class StoreModel implements AutoCloseable
{
    /** What a table is: a name of one row in the oracle. */
    record Shape(int stateId, int keyLength, int valueLength)
    {
    }

    private static final int CHUNK_LENGTH = DeltaChunks.MIN_CHUNK_LENGTH;
    private static final int BATCH = 32;
    /**
     * What the tables may hold when all is saved. They keep the segments of the most entries that they had since they were
     * cleared, as segments do not merge: 20,000 of 48 bytes in segments half full are 2 MiB a table.
     */
    private static final long MOST_BYTES = 12 << 20;

    private final MemoryAccount account = new MemoryAccount("test");
    private final Random random;
    private final SegmentPool pool;
    private final DeltaChunks chunks;
    private final TableStore store;
    private final SnapshotLedger ledger;
    private final List<SegmentedTable> tables = new ArrayList<>();
    private final List<TreeMap<Key, Long>> live = new ArrayList<>();
    private final TreeMap<Long, List<byte[]>> deltas = new TreeMap<>();
    private final Map<Long, Map<String, TreeMap<Key, Long>>> expected = new HashMap<>();
    private final Map<Long, Set<String>> changed = new HashMap<>();
    private final List<Integer> keySpaces = new ArrayList<>();
    private final long keyAddress;
    private final long batchAddress;
    private final long[] values = new long[BATCH];
    private final int[] created = new int[BATCH];
    private boolean batches;
    private final DeltaReader reader = new DeltaReader();
    private long complete;
    private long lastFull;
    private long nextNamespace = 1;
    private long nextValue = 1;

    /** Bytes of a key, in canonical order. */
    record Key(long hash, byte[] bytes) implements Comparable<Key>
    {
        @Override
        public int compareTo(final Key other)
        {
            final int order = Long.compareUnsigned(hash, other.hash);
            return order == 0 ? Arrays.compareUnsigned(bytes, other.bytes) : order;
        }

        @Override
        public boolean equals(final Object other)
        {
            return other instanceof Key && compareTo((Key)other) == 0;
        }

        @Override
        public int hashCode()
        {
            return Long.hashCode(hash);
        }

        @Override
        public String toString()
        {
            return Long.toHexString(hash) + Arrays.toString(bytes);
        }
    }

    /** Makes the parts that a broken rule may replace. */
    static class Parts
    {
        SegmentPool pool(final MemoryAccount account)
        {
            return new SegmentPool(account, "pool");
        }

        SnapshotLedger ledger(final SegmentPool pool, final DeltaOutlet outlet)
        {
            return new SnapshotLedger(pool, outlet);
        }

        SegmentEditor editor(final SnapshotLedger ledger, final long firstHash, final long stretch)
        {
            return new SegmentEditor(ledger, firstHash, stretch);
        }
    }

    StoreModel(final long seed, final Parts parts, final Shape... shapes)
    {
        random = new Random(seed);
        pool = parts.pool(account);
        chunks = new DeltaChunks(account, "chunks", CHUNK_LENGTH, 4);
        ledger = parts.ledger(pool, chunks);
        final int groups = KeyGroups.DEFAULT_MAX_PARALLELISM;
        store = new TableStore(pool, ledger, parts::editor, 0, groups, groups);
        keyAddress = pool.take(0);
        batchAddress = pool.take(SegmentPool.SEGMENT_CLASS);
        for (final Shape shape : shapes)
        {
            tables.add(store.createTable(shape.stateId(), shape.keyLength(), shape.valueLength()).open(-tables.size()));
            live.add(new TreeMap<>());
            keySpaces.add(1 << 3 + random.nextInt(12));
        }
    }

    /** Runs operations, with barriers, sweeps and comparisons in between. */
    void run(final int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            final int dice = random.nextInt(1000);
            final int index = random.nextInt(tables.size());
            if (dice < 600)
            {
                upsert(index);
            }
            else if (dice < 850)
            {
                remove(index);
            }
            else if (dice < 900)
            {
                read(index);
            }
            else if (dice < 940)
            {
                store.sweep(1 + random.nextInt(20));
            }
            else if (dice < 943)
            {
                barrier();
            }
            else if (dice < 945)
            {
                clear(index);
            }
            else if (dice < 947)
            {
                reopen(index);
            }
            else if (dice < 948)
            {
                keySpaces.set(index, 1 << 3 + random.nextInt(12));
            }
            poll();
        }
        compareLive();
        settle();
    }

    /** Inserts many keys at once, so that segments split. */
    void fill(final int index, final int keys)
    {
        keySpaces.set(index, 1 << 30);
        for (int i = 0; i < keys; i++)
        {
            upsert(index);
        }
        keySpaces.set(index, 1 << 12);
    }

    void barrier()
    {
        if (!store.barrierReady())
        {
            return;
        }
        poll();
        final long epoch = store.epoch();
        final boolean full = random.nextInt(5) == 0;
        final Map<String, TreeMap<Key, Long>> copy = new HashMap<>();
        for (int i = 0; i < tables.size(); i++)
        {
            if (!live.get(i).isEmpty())
            {
                copy.put(name(tables.get(i)), new TreeMap<>(live.get(i)));
            }
        }
        expected.put(epoch, copy);
        changed.computeIfAbsent(epoch, unused -> new HashSet<>());
        if (full)
        {
            lastFull = epoch;
        }
        store.barrier(full);
    }

    /** Sweeps and barriers until all is saved, and compares. */
    void settle()
    {
        for (int i = 0; i < 2; i++)
        {
            int sweeps = 0;
            while (store.sweep(64) > 0)
            {
                check(++sweeps < 1_000_000, "sweep does not end");
            }
            poll();
            barrier();
        }
        while (store.sweep(64) > 0)
        {
            continue;
        }
        poll();
        check(complete > 0, "no checkpoint was completed");
        compareLive();
        check(pool.usedBytes() < MOST_BYTES, "segments are not given back: usedBytes=" + pool.usedBytes());
    }

    MemoryAccount account()
    {
        return account;
    }

    @Override
    public void close()
    {
        while (chunks.poll() != null)
        {
            check(false, "chunks are left");
        }
        store.close();
        chunks.close();
        pool.close();
        check(account.allocatedBytes() == 0, "off-heap bytes are left: " + account);
    }

    /** Upserts in batches, too. Not with broken rules, where each look at an entry more may be one at no memory. */
    StoreModel withBatches()
    {
        batches = true;
        return this;
    }

    /** Frees the memory after a failure, whatever state all this is in. */
    void discard()
    {
        store.close();
        chunks.close();
        pool.close();
    }

    /** Upserts the key, and others that are there or come twice, in one batch; the others keep what they are. */
    private long upsertAtOnce(final int index, final Key key)
    {
        final SegmentedTable table = tables.get(index);
        final int length = table.keyLength();
        final List<Key> batch = new ArrayList<>();
        batch.add(key);
        final int count = 1 + random.nextInt(BATCH);
        while (batch.size() < count)
        {
            final Key other = key(index);
            batch.add(live.get(index).containsKey(other) ? other : key);
        }
        Collections.shuffle(batch, random);
        for (int i = 0; i < count; i++)
        {
            put(batch.get(i), batchAddress + (long)i * length);
        }
        final boolean isNew = !live.get(index).containsKey(key);
        final int news = length == 8 ? table.upsertAllLong(batchAddress, count, values, created) :
            table.upsertAll(batchAddress, count, values, created);
        check(news == (isNew ? 1 : 0) && (!isNew || created[0] == batch.indexOf(key)), "created in a batch");
        for (int i = 0; i < count; i++)
        {
            final Key other = batch.get(i);
            put(other, keyAddress);
            check(values[i] == table.find(other.hash(), keyAddress), "address in a batch");
            if (!other.equals(key) && table.valueLength() > 0)
            {
                check(Memory.getLong(values[i]) == live.get(index).get(other), "value in a batch");
            }
        }
        batch.forEach(other -> changed(table, other));
        put(key, keyAddress);
        return values[batch.indexOf(key)];
    }

    private static void put(final Key key, final long address)
    {
        Memory.copyIn(key.bytes(), 0, address, key.bytes().length);
    }

    private void upsert(final int index)
    {
        final SegmentedTable table = tables.get(index);
        final Key key = key(index);
        final boolean isNew = !live.get(index).containsKey(key);
        final int style = random.nextInt(batches ? 4 : 3);
        final long value;
        if (style == 3)
        {
            value = upsertAtOnce(index, key);
        }
        else if (style == 0 && !isNew)
        {
            value = table.keyLength() == 8 ? table.findLongForUpdate(key.hash(), Memory.getLong(keyAddress)) :
                table.findForUpdate(key.hash(), keyAddress);
        }
        else
        {
            value = table.keyLength() == 8 ? table.upsertLong(key.hash(), Memory.getLong(keyAddress)) :
                table.upsert(key.hash(), keyAddress);
            check(table.created() == isNew, "created");
        }
        check(value != 0, "lost " + key);
        if (isNew && table.valueLength() > 0)
        {
            check(Memory.getLong(value) == 0 && Memory.getLong(value + table.valueLength() - 8) == 0, "not zeroed");
        }
        final long written = table.valueLength() > 0 ? nextValue++ : 0;
        if (table.valueLength() > 0)
        {
            Memory.putLong(value, written);
            Memory.putLong(value + table.valueLength() - 8, written);
        }
        live.get(index).put(key, written);
        changed(table, key);
    }

    private void remove(final int index)
    {
        final SegmentedTable table = tables.get(index);
        final Key key = key(index);
        final boolean removed = table.keyLength() == 8 ? table.removeLong(key.hash(), Memory.getLong(keyAddress)) :
            table.remove(key.hash(), keyAddress);
        check(removed == (live.get(index).remove(key) != null), "remove of " + key);
        changed(table, key);
    }

    private void read(final int index)
    {
        final SegmentedTable table = tables.get(index);
        final Key key = key(index);
        final long value = table.keyLength() == 8 ? table.findLong(key.hash(), Memory.getLong(keyAddress)) :
            table.find(key.hash(), keyAddress);
        final Long wanted = live.get(index).get(key);
        check(value != 0 == (wanted != null), "find of " + key);
        check(wanted == null || table.valueLength() == 0 || Memory.getLong(value) == wanted, "value of " + key);
    }

    private void clear(final int index)
    {
        tables.get(index).clear();
        live.get(index).clear();
    }

    private void reopen(final int index)
    {
        final SegmentedTable table = tables.get(index);
        table.drop();
        check(table.findLong(1, 1) == 0, "a closed table is empty");
        table.open(random.nextBoolean() ? 0 : nextNamespace++);
        for (int i = 0; i < tables.size(); i++)
        {
            if (i != index && name(tables.get(i)).equals(name(table)))
            {
                table.drop();
                table.open(nextNamespace++);
            }
        }
        live.get(index).clear();
    }

    private Key key(final int index)
    {
        final int length = tables.get(index).keyLength();
        final byte[] bytes = new byte[length];
        final int number = random.nextInt(keySpaces.get(index));
        for (int offset = 0; offset < length; offset += 8)
        {
            final long word = number % 7 == 0 && offset == 0 ? number / 7 % 3 : (long)number * (offset + 1);
            Memory.putLong(keyAddress + offset, offset == 0 && length == 8 ? number : word);
        }
        Memory.copyOut(keyAddress, bytes, 0, length);
        return new Key(KeyHash.hash(keyAddress, length), bytes);
    }

    private void changed(final SegmentedTable table, final Key key)
    {
        changed.computeIfAbsent(store.epoch(), unused -> new HashSet<>()).add(name(table) + key);
    }

    private void compareLive()
    {
        for (int i = 0; i < tables.size(); i++)
        {
            compare(tables.get(i), live.get(i), "live");
        }
    }

    /** Compares contents and order. */
    private static void compare(final SegmentedTable table, final TreeMap<Key, Long> wanted, final String where)
    {
        check(table.size() == wanted.size(), where + ": size=" + table.size() + " wanted=" + wanted.size());
        final TableCursor cursor = new TableCursor().wrap(table);
        for (final Map.Entry<Key, Long> entry : wanted.entrySet())
        {
            check(cursor.next(), where + ": cursor ends early");
            final byte[] bytes = new byte[table.keyLength()];
            Memory.copyOut(cursor.keyAddress(), bytes, 0, bytes.length);
            check(cursor.hash() == entry.getKey().hash(), where + ": order or hash");
            check(Arrays.equals(bytes, entry.getKey().bytes()), where + ": order or key");
            check(table.valueLength() == 0 || Memory.getLong(cursor.valueAddress()) == entry.getValue(),
                where + ": value of " + entry.getKey());
        }
        check(!cursor.next(), where + ": cursor ends late");
    }

    private void poll()
    {
        DeltaChunk chunk = chunks.poll();
        while (chunk != null)
        {
            final byte[] bytes = new byte[chunk.length()];
            Memory.copyOut(chunk.address(), bytes, 0, bytes.length);
            final long epoch = chunk.epoch();
            final int sequence = chunk.sequence();
            final boolean isLast = chunk.isLast();
            chunks.recycle(chunk);
            final List<byte[]> parts = deltas.computeIfAbsent(epoch, unused -> new ArrayList<>());
            check(sequence == parts.size(), "sequence");
            parts.add(bytes);
            if (isLast)
            {
                check(complete < epoch, "two last chunks");
                complete = epoch;
                verify(complete);
            }
            chunk = chunks.poll();
        }
    }

    /** Restores the chain from its base, and compares; then checks that each record is there once, and only if it changed. */
    private void verify(final long epoch)
    {
        final boolean isBase = lastFull == epoch;
        // A pool of its own: a store that is closed leaves its segments to the pool's end.
        try (SegmentPool restoredPool = new SegmentPool(account, "restored"))
        {
            verify(epoch, isBase, new TableStore(restoredPool, null));
        }
        verifyMinimal(epoch, isBase);
        if (isBase)
        {
            deltas.headMap(epoch).clear();
        }
    }

    private void verify(final long epoch, final boolean isBase, final TableStore target)
    {
        final Map<String, SegmentedTable> restored = new TreeMap<>();
        final long first = isBase ? epoch : deltas.firstKey();
        for (final long each : deltas.tailMap(first).headMap(epoch + 1).keySet())
        {
            for (final byte[] bytes : deltas.get(each))
            {
                apply(bytes, target, restored);
            }
        }
        final Map<String, TreeMap<Key, Long>> wanted = expected.get(epoch);
        restored.forEach((name, table) ->
            compare(table, wanted.getOrDefault(name, new TreeMap<>()), "restored epoch=" + epoch + " " + name));
        for (final String name : wanted.keySet())
        {
            check(restored.containsKey(name), "restored epoch=" + epoch + " lacks " + name);
        }
        target.close();
    }

    private void apply(final byte[] bytes, final TableStore target, final Map<String, SegmentedTable> restored)
    {
        final long address = pool.take(SegmentPool.SEGMENT_CLASS);
        Memory.copyIn(bytes, 0, address, bytes.length);
        reader.wrap(address, bytes.length);
        while (reader.nextRun())
        {
            final SegmentedTable like = like(reader.stateId());
            new TableRestore(restored.computeIfAbsent(reader.stateId() + "/" + reader.namespace(), unused ->
                target.createTable(like.stateId(), like.keyLength(), like.valueLength()).open(0))).apply(reader);
        }
        pool.give(address, SegmentPool.SEGMENT_CLASS);
    }

    private void verifyMinimal(final long epoch, final boolean isBase)
    {
        final Set<String> upserts = new HashSet<>();
        final Set<String> tombstones = new HashSet<>();
        final Set<String> touched = changed.remove(epoch);
        final long address = pool.take(SegmentPool.SEGMENT_CLASS);
        for (final byte[] bytes : deltas.get(epoch))
        {
            Memory.copyIn(bytes, 0, address, bytes.length);
            reader.wrap(address, bytes.length);
            while (reader.nextRun())
            {
                while (reader.nextEntry())
                {
                    final int length = like(reader.stateId()).keyLength();
                    final byte[] key = new byte[length];
                    Memory.copyOut(reader.entryAddress(), key, 0, length);
                    final String name = reader.stateId() + "/" + reader.namespace() +
                        new Key(KeyHash.hash(reader.entryAddress(), length), key);
                    final boolean isUpsert = reader.kind() == DeltaDescriptor.UPSERT;
                    check((isUpsert ? upserts : tombstones).add(name), "epoch=" + epoch + " has twice " + name);
                    check(isBase || touched.contains(name), "epoch=" + epoch + " has untouched " + name);
                }
            }
        }
        pool.give(address, SegmentPool.SEGMENT_CLASS);
    }

    private SegmentedTable like(final int stateId)
    {
        return tables.stream().filter(table -> table.stateId() == stateId).findFirst().orElseThrow();
    }

    private static String name(final SegmentedTable table)
    {
        return table.stateId() + "/" + table.namespace();
    }

    private static void check(final boolean right, final String message)
    {
        if (!right)
        {
            throw new AssertionError(message);
        }
    }
}
