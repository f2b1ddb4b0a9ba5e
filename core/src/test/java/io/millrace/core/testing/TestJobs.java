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
package io.millrace.core.testing;

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.PlanBuilder;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.time.WatermarkStrategy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Small plans, and what becomes of their records. */
public final class TestJobs
{
    private TestJobs()
    {
    }

    /**
     * An empty plan.
     *
     * @return a builder
     */
    public static PlanBuilder plan()
    {
        return new PlanBuilder("test", TimeUnit.MILLISECONDS);
    }

    /**
     * Adds a source of numbers.
     *
     * @param plan  to add to
     * @param name  of the source
     * @param count of the readings
     * @return the node
     */
    public static PlanNode numbers(final PlanBuilder plan, final String name, final long count)
    {
        final OperatorFactory<Source> factory = OperatorFactory.of(NumberSource.class, count);
        return plan.source(name, factory, ReadingFlyweight.TYPE, WatermarkStrategy.forMonotonousTimestamps());
    }

    /**
     * Adds an operator that shows every reading to a function.
     *
     * @param plan to add to
     * @param name of the operator
     * @param from what feeds it
     * @param hook the function
     * @return the node
     */
    public static PlanNode hook(
        final PlanBuilder plan, final String name, final PlanNode from, final Hook hook)
    {
        final OperatorFactory<Operator> factory = OperatorFactory.of(HookOperator.class, hook);
        final PlanNode node = plan.operator(name, factory, ReadingFlyweight.TYPE, from.parallelism());
        plan.connect(from, null, node, Exchange.FORWARD, null);
        return node;
    }

    /**
     * Adds an operator that sums by key.
     *
     * @param plan        to add to
     * @param from        what feeds it
     * @param parallelism number of instances
     * @return the node
     */
    public static PlanNode sums(final PlanBuilder plan, final PlanNode from, final int parallelism)
    {
        final OperatorFactory<Operator> factory = OperatorFactory.of(SumOperator.class);
        final OperatorFactory<KeyEncoder> encoder = OperatorFactory.of(ReadingKeyEncoder.class);
        final PlanNode node = plan.operator("sums", factory, ReadingFlyweight.TYPE, parallelism).withState();
        plan.connect(from, null, node, Exchange.HASH, encoder);
        return node;
    }

    /**
     * Adds a sink that commits.
     *
     * @param plan      to add to
     * @param from      what feeds it
     * @param committed takes what is committed
     * @return the node
     */
    public static PlanNode commit(final PlanBuilder plan, final PlanNode from, final Committed committed)
    {
        final OperatorFactory<Operator> factory = OperatorFactory.of(
            CommittingSink.class, committed, TransactionFault.NONE, (Runnable)TestJobs::nothing);
        final PlanNode node = plan.operator("sink", factory, null, from.parallelism());
        plan.connect(from, null, node, Exchange.FORWARD, null);
        return node;
    }

    /**
     * What the sink of the sums must have committed in the end.
     *
     * @param count of the readings
     * @return in ascending order
     */
    public static List<Long> expectedSums(final long count)
    {
        final long[] sums = new long[7];
        final List<Long> expected = new ArrayList<>();
        for (long i = 0; i < count; i++)
        {
            sums[(int)(i % 7)] += i;
            expected.add(sums[(int)(i % 7)]);
        }
        expected.sort(null);
        return expected;
    }

    /**
     * Says how what was committed differs from what should be.
     *
     * @param count     of the readings
     * @param committed by the sink of the sums
     * @return empty when every sum was committed once
     */
    public static String difference(final long count, final Committed committed)
    {
        final List<Long> expected = expectedSums(count);
        final List<Long> actual = committed.sorted();
        int same = 0;
        while (same < Math.min(expected.size(), actual.size()) && expected.get(same).equals(actual.get(same)))
        {
            same++;
        }
        return expected.equals(actual) ? "" : "expected size=" + expected.size() + " actual size=" + actual.size() +
            " first difference at=" + same + " expected=" + expected.subList(same,
            Math.min(expected.size(), same + 3)) + " actual=" + actual.subList(same, Math.min(actual.size(), same + 3));
    }

    /**
     * Steps an invoked job to its end.
     *
     * @param job to step
     */
    public static void stepToEnd(final Job job)
    {
        for (int i = 0; i < 10_000_000 && job.status() == JobStatus.RUNNING; i++)
        {
            job.doWork();
        }
        assertTrue(job.status() != JobStatus.RUNNING, "the job does not come to its end");
    }

    private static void nothing()
    {
    }
}
