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

import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanEdge;
import io.millrace.core.plan.PlanNode;
import io.millrace.memory.MemoryAccount;

import java.util.Comparator;
import java.util.Map;

/**
 * What a job's off-heap memory is for: what it takes at its start at least, known from the plan alone, and who holds it
 * while the job runs.
 *
 * @param job           its name
 * @param rings         bytes of the rings between tasks
 * @param keyed         operator instances behind a keyed exchange
 * @param stateBytes    what the state backend may take of each of them
 * @param backend       its name
 * @param limit         of the job, {@link Long#MAX_VALUE} for none
 */
record JobMemory(String job, long rings, int keyed, long stateBytes, String backend, long limit)
{
    private static final int OWNERS = 20;

    static JobMemory of(final Plan plan, final JobConfig config)
    {
        long rings = 0;
        int keyed = 0;
        for (final PlanNode node : plan.nodes())
        {
            boolean hashed = false;
            for (final PlanEdge edge : plan.inputs(node))
            {
                hashed |= edge.exchange() == Exchange.HASH;
                rings += plan.chained(edge) ? 0 : ChannelRings.bytes(edge, config.ringCapacity());
            }
            keyed += hashed ? node.parallelism() : 0;
        }
        return new JobMemory(plan.name(), rings, keyed, config.stateBackend().memory(), config.stateBackend().name(),
            config.memoryLimit());
    }

    private long leastBytes()
    {
        return rings + keyed * stateBytes;
    }

    /**
     * Refuses a job before anything of it is allocated.
     *
     * @throws IllegalStateException when it would take more than its limit
     */
    void requireRoom()
    {
        if (leastBytes() > limit)
        {
            throw new IllegalStateException("job " + job + " takes bytes=" + leastBytes() + " at least, memoryLimit=" +
                limit + ": " + needs() + ": raise JobConfig.memoryLimit, or lower ringCapacity or what the state " +
                "backend may take");
        }
    }

    private String needs()
    {
        return "rings=" + rings + ", state on " + backend + "=" + keyed + " x " + stateBytes;
    }

    /** For people: the bound, what is known before the start, and who holds what now, the largest first. */
    String explain(final MemoryAccount account)
    {
        final StringBuilder text = new StringBuilder("memory of job ").append(job).append(": held=")
            .append(account.allocatedBytes()).append(" peak=").append(account.peakBytes()).append(" limit=")
            .append(limit == Long.MAX_VALUE ? "none" : limit).append(", at least ").append(leastBytes()).append(" (")
            .append(needs()).append(")\n");
        final Map<String, Long> owners = account.owners();
        owners.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())).limit(OWNERS)
            .forEach(owner -> text.append("  ").append(owner.getValue()).append(' ').append(owner.getKey()).append('\n'));
        if (owners.size() > OWNERS)
        {
            text.append("  and ").append(owners.size() - OWNERS).append(" smaller ones\n");
        }
        return text.toString();
    }
}
