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

import io.millrace.core.state.KeyGroupRange;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateContext;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A merge gives what one table of all entries gives, in its order; keys of one hash included. */
class SliceMergeTest
{
    private static final int KEY_LENGTH = 2 * Long.BYTES;
    private static final int TABLES = 5;

    @Test
    void shouldGiveEachKeyOnceInTheOrderOfATable()
    {
        final MemoryAccount account = new MemoryAccount("test");
        try (StateBackend backend = OffHeapBackend.factory().open(
            new StateContext("test", "operator", 0, KeyGroupRange.of(0, 1, 128), account, null));
            Region region = Region.allocate(account, "key", KEY_LENGTH))
        {
            final KeyedTable all = backend.keyedTable("all", KEY_LENGTH, Long.BYTES);
            final List<KeyedTable> tables = new ArrayList<>();
            for (int i = 0; i < TABLES; i++)
            {
                tables.add(backend.keyedTable("table-" + i, KEY_LENGTH, Long.BYTES));
            }
            final long key = region.address();
            final SplittableRandom random = new SplittableRandom(7);
            for (int i = 0; i < 2_000; i++)
            {
                putKey(key, random.nextLong(400), random.nextLong(4));
                final int table = random.nextInt(TABLES - 1);
                put(all, key, 1L << table);
                put(tables.get(table), key, 1);
            }

            final SliceMerge merge = new SliceMerge(KEY_LENGTH);
            for (int round = 0; round < 2; round++)
            {
                merge.begin();
                tables.forEach(table -> merge.add(table.cursor()));
                final var cursor = all.cursor();
                while (cursor.next())
                {
                    assertTrue(merge.next());
                    assertEquals(Memory.getLong(cursor.key()), Memory.getLong(merge.key()));
                    assertEquals(Memory.getLong(cursor.key() + 8), Memory.getLong(merge.key() + 8));
                    long members = 0;
                    for (int way = 0; way < merge.ways(); way++)
                    {
                        members |= merge.value(way) == 0 ? 0 : 1L << way;
                    }
                    assertEquals(Memory.getLong(cursor.value()), members);
                }
                assertFalse(merge.next());
                assertFalse(merge.next());
            }
        }
        assertEquals(0, account.allocatedBytes());
    }

    /** Keys of the same first number and another second one have one hash. */
    private static void putKey(final long key, final long number, final long variant)
    {
        Memory.putLong(key, number);
        Memory.putLong(key + 8, 0);
        final long hash = KeyHash.hash(key, KEY_LENGTH);
        Memory.putLong(key, number ^ rotated(variant) ^ rotated(0));
        Memory.putLong(key + 8, variant);
        assertEquals(hash, KeyHash.hash(key, KEY_LENGTH));
    }

    /** What a word of the key is turned to before it is folded in, see {@link KeyHash}. */
    private static long rotated(final long word)
    {
        return Long.rotateLeft(word * 0xC2B2AE3D27D4EB4FL, 31) * 0x9E3779B185EBCA87L;
    }

    private static void put(final KeyedTable table, final long key, final long bit)
    {
        final long value = table.upsert(KeyHash.hash(key, KEY_LENGTH), key);
        Memory.putLong(value, Memory.getLong(value) | bit);
        table.written();
    }
}
