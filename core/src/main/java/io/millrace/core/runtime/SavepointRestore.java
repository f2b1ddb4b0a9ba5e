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
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

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
    private final RestorePoint point;

    SavepointRestore(final JobAssembly assembly, final Savepoint savepoint)
    {
        this.assembly = assembly;
        this.savepoint = savepoint;
        this.stored = savepoint.job();
        this.current = JobDescriptions.of(assembly);
        this.point = assembly.config.restorePoint();
    }

    /**
     * Restores.
     *
     * @param checkpointId that sources go on behind
     * @return the highest cause that a source had given
     */
    long run(final long checkpointId)
    {
        check();
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

    private void check()
    {
        final List<String> problems = new ArrayList<>();
        if (stored.maxParallelism() != current.maxParallelism())
        {
            problems.add("maxParallelism=" + stored.maxParallelism() + " was stored, and is now maxParallelism=" +
                current.maxParallelism() + ": it is fixed for the life of the state, set JobConfig.maxParallelism(" +
                stored.maxParallelism() + ")");
        }
        for (final OperatorDescription operator : stored.operators())
        {
            check(operator, problems);
        }
        if (!problems.isEmpty())
        {
            throw new IllegalStateException("savepoint " + savepoint.origin().identity() + " of job " + stored.name() +
                " does not fit job " + assembly.plan.name() + ":\n  " + String.join("\n  ", problems));
        }
    }

    private void check(final OperatorDescription operator, final List<String> problems)
    {
        final OperatorDescription now = current.operator(operator.uid());
        if (now == null)
        {
            if (!point.allowNonRestored() && hasState(operator))
            {
                problems.add("uid=" + operator.uid() + " has state, and no operator has that uid: give it its old uid, or drop the " +
                    "state with JobConfig.allowNonRestoredState()");
            }
            return;
        }
        if (operator.source() != now.source())
        {
            problems.add("uid=" + operator.uid() + " is " + (operator.source() ? "a source" : "an operator") +
                " there, and " + (now.source() ? "a source" : "an operator") + " here: give the new one another uid");
            return;
        }
        if (operator.source() && operator.parallelism() != now.parallelism() && hasState(operator))
        {
            problems.add("source uid=" + operator.uid() + " has positions of instances=" + operator.parallelism() +
                ", which cannot be divided among instances=" + now.parallelism() + ": keep the source's parallelism, and key or " +
                "rebalance() the stream behind it");
        }
        for (int i = 0; i < operator.states().size(); i++)
        {
            if (savepoint.entries(operator, i) > 0)
            {
                checkState(operator, operator.states().get(i), now.parallelism(), problems);
            }
        }
    }

    private void checkState(
        final OperatorDescription operator, final StateDescription state, final int parallelism, final List<String> problems)
    {
        final String where = "state=" + state.name() + " of uid=" + operator.uid() + ": ";
        final DescribedBackend backend = instances(operator.uid()).get(0).context.described();
        final String refusal = backend == null ? null : backend.refusal(state.name());
        if (refusal != null)
        {
            problems.add(where + refusal);
        }
        else if (backend == null || backend.state(state.name()) == null)
        {
            if (!point.allowNonRestored())
            {
                problems.add(where + "it has entries, and the operator does not declare it: declare it, or drop it with " +
                    "JobConfig.allowNonRestoredState()");
            }
        }
        else if (state.placement() == StatePlacement.FIXED && operator.parallelism() != parallelism)
        {
            problems.add(where + "it belongs to its instance, and instances=" + operator.parallelism() + " are now instances=" +
                parallelism + ": keep the parallelism of operator " + operator.name());
        }
        else
        {
            try
            {
                conversion(operator, state, backend);
            }
            catch (final IllegalStateException exception)
            {
                problems.add(where + exception.getMessage());
            }
        }
    }

    private StateConversion conversion(
        final OperatorDescription operator, final StateDescription state, final DescribedBackend backend)
    {
        return StateConversion.between(state, backend.state(state.name()), backend.recordType(state.name()),
            point.migration(operator.uid(), state.name()));
    }

    private boolean hasState(final OperatorDescription operator)
    {
        for (int i = 0; i < operator.states().size(); i++)
        {
            if (operator.states().get(i).placement() != StatePlacement.DERIVED && savepoint.entries(operator, i) > 0)
            {
                return true;
            }
        }
        final PartDescription own = operator.part(PartKind.OWN);
        for (int i = 0; own != null && i < operator.parallelism(); i++)
        {
            final byte[] bytes = savepoint.part(operator, own, i);
            if (bytes != null && bytes.length > 0)
            {
                return true;
            }
        }
        return false;
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

    /** Instances of an operator, in their order; none for a source or another job's. */
    private List<ChainNode> instances(final String uid)
    {
        final TreeMap<Integer, ChainNode> found = new TreeMap<>();
        for (final Task task : assembly.tasks)
        {
            for (final ChainNode node : task.chain().nodes())
            {
                if (node.uid.equals(uid))
                {
                    found.put(task.subtask(), node);
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    private void restoreStates(final OperatorDescription operator, final StateFeed feed)
    {
        final List<ChainNode> instances = instances(operator.uid());
        for (int index = 0; index < operator.states().size() && !instances.isEmpty(); index++)
        {
            final StateDescription state = operator.states().get(index);
            final DescribedBackend backend = instances.get(0).context.described();
            if (savepoint.entries(operator, index) > 0 && backend != null && backend.state(state.name()) != null)
            {
                restoreState(operator, index, instances, feed, conversion(operator, state, backend));
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
        final List<byte[]> parts = new ArrayList<>();
        int written = 0;
        for (int i = 0; i < operator.parallelism(); i++)
        {
            final byte[] bytes = savepoint.part(operator, part, i);
            parts.add(bytes == null ? new byte[0] : bytes);
            written += parts.get(i).length > 0 ? 1 : 0;
        }
        if (written == 0)
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
        else if (parts.stream().allMatch(bytes -> Arrays.equals(bytes, parts.get(0))))
        {
            node.operator.restore(new BlobReader(node.name, parts.get(0)));
        }
        else
        {
            throw new IllegalStateException("operator " + node.name + " keeps bytes of its own for each of its instances=" +
                operator.parallelism() + " and cannot put them together for instances=" + node.context.parallelism() +
                ": keep its parallelism, or give it another uid and begin anew");
        }
    }

    private void restoreSource(final Task task, final long checkpointId, final long lastCause)
    {
        final SourceInput input = (SourceInput)task.input();
        final OperatorDescription source = stored.operator(task.sourceUid());
        final byte[] bytes = source == null ? null : savepoint.part(source, source.part(PartKind.OWN), task.subtask());
        if (bytes == null)
        {
            input.position().begin(lastCause, checkpointId);
            return;
        }
        final BlobReader reader = new BlobReader(task.sourceUid(), bytes);
        input.position().restoreSavepoint(reader, checkpointId, lastCause, stored.clock());
        if (reader.remaining() > 0)
        {
            throw new IllegalStateException("source " + input.name() + " leaves bytes=" + reader.remaining() +
                " of its position in savepoint " +
                savepoint.origin().identity() + " unread: keep the source and its watermark strategy, or give it another uid");
        }
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
