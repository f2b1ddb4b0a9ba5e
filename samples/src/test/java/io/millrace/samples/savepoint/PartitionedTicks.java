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
package io.millrace.samples.savepoint;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.RescalableSource;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.operator.StreamSource;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.util.Arrays;
import java.util.List;

/**
 * Reads partitions, each by one instance: partition p by instance p modulo their number. Record n of a partition has time n, and
 * of its partitions an instance reads the one that is furthest behind.
 * <pre>
 *   position: number of the next record of each partition, 0 for those of others
 * </pre>
 */
public final class PartitionedTicks implements RescalableSource
{
    static final int PARTITIONS = 6;
    static final long RECORDS = 400;

    private final long[] next = new long[PARTITIONS];
    private final TickFlyweight out = TickFlyweight.TYPE.newFlyweight();
    private int subtask;
    private int parallelism;

    @Override
    public void open(final OperatorContext context)
    {
        subtask = context.subtask();
        parallelism = context.parallelism();
    }

    private int furthestBehind()
    {
        int found = -1;
        for (int partition = subtask; partition < PARTITIONS; partition += parallelism)
        {
            if (next[partition] < RECORDS && (found < 0 || next[partition] < next[found]))
            {
                found = partition;
            }
        }
        return found;
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        int emitted = 0;
        boolean goOn = true;
        for (int partition = furthestBehind(); goOn && emitted < limit && partition >= 0; partition = furthestBehind())
        {
            final long slot = output.claim();
            out.wrap(slot + SlotDescriptor.HEADER_LENGTH, TickFlyweight.TYPE.blockLength());
            out.time(next[partition]).key(partition).value(partition * RECORDS + next[partition]);
            next[partition]++;
            emitted++;
            goOn = output.commit();
        }
        return emitted;
    }

    @Override
    public boolean finished()
    {
        return furthestBehind() < 0;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        Arrays.stream(next).forEach(writer::putLong);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        restoreRescaled(List.of(reader));
    }

    @Override
    public void restoreRescaled(final List<BlobReader> positions)
    {
        // An instance keeps the places of all, so that it can tell them on; they only grow.
        for (final BlobReader reader : positions)
        {
            for (int partition = 0; partition < PARTITIONS; partition++)
            {
                next[partition] = Math.max(next[partition], reader.getLong());
            }
        }
    }

    /** Declares the source. */
    static final class Stream implements StreamSource<Tick>
    {
        @Override
        public RecordType<Tick, ?> type()
        {
            return TickFlyweight.TYPE;
        }

        @Override
        public OperatorFactory<Source> factory()
        {
            return OperatorFactory.of(PartitionedTicks.class);
        }
    }
}
