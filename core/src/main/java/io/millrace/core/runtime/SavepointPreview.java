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

import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.savepoint.JobDescription;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.RestoreFinding;
import io.millrace.core.savepoint.RestoreOutcome;
import io.millrace.core.savepoint.Savepoint;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.memory.MemoryAccount;

import java.util.List;

/**
 * What a job would do with a savepoint, without starting it. Operators are made and opened, to learn which states they declare:
 * a user function's {@code open} is called, with state that is empty and off-heap. Sources are made but not opened, and so are
 * sinks whose state is in no table; no record is read, and no checkpoint.
 *
 * @param job      as it is built, whose sinks tell no states
 * @param findings what becomes of what: first of what the savepoint has, then of what is new
 */
public record SavepointPreview(JobDescription job, List<RestoreFinding> findings)
{
    private static final int LEAST_RING = 64;

    /** Copies the list. */
    public SavepointPreview
    {
        findings = List.copyOf(findings);
    }

    /**
     * Looks.
     *
     * @param plan      of the job
     * @param config    that the job would be started with; changed and concluded by this, so that no other job can use it. Where
     *                  its state and its savepoint lie does not count
     * @param savepoint that it would begin from; stays open
     * @return what would become of it
     * @throws IllegalStateException when the job cannot be built
     */
    public static SavepointPreview of(final Plan plan, final JobConfig config, final Savepoint savepoint)
    {
        RuntimeFlags.check();
        config.stateBackend(OffHeapBackend.factory()).ringCapacity(LEAST_RING).conclude();
        final MemoryAccount account = new MemoryAccount("preview of job " + plan.name());
        try (JobAssembly assembly = new JobAssembly(plan, config, account, null, JobOrder.of(plan, account, null, config),
            (task, throwable) -> {}, node -> opens(node, savepoint)))
        {
            final SavepointFit fit = new SavepointFit(assembly, savepoint);
            return new SavepointPreview(fit.current(), fit.findings());
        }
    }

    private static boolean opens(final PlanNode node, final Savepoint savepoint)
    {
        if (node.source() != null)
        {
            return false;
        }
        final OperatorDescription stored = savepoint.job().operator(node.uid());
        boolean entries = false;
        for (int i = 0; stored != null && i < stored.states().size(); i++)
        {
            entries |= savepoint.entries(stored, i) > 0;
        }
        return entries || node.outputType(null) != null;
    }

    /**
     * Whether the job would start.
     *
     * @return false when something is refused
     */
    public boolean fits()
    {
        return findings.stream().noneMatch(finding -> finding.outcome() == RestoreOutcome.REFUSED);
    }
}
