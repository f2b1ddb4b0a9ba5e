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

import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.PlanBuilder;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.testing.BarrierSink;
import io.millrace.core.testing.InMemoryCheckpoints;
import io.millrace.core.testing.InMemoryOrder;
import io.millrace.core.testing.TestJobs;
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A checkpoint that was asked for, and not completed, before the process died: the next life goes on without it. */
class EarlierRequestTest
{
    private static final long COUNT = 100;

    private final List<Long> barriers = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldEndWhenItIsRestartedBehindItsLastCheckpoint(final int sources)
    {
        final InMemoryCheckpoints checkpoints =
            new InMemoryCheckpoints(0).keeping(new InMemoryOrder(null, InMemoryOrder.Lie.NEVER));
        try (Job job = Job.start(plan(sources).build(128, true), config(checkpoints)))
        {
            TestJobs.stepToEnd(job);
            assertEquals(JobStatus.FINISHED, job.status());
        }
        request(checkpoints);
        try (Job job = Job.start(plan(sources).build(128, true), config(checkpoints)))
        {
            TestJobs.stepToEnd(job);
            assertEquals(JobStatus.FINISHED, job.status());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldNotPutABarrierForIt(final int sources)
    {
        final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(0);
        request(checkpoints);
        request(checkpoints);
        try (Job job = Job.start(plan(sources).build(128, true), config(checkpoints)))
        {
            TestJobs.stepToEnd(job);
            assertEquals(JobStatus.FINISHED, job.status());
        }
        assertFalse(barriers.isEmpty());
        assertTrue(barriers.stream().allMatch(id -> id > 2), barriers.toString());
    }

    /** What a life leaves that asks for a checkpoint and dies. */
    private static void request(final InMemoryCheckpoints checkpoints)
    {
        try (CheckpointService service = checkpoints.open(
            new CheckpointContext("test", "", 1, new MemoryAccount("earlier life"))))
        {
            service.restore((address, length) ->
            {
                // Nobody is restored.
            });
            service.request();
        }
    }

    private static JobConfig config(final InMemoryCheckpoints checkpoints)
    {
        return new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false).checkpointing(checkpoints);
    }

    private PlanBuilder plan(final int sources)
    {
        final PlanBuilder builder = TestJobs.plan();
        final List<PlanNode> nodes = new ArrayList<>();
        for (int i = 0; i < sources; i++)
        {
            nodes.add(TestJobs.numbers(builder, "numbers-" + i, COUNT));
        }
        final OperatorFactory<Operator> sink = OperatorFactory.of(BarrierSink.class, barriers);
        final PlanNode last = builder.operator("sink", sink, null, 1);
        nodes.forEach(node -> builder.connect(node, null, last, Exchange.REBALANCE, null));
        return builder;
    }
}
