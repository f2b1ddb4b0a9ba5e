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
package io.millrace.benchmarks.workload;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;
import io.millrace.memory.table.SegmentPool;
import io.millrace.memory.table.SegmentedTable;
import io.millrace.memory.table.TableStore;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.sink.CallbackSink;

import java.util.List;

/** Adds each event's value to the sum of its key, and puts out the sum. */
final class RunningSum implements Workload.Definition
{
    private static final long KEYS = 100_000;

    @Override
    public long keys()
    {
        return KEYS;
    }

    @Override
    public List<Contender> contenders()
    {
        return List.of(Contender.values());
    }

    @Override
    public Program open(final Contender contender, final Input input, final Setting setting)
    {
        return switch (contender)
        {
            case LOOP -> new Loop(input);
            case MILLRACE, CHECKPOINTED, EXCHANGED -> millrace(contender, input, setting);
            case DISRUPTOR -> new DisruptorProgram(input, setting, KEYS, new Worker());
            case SEGMENTED -> new SegmentedLoop(input);
            case LOOKAHEAD -> new LookAheadLoop(input);
        };
    }

    private static Program millrace(final Contender contender, final Input input, final Setting setting)
    {
        final MillracePipeline pipeline = new MillracePipeline("running-sum", contender, input, setting);
        final Checksum checksum = pipeline.checksum();
        final SingleOutputStream<Event> events = pipeline
            .source((number, out) ->
            {
                final long mixed = Events.mixed(number);
                out.time(Events.time(number, mixed)).key(Events.key(mixed, KEYS)).value(Events.value(mixed));
            });
        pipeline.behindSource(events.keyByLong(Event::key).accumulate(KeySumFlyweight.TYPE,
            (sum, event) -> sum.key(event.key()).sum(sum.sum() + event.value())))
            .sink(CallbackSink.of(sum -> checksum.add(Checksum.mix(sum.key(), sum.sum()))));
        return pipeline.start();
    }

    /** The same by hand. */
    private static final class Loop extends LoopProgram
    {
        private final FlatTable table = new FlatTable();

        Loop(final Input input)
        {
            super(input);
        }

        @Override
        long generated(final long from, final long to)
        {
            final FlatTable sums = table;
            long checksum = 0;
            for (long number = from; number < to; number++)
            {
                final long mixed = Events.mixed(number);
                final long key = Events.key(mixed, KEYS);
                checksum += Checksum.mix(key, sums.add(key, Events.value(mixed)));
            }
            return checksum;
        }

        @Override
        long preloaded(final long from, final long to, final long shift)
        {
            final FlatTable sums = table;
            long checksum = 0;
            for (long event = from; event < to; event += PreloadedEvents.LENGTH)
            {
                final long key = key(event);
                checksum += Checksum.mix(key, sums.add(key, value(event)));
            }
            return checksum;
        }

        @Override
        long end()
        {
            return 0;
        }
    }

    /** The same by hand, on a second thread. */
    private static final class Worker implements EventWorker
    {
        private final FlatTable table = new FlatTable();
        private long checksum;

        @Override
        public void onEvent(final MutableEvent event, final long sequence, final boolean endOfBatch)
        {
            checksum += Checksum.mix(event.key, table.add(event.key, event.value));
        }

        @Override
        public long end()
        {
            return checksum;
        }
    }

    /** A loop over the engine's table: what does it cost that it can be snapshot, and that it grows by segments? */
    private abstract static class TableLoop extends LoopProgram
    {
        final SegmentedTable table;
        final MemoryAccount account = new MemoryAccount("table", Long.MAX_VALUE);
        private final SegmentPool pool = new SegmentPool(account, "table");
        private final TableStore store = new TableStore(pool, null);

        TableLoop(final Input input)
        {
            super(input);
            table = store.createTable(1, Long.BYTES, Long.BYTES).open(0);
        }

        static long add(final long address, final long key, final long amount)
        {
            final long sum = Memory.getLong(address) + amount;
            Memory.putLong(address, sum);
            return Checksum.mix(key, sum);
        }

        @Override
        long end()
        {
            return 0;
        }

        @Override
        public void close()
        {
            store.close();
            pool.close();
        }
    }

    private static final class SegmentedLoop extends TableLoop
    {
        SegmentedLoop(final Input input)
        {
            super(input);
        }

        @Override
        long generated(final long from, final long to)
        {
            long checksum = 0;
            for (long number = from; number < to; number++)
            {
                final long mixed = Events.mixed(number);
                final long key = Events.key(mixed, KEYS);
                checksum += add(table.upsertLong(KeyHash.hash(key), key), key, Events.value(mixed));
            }
            return checksum;
        }

        @Override
        long preloaded(final long from, final long to, final long shift)
        {
            long checksum = 0;
            for (long event = from; event < to; event += PreloadedEvents.LENGTH)
            {
                final long key = key(event);
                checksum += add(table.upsertLong(KeyHash.hash(key), key), key, value(event));
            }
            return checksum;
        }
    }

    /**
     * Takes mini-batches: looks all keys up at once, so that their misses overlap, then adds.
     */
    private static final class LookAheadLoop extends TableLoop
    {
        private static final int BATCH = 128;

        private final Region keys = Region.allocate(account, "keys of a batch", (long)BATCH * Long.BYTES);
        private final long[] values = new long[BATCH];
        private final long[] found = new long[BATCH];
        private final int[] created = new int[BATCH];

        LookAheadLoop(final Input input)
        {
            super(input);
        }

        @Override
        long generated(final long from, final long to)
        {
            long checksum = 0;
            for (long first = from; first < to; first += BATCH)
            {
                final int count = (int)Math.min(BATCH, to - first);
                for (int i = 0; i < count; i++)
                {
                    final long mixed = Events.mixed(first + i);
                    remember(i, Events.key(mixed, KEYS), Events.value(mixed));
                }
                checksum += addRemembered(count);
            }
            return checksum;
        }

        @Override
        long preloaded(final long from, final long to, final long shift)
        {
            long checksum = 0;
            for (long first = from; first < to; first += BATCH * PreloadedEvents.LENGTH)
            {
                final int count = (int)Math.min(BATCH, (to - first) / PreloadedEvents.LENGTH);
                for (int i = 0; i < count; i++)
                {
                    final long event = first + (long)i * PreloadedEvents.LENGTH;
                    remember(i, key(event), value(event));
                }
                checksum += addRemembered(count);
            }
            return checksum;
        }

        private void remember(final int index, final long key, final long value)
        {
            Memory.putLong(keys.address() + (long)index * Long.BYTES, key);
            values[index] = value;
        }

        private long addRemembered(final int count)
        {
            table.upsertAllLong(keys.address(), count, found, created);
            long checksum = 0;
            for (int i = 0; i < count; i++)
            {
                final long key = Memory.getLong(keys.address() + (long)i * Long.BYTES);
                checksum += add(found[i], key, values[i]);
            }
            return checksum;
        }

        @Override
        public void close()
        {
            keys.close();
            super.close();
        }
    }
}
