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
package io.millrace.core.runtime;

import io.millrace.core.operator.RescalableOperator;
import io.millrace.core.runtime.TaskAssembly.RebalanceTurn;
import io.millrace.core.savepoint.InputDescription;
import io.millrace.core.savepoint.JobDescription;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.PartDescription;
import io.millrace.core.savepoint.PartKind;
import io.millrace.core.savepoint.Savepoint;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.DescribedBackend;
import io.millrace.core.state.KeyGroupRange;
import io.millrace.core.state.StateDescription;
import io.millrace.core.state.StatePlacement;

import java.util.ArrayList;
import java.util.List;

/**
 * Begins a job from a savepoint, before it runs. First all that does not fit is listed, then every instance is given its part:
 * entries by their key group, lists divided anew, bytes put together by {@link RescalableOperator}s.
 */
final class SavepointRestore
{
    private final JobAssembly assembly;
    private final Savepoint savepoint;
    private final JobDescription stored;
    private final JobDescription current;
    private final SavepointFit fit;

    SavepointRestore(final JobAssembly assembly, final Savepoint savepoint)
    {
        this.assembly = assembly;
        this.savepoint = savepoint;
        this.stored = savepoint.job();
        this.fit = new SavepointFit(assembly, savepoint);
        this.current = fit.current();
    }

    /**
     * Restores.
     *
     * @param checkpointId that sources go on behind
     * @return the highest cause that a source had given
     */
    long run(final long checkpointId)
    {
        fit.require();
        final long lastCause = lastCause();
        try (StateFeed feed = new StateFeed(assembly.account))
        {
            for (final OperatorDescription operator : stored.operators())
            {
                restoreStates(operator, feed);
            }
        }
        for (final Task task : assembly.tasks)
        {
            restore(task, checkpointId, lastCause);
        }
        return lastCause;
    }

    private long lastCause()
    {
        long last = 0;
        for (final OperatorDescription operator : stored.operators())
        {
            for (int i = 0; operator.source() && i < operator.parallelism(); i++)
            {
                final byte[] bytes = savepoint.part(operator, operator.part(PartKind.OWN), i);
                last = bytes == null ? last : Math.max(last, new BlobReader(operator.name(), bytes).getLong());
            }
        }
        return last;
    }

    private void restoreStates(final OperatorDescription operator, final StateFeed feed)
    {
        final List<ChainNode> instances = fit.instances(operator.uid());
        for (int index = 0; index < operator.states().size() && !instances.isEmpty(); index++)
        {
            final StateDescription state = operator.states().get(index);
            final DescribedBackend backend = instances.get(0).context.described();
            if (savepoint.entries(operator, index) > 0 && backend != null && backend.state(state.name()) != null)
            {
                restoreState(operator, index, instances, feed, fit.conversion(operator, state, backend));
            }
        }
    }

    private void restoreState(
        final OperatorDescription operator,
        final int index,
        final List<ChainNode> instances,
        final StateFeed feed,
        final StateConversion conversion)
    {
        final StateDescription state = operator.states().get(index);
        final boolean rescaled = operator.parallelism() != instances.size();
        for (int subtask = 0; subtask < instances.size(); subtask++)
        {
            feed.to(instances.get(subtask).backend(), operator.uid(), state.name(), subtask, conversion);
            if (state.placement() == StatePlacement.BY_KEY)
            {
                final KeyGroupRange range = KeyGroupRange.of(subtask, instances.size(), stored.maxParallelism());
                savepoint.read(operator, index, range.first(), range.last(), feed);
            }
            else if (!rescaled)
            {
                savepoint.read(operator, index, subtask, subtask, feed);
            }
            else if (state.placement() == StatePlacement.BROADCAST)
            {
                // As Redistribution.broadcast: its own copy, and more readers take the writers' in turn.
                final int writer = subtask % operator.parallelism();
                savepoint.read(operator, index, writer, writer, feed);
            }
        }
        if (rescaled && (state.placement() == StatePlacement.SPLIT || state.placement() == StatePlacement.UNION))
        {
            new ListDivision(savepoint, operator, index, assembly.account).divide(instances.size(), (subtask, slice, address, count) ->
                feed.to(instances.get(subtask).backend(), operator.uid(), state.name(), subtask, conversion)
                    .entries(slice, address, count));
        }
        final long fed = feed.takeFed();
        final boolean all = state.placement() == StatePlacement.BY_KEY || state.placement() != StatePlacement.BROADCAST &&
            state.placement() != StatePlacement.DERIVED || !rescaled;
        if (all && fed != savepoint.entries(operator, index))
        {
            throw new IllegalStateException("state=" + state.name() + " of uid=" + operator.uid() + " has entries=" +
                savepoint.entries(operator, index) + ", of which restored=" + fed +
                ": key groups were read twice or left out, which is a bug, report it");
        }
    }

    private void restore(final Task task, final long checkpointId, final long lastCause)
    {
        for (final ChainNode node : task.chain().nodes())
        {
            restoreOwn(node, task.subtask());
        }
        if (task.sourceUid() != null)
        {
            restoreSource(task, checkpointId, lastCause);
        }
        if (task.input() instanceof MergeInput merge)
        {
            restoreInput(merge, task);
        }
        restoreTime(task);
        for (final RebalanceTurn turn : task.snapshot().turns())
        {
            restoreTurn(turn, task.subtask());
        }
        task.snapshot().restored(checkpointId);
    }

    private void restoreOwn(final ChainNode node, final int subtask)
    {
        final OperatorDescription operator = stored.operator(node.uid);
        final PartDescription part = operator == null || operator.source() ? null : operator.part(PartKind.OWN);
        if (part == null)
        {
            return;
        }
        final List<byte[]> parts = fit.ownParts(operator);
        if (parts.stream().allMatch(bytes -> bytes.length == 0))
        {
            return;
        }
        if (operator.parallelism() == node.context.parallelism())
        {
            if (parts.get(subtask).length > 0)
            {
                node.hasBlob = true;
                node.operator.restore(new BlobReader(node.name, parts.get(subtask)));
            }
            return;
        }
        node.hasBlob = true;
        if (node.operator instanceof RescalableOperator rescalable)
        {
            rescalable.restoreRescaled(
                parts.stream().filter(bytes -> bytes.length > 0).map(bytes -> new BlobReader(node.name, bytes)).toList());
        }
        else
        {
            // They are all the same, as was checked.
            node.operator.restore(new BlobReader(node.name, parts.get(0)));
        }
    }

    private void restoreSource(final Task task, final long checkpointId, final long lastCause)
    {
        final SourceInput input = (SourceInput)task.input();
        final OperatorDescription source = stored.operator(task.sourceUid());
        final boolean rescaled = source != null && source.parallelism() != current.operator(source.uid()).parallelism();
        final List<BlobReader> readers = source == null ? List.of() : positions(source, task, rescaled);
        if (readers.isEmpty())
        {
            input.position().begin(lastCause, checkpointId);
            return;
        }
        input.position().restoreSavepoint(readers, rescaled, checkpointId, lastCause, stored.clock());
        final long unread = readers.stream().mapToLong(BlobReader::remaining).sum();
        if (unread > 0)
        {
            throw new IllegalStateException("source " + input.name() + " leaves bytes=" + unread + " of its position in savepoint " +
                savepoint.origin().identity() + " unread: keep the source and its watermark strategy, or give it another uid");
        }
    }

    /** What a source goes on from: its own position, or after a rescale those of all instances. */
    private List<BlobReader> positions(final OperatorDescription source, final Task task, final boolean rescaled)
    {
        final List<byte[]> parts = fit.ownParts(source);
        return (rescaled ? parts : List.of(parts.get(task.subtask()))).stream().filter(bytes -> bytes.length > 0)
            .map(bytes -> new BlobReader(task.sourceUid(), bytes)).toList();
    }

    private void restoreInput(final MergeInput merge, final Task task)
    {
        final String uid = task.chain().nodes()[0].uid;
        final OperatorDescription before = stored.operator(uid);
        final OperatorDescription now = current.operator(uid);
        final PartDescription part = before == null ? null : before.part(PartKind.INPUT);
        if (part == null)
        {
            return;
        }
        final List<StoredInput> instances = new ArrayList<>();
        for (int i = 0; i < before.parallelism(); i++)
        {
            final byte[] bytes = savepoint.part(before, part, i);
            if (bytes != null)
            {
                instances.add(new StoredInput(before, new BlobReader(part.key(), bytes)));
            }
        }
        if (instances.isEmpty())
        {
            return;
        }
        final boolean same = before.parallelism() == now.parallelism() && instances.size() == now.parallelism();
        final long output = same ? instances.get(task.subtask()).output :
            instances.stream().mapToLong(instance -> instance.output).min().orElse(Long.MIN_VALUE);
        final int channels = now.inputs().stream().mapToInt(InputDescription::channels).sum();
        final long[] watermarks = new long[channels];
        final int[] statuses = new int[channels];
        int channel = 0;
        for (final InputDescription input : now.inputs())
        {
            for (int i = 0; i < input.channels(); i++)
            {
                watermarks[channel] = StoredInput.watermark(
                    same ? List.of(instances.get(task.subtask())) : instances, input, i);
                // Which channel is idle its sender says again, in its own time.
                statuses[channel] = watermarks[channel] >= output || watermarks[channel] == Long.MIN_VALUE ? StoredInput.ALIGNED : 0;
                channel++;
            }
        }
        merge.restore(output, watermarks, statuses);
    }

    private void restoreTime(final Task task)
    {
        final String key = task.snapshot().timeUid();
        if (key == null)
        {
            return;
        }
        // Ticks are broadcast: all tasks have the same at a barrier.
        long time = Long.MAX_VALUE;
        for (final OperatorDescription operator : stored.operators())
        {
            final PartDescription part = operator.part(PartKind.TIME);
            for (int i = 0; part != null && i < operator.parallelism(); i++)
            {
                final byte[] bytes = savepoint.part(operator, part, i);
                time = bytes == null ? time : Math.min(time, new BlobReader(part.key(), bytes).getLong());
            }
        }
        if (time != Long.MAX_VALUE)
        {
            task.chain().restoreTime(time);
        }
    }

    private void restoreTurn(final RebalanceTurn turn, final int subtask)
    {
        for (final OperatorDescription operator : stored.operators())
        {
            for (final PartDescription part : operator.parts())
            {
                final boolean same = part.kind() == PartKind.TURN && part.key().equals(turn.name()) &&
                    subtask < operator.parallelism() && stored.equals(current);
                final byte[] bytes = same ? savepoint.part(operator, part, subtask) : null;
                if (bytes != null)
                {
                    turn.turn().turn(new BlobReader(turn.name(), bytes).getInt());
                }
            }
        }
    }
}
