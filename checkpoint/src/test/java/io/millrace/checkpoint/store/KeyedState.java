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
package io.millrace.checkpoint.store;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The smallest state that has deltas: a map from int to int, whose chunks hold the pairs that were put.
 */
final class KeyedState implements AutoCloseable
{
    private static final int PAIR = 2 * Integer.BYTES;

    private final Region region;
    private final int pairsPerChunk;
    private final TreeMap<Integer, Integer> values = new TreeMap<>();
    private final TreeMap<Integer, Integer> changed = new TreeMap<>();

    KeyedState(final MemoryAccount account, final int pairsPerChunk)
    {
        this.pairsPerChunk = pairsPerChunk;
        region = Region.allocate(account, "chunk", (long)pairsPerChunk * PAIR);
    }

    void change(final SplittableRandom random, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final int key = random.nextInt(50);
            final int value = random.nextInt();
            values.put(key, value);
            changed.put(key, value);
        }
    }

    Map<Integer, Integer> values()
    {
        return new TreeMap<>(values);
    }

    /** All of it or what has changed. */
    void write(final CheckpointWriter writer)
    {
        write(writer.full() ? values : changed, writer::append);
        changed.clear();
    }

    void load(final RestoredCheckpoint checkpoint)
    {
        values.clear();
        changed.clear();
        while (checkpoint.next())
        {
            read(values, checkpoint.address(), checkpoint.length());
        }
    }

    void compact(final Compaction compaction)
    {
        final TreeMap<Integer, Integer> merged = new TreeMap<>();
        while (compaction.next())
        {
            read(merged, compaction.address(), compaction.length());
        }
        write(merged, compaction::append);
        compaction.finish();
    }

    interface Sink
    {
        void append(int task, long address, int length);
    }

    private void write(final Map<Integer, Integer> pairs, final Sink sink)
    {
        int count = 0;
        for (final Map.Entry<Integer, Integer> pair : pairs.entrySet())
        {
            Memory.putInt(region.address() + (long)count * PAIR, pair.getKey());
            Memory.putInt(region.address() + (long)count * PAIR + Integer.BYTES, pair.getValue());
            count++;
            if (count == pairsPerChunk)
            {
                sink.append(7, region.address(), count * PAIR);
                count = 0;
            }
        }
        if (count > 0)
        {
            sink.append(7, region.address(), count * PAIR);
        }
    }

    private static void read(final Map<Integer, Integer> pairs, final long address, final int length)
    {
        for (int offset = 0; offset < length; offset += PAIR)
        {
            pairs.put(Memory.getInt(address + offset), Memory.getInt(address + offset + Integer.BYTES));
        }
    }

    @Override
    public void close()
    {
        region.close();
    }
}
