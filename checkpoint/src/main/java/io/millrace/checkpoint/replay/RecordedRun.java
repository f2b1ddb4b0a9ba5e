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
package io.millrace.checkpoint.replay;

import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.checkpoint.hash.HashBlock;
import io.millrace.checkpoint.order.OrderFiles;
import io.millrace.checkpoint.store.CheckpointArchive;
import io.millrace.checkpoint.store.RestoredCheckpoint;
import io.millrace.core.ordering.OrderLog;
import io.millrace.core.ordering.OrderLogHandler;
import io.millrace.core.ordering.OrderLogReader;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.state.StateIds;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.DeltaDescriptor;
import io.millrace.memory.table.DeltaReader;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a job has recorded beside its journals: checkpoints, hashes, the order of its sources. Only read. */
final class RecordedRun
{
    private static final int SHIFT = SlotDescriptor.CAUSE_INDEX_BITS;

    private final Path directory;
    private final boolean ordered;
    private final List<HashBlock> hashes;

    RecordedRun(final Path directory)
    {
        this.directory = directory;
        this.ordered = directory != null && OrderFiles.exists(Checkpoints.orderDirectory(directory));
        this.hashes = directory == null ? List.of() : Checkpoints.recordedHashes(directory);
    }

    Path directory()
    {
        return directory;
    }

    /** Whether there is an order log. */
    boolean ordered()
    {
        return ordered;
    }

    List<HashBlock> hashes()
    {
        return hashes;
    }

    /** Reads the order from a batch on. */
    private void readOrder(final long firstBatch, final OrderLogHandler handler)
    {
        OrderFiles.recording(Checkpoints.orderDirectory(directory), firstBatch).replay(handler);
    }

    /** Opens the order from a batch on. */
    OrderLogReader openOrder(final long firstBatch)
    {
        return OrderFiles.recording(Checkpoints.orderDirectory(directory), firstBatch).open();
    }

    /** Cause of the last completed checkpoint: up to it, outputs are known to be whole. -1 when there is none. */
    long lastCompleteCause(final PlanJournals journals, final MemoryAccount account)
    {
        long last = -1;
        for (final HashBlock block : hashes)
        {
            last = block.completed() ? Math.max(last, block.cause()) : last;
        }
        final List<Long> ids = directory == null ? List.of() : CheckpointArchive.ids(directory);
        return last >= 0 || ids.isEmpty() ? last : restoredCause(ids.get(0), journals, account);
    }

    /** Cause of a checkpoint's barrier. */
    long checkpointCause(final long id, final PlanJournals journals, final MemoryAccount account)
    {
        for (final HashBlock block : hashes)
        {
            if (block.checkpoint() == id)
            {
                return block.cause();
            }
        }
        if (directory == null)
        {
            throw new IllegalArgumentException("checkpoint=" + id + " is not known: name the directory of the checkpoints");
        }
        return restoredCause(id, journals, account);
    }

    private long restoredCause(final long id, final PlanJournals journals, final MemoryAccount account)
    {
        return restored(id, journals, account).cause();
    }

    /** Where a checkpoint that is kept was made. */
    RestoredPlace restored(final long id, final PlanJournals journals, final MemoryAccount account)
    {
        final RestoredPlace place = new RestoredPlace();
        final Map<Integer, PlanNode> nodes = new HashMap<>();
        journals.sources().forEach(node -> nodes.put(StateIds.of(node.uid(), ""), node));
        journals.sinks().forEach(node -> nodes.put(StateIds.of(node.uid(), ""), node));
        try (RestoredCheckpoint restored = CheckpointArchive.open(directory, journals.plan().name(), id, account))
        {
            final DeltaReader reader = new DeltaReader();
            while (restored.next())
            {
                reader.wrap(restored.address(), restored.length());
                while (reader.nextRun())
                {
                    final PlanNode node = reader.kind() == DeltaDescriptor.BLOB ? nodes.get(reader.stateId()) : null;
                    if (node != null)
                    {
                        reader.nextEntry();
                        take(place, node, reader.blobAddress());
                    }
                }
            }
        }
        if (!ordered)
        {
            place.takeEnd();
        }
        return place;
    }

    private static void take(final RestoredPlace place, final PlanNode node, final long blob)
    {
        if (node.source() != null)
        {
            place.source(Memory.getLong(blob));
        }
        else
        {
            place.sink(node.uid(), Memory.getLong(blob), Memory.getLong(blob + Long.BYTES));
        }
    }

    /** The cause up to which an ordered run is replayed. */
    long orderedLimit(final ReplayPosition until, final PlanJournals journals, final MemoryAccount account)
    {
        return switch (until.kind())
        {
            case END -> Long.MAX_VALUE;
            case CAUSE -> until.value();
            case CHECKPOINT -> checkpointCause(until.value(), journals, account);
            case RECORD -> causeOfRecord(journals.sources().indexOf(journals.source(until.source())), until.value());
        };
    }

    private long causeOfRecord(final int source, final long count)
    {
        final long[] found = {0, -1};
        readOrder(0, (batch, kind, from, records, value, clock) ->
        {
            if (kind == OrderLog.KIND_RECORDS && from == source && found[1] < 0)
            {
                found[1] = found[0] + records >= count && count > 0 ? batch << SHIFT | count - found[0] - 1 : -1;
                found[0] += records;
            }
        });
        return found[1] < 0 && count > 0 ? Long.MAX_VALUE : found[1];
    }

    /** Where each of some causes is, for people; the causes grow. */
    String[] describe(final long[] causes, final PlanJournals journals)
    {
        final String[] texts = new String[causes.length];
        if (!ordered)
        {
            for (int i = 0; i < causes.length; i++)
            {
                texts[i] = "frame=" + (causes[i] >>> SHIFT) + " record=" + (causes[i] & SlotDescriptor.MAX_BATCH_RECORDS);
            }
            return texts;
        }
        final List<PlanNode> sources = journals.sources();
        final long[] counts = new long[sources.size()];
        final int[] next = {0};
        readOrder(0, (batch, kind, source, records, value, clock) ->
        {
            while (next[0] < causes.length && causes[next[0]] >>> SHIFT == batch)
            {
                final long index = causes[next[0]] & SlotDescriptor.MAX_BATCH_RECORDS;
                texts[next[0]] = kind == OrderLog.KIND_RECORDS && source < counts.length ? "source=" + sources.get(source).name() +
                    (records == 0 ? " end" : " record=" + (counts[source] + index)) : kind == OrderLog.KIND_TICK ? "tick" : "control";
                next[0]++;
            }
            if (kind == OrderLog.KIND_RECORDS && source < counts.length)
            {
                counts[source] += records;
            }
        });
        for (int i = 0; i < texts.length; i++)
        {
            texts[i] = texts[i] == null ? "behind the recorded order" : texts[i];
        }
        return texts;
    }

    /** Between which checkpoints a cause is, for people. */
    String interval(final long cause)
    {
        String before = "start";
        for (final HashBlock block : hashes)
        {
            if (cause <= block.cause())
            {
                return "between " + before + " and checkpoint " + block.checkpoint();
            }
            before = "checkpoint " + block.checkpoint();
        }
        return hashes.isEmpty() ? "no hashes tell between which checkpoints" : "behind " + before;
    }
}
