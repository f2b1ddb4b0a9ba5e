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
import io.millrace.core.savepoint.JobDescription;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.PartDescription;
import io.millrace.core.savepoint.PartKind;
import io.millrace.core.savepoint.RestoreFinding;
import io.millrace.core.savepoint.RestoreOutcome;
import io.millrace.core.savepoint.Savepoint;
import io.millrace.core.state.DescribedBackend;
import io.millrace.core.state.StateDescription;
import io.millrace.core.state.StatePlacement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Whether a savepoint fits a job that is built, and what becomes of all that it has. */
final class SavepointFit
{
    private static final String NO_STATE = "";

    private final JobAssembly assembly;
    private final Savepoint savepoint;
    private final JobDescription stored;
    private final JobDescription current;
    private final RestorePoint point;
    private final List<RestoreFinding> findings = new ArrayList<>();

    SavepointFit(final JobAssembly assembly, final Savepoint savepoint)
    {
        this.assembly = assembly;
        this.savepoint = savepoint;
        this.stored = savepoint.job();
        this.current = JobDescriptions.of(assembly);
        this.point = assembly.config.restorePoint();
        compare();
    }

    /** The job as it is built. */
    JobDescription current()
    {
        return current;
    }

    /** What becomes of what: first the savepoint's, then what is new. */
    List<RestoreFinding> findings()
    {
        return findings;
    }

    /** Fails when something is refused, and names all of it. */
    void require()
    {
        final List<String> problems = findings.stream()
            .filter(finding -> finding.outcome() == RestoreOutcome.REFUSED).map(RestoreFinding::text).toList();
        if (!problems.isEmpty())
        {
            throw new IllegalStateException("savepoint " + savepoint.origin().identity() + " of job " + stored.name() +
                " does not fit job " + assembly.plan.name() + ":\n  " + String.join("\n  ", problems));
        }
    }

    private void found(final String uid, final String state, final RestoreOutcome outcome, final String text)
    {
        findings.add(new RestoreFinding(uid, state, outcome, text));
    }

    private void compare()
    {
        if (stored.maxParallelism() != current.maxParallelism())
        {
            found("", NO_STATE, RestoreOutcome.REFUSED, "maxParallelism=" + stored.maxParallelism() +
                " was stored, and is now maxParallelism=" + current.maxParallelism() +
                ": it is fixed for the life of the state, set JobConfig.maxParallelism(" + stored.maxParallelism() + ")");
        }
        stored.operators().forEach(this::compare);
        for (final OperatorDescription operator : current.operators())
        {
            final OperatorDescription before = stored.operator(operator.uid());
            if (before == null)
            {
                found(operator.uid(), NO_STATE, RestoreOutcome.NEW, operator.source() ? "begins at its start" : "begins empty");
            }
            operator.states().stream().filter(state -> before == null || index(before, state.name()) < 0)
                .forEach(state -> found(operator.uid(), state.name(), RestoreOutcome.NEW, "begins empty"));
        }
    }

    private static int index(final OperatorDescription operator, final String state)
    {
        return operator.states().stream().map(StateDescription::name).toList().indexOf(state);
    }

    private void compare(final OperatorDescription operator)
    {
        final String uid = operator.uid();
        final OperatorDescription now = current.operator(uid);
        if (now == null)
        {
            if (hasState(operator))
            {
                found(uid, NO_STATE, point.allowNonRestored() ? RestoreOutcome.DROPPED : RestoreOutcome.REFUSED, "uid=" + uid +
                    " has state, and no operator has that uid" + (point.allowNonRestored() ? "" : ": give it its old uid, or drop the " +
                    "state with JobConfig.allowNonRestoredState()"));
            }
            return;
        }
        if (operator.source() != now.source())
        {
            found(uid, NO_STATE, RestoreOutcome.REFUSED, "uid=" + uid + " is " + (operator.source() ? "a source" : "an operator") +
                " there, and " + (now.source() ? "a source" : "an operator") + " here: give the new one another uid");
            return;
        }
        compareOwn(operator, now);
        for (int i = 0; i < operator.states().size(); i++)
        {
            compareState(operator, i, now.parallelism());
        }
    }

    /** What is in no table. */
    private void compareOwn(final OperatorDescription operator, final OperatorDescription now)
    {
        final List<byte[]> parts = ownParts(operator);
        final long bytes = parts.stream().mapToLong(part -> part.length).sum();
        final boolean rescaled = operator.parallelism() != now.parallelism();
        final String what = bytes == 0 ? "nothing of its own" : operator.source() ? "positions" : "bytes of its own=" + bytes;
        final String text = what + ", instances=" + operator.parallelism() + (rescaled ? " are now instances=" + now.parallelism() : "");
        if (!rescaled || bytes == 0 || restoresRescaled(operator, parts))
        {
            found(operator.uid(), NO_STATE, RestoreOutcome.RESTORED, text);
        }
        else if (operator.source())
        {
            found(operator.uid(), NO_STATE, RestoreOutcome.REFUSED, "source uid=" + operator.uid() + " has positions of instances=" +
                operator.parallelism() + ", which cannot be divided among instances=" + now.parallelism() +
                ": keep the source's parallelism, and key or rebalance() the stream behind it, or have it implement RescalableSource");
        }
        else
        {
            found(operator.uid(), NO_STATE, RestoreOutcome.REFUSED, "operator " + operator.name() +
                " keeps bytes of its own for each of its instances=" + operator.parallelism() +
                " and cannot put them together for instances=" + now.parallelism() +
                ": keep its parallelism, or give it another uid and begin anew");
        }
    }

    private boolean restoresRescaled(final OperatorDescription operator, final List<byte[]> parts)
    {
        if (operator.source())
        {
            return assembly.tasks.stream().filter(task -> operator.uid().equals(task.sourceUid()))
                .allMatch(task -> ((SourceInput)task.input()).position().rescalable());
        }
        return instances(operator.uid()).get(0).operator instanceof RescalableOperator ||
            parts.stream().allMatch(part -> Arrays.equals(part, parts.get(0)));
    }

    /** What each instance wrote that is in no table; an empty array for one that wrote nothing. */
    List<byte[]> ownParts(final OperatorDescription operator)
    {
        final PartDescription own = operator.part(PartKind.OWN);
        final List<byte[]> parts = new ArrayList<>();
        for (int i = 0; i < operator.parallelism(); i++)
        {
            final byte[] bytes = own == null ? null : savepoint.part(operator, own, i);
            parts.add(bytes == null ? new byte[0] : bytes);
        }
        return parts;
    }

    private void compareState(final OperatorDescription operator, final int index, final int parallelism)
    {
        final StateDescription state = operator.states().get(index);
        final long entries = savepoint.entries(operator, index);
        if (entries == 0)
        {
            return;
        }
        final String where = "state=" + state.name() + " of uid=" + operator.uid() + ": ";
        final DescribedBackend backend = instances(operator.uid()).get(0).context.described();
        final boolean rescaled = operator.parallelism() != parallelism;
        final String refusal = backend == null ? null : backend.refusal(state.name());
        if (refusal != null)
        {
            found(operator.uid(), state.name(), RestoreOutcome.REFUSED, where + refusal);
        }
        else if (backend == null || backend.state(state.name()) == null)
        {
            found(operator.uid(), state.name(), point.allowNonRestored() ? RestoreOutcome.DROPPED : RestoreOutcome.REFUSED,
                point.allowNonRestored() ? "entries=" + entries : where +
                "it has entries, and the operator does not declare it: declare it, or drop it with JobConfig.allowNonRestoredState()");
        }
        else if (state.placement() == StatePlacement.FIXED && rescaled)
        {
            found(operator.uid(), state.name(), RestoreOutcome.REFUSED, where + "it belongs to its instance, and instances=" +
                operator.parallelism() + " are now instances=" + parallelism + ": keep the parallelism of operator " + operator.name());
        }
        else
        {
            convert(operator, state, backend, where, "entries=" + entries + " " + state.placement() +
                (state.placement() == StatePlacement.DERIVED && rescaled ? ", left out and made anew" : ""));
        }
    }

    private void convert(
        final OperatorDescription operator,
        final StateDescription state,
        final DescribedBackend backend,
        final String where,
        final String text)
    {
        try
        {
            final String change = conversion(operator, state, backend).explain();
            found(operator.uid(), state.name(), change.isEmpty() ? RestoreOutcome.RESTORED : RestoreOutcome.CONVERTED,
                change.isEmpty() ? text : text + ", " + change);
        }
        catch (final IllegalStateException exception)
        {
            found(operator.uid(), state.name(), RestoreOutcome.REFUSED, where + exception.getMessage());
        }
    }

    /** How entries of a state become those of the job. */
    StateConversion conversion(final OperatorDescription operator, final StateDescription state, final DescribedBackend backend)
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
        return ownParts(operator).stream().anyMatch(part -> part.length > 0);
    }

    /** Instances of an operator, in their order; none for a source or another job's. */
    List<ChainNode> instances(final String uid)
    {
        final TreeMap<Integer, ChainNode> found = new TreeMap<>();
        for (final Task task : assembly.tasks)
        {
            Stream.of(task.chain().nodes()).filter(node -> node.uid.equals(uid)).forEach(node -> found.put(task.subtask(), node));
        }
        return new ArrayList<>(found.values());
    }
}
