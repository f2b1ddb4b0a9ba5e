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
package io.millrace.core.ordering;

import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;
import io.millrace.memory.ring.RingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The pull scan against writers, in every interleaving of their single reads and writes (I9): what is not on the
 * merge's own ring when that is
 * read last must not be below the bound. Each order of reads and of writes that could be swapped by mistake is tried too, and must fail.
 */
class ScanLitmusTest
{
    /** Orders to get wrong. */
    enum Swap
    {
        NOTHING, CLAIM_FLOOR, IDLE_PUBLISH, INJECTED_PUBLISH, BROADCAST_CLAIM_FLOOR, COUNTER_AFTER_FLOOR, BROADCAST_BEFORE_FLOOR,
        OWN_RING_FIRST, CONSUMED_OUTPUTS, RING_BEFORE_SOURCE, RELEASED_LANE, LANE_CLEARED_OUTPUTS, LANE_BEFORE_RING
    }

    private final MemoryAccount account = new MemoryAccount("test");

    @AfterEach
    void offHeapBytesReturnToTheStart()
    {
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldNeverMissABatchOrABroadcast()
    {
        final Result result = enumerate(SourceCase.STEPS, SourceCase.READS, gaps -> run(gaps, Swap.NOTHING));
        assertEquals(0, result.violations, result.toString());
        assertTrue(result.runs > 5_000, result.toString());
    }

    @Test
    void shouldNeverMissARecordOnItsWayThroughATask()
    {
        final Result result = enumerate(6, 4, order -> taskCase(Swap.NOTHING));
        assertEquals(0, result.violations, result.toString());
    }

    @Test
    void shouldNeverMissARecordOnItsWayThroughALane()
    {
        final Result result = enumerate(4, 3, order -> laneCase(Swap.NOTHING));
        assertEquals(0, result.violations, result.toString());
    }

    @ParameterizedTest
    @EnumSource(value = Swap.class, mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void shouldNoticeASwap(final Swap swap)
    {
        final Result result = switch (swap)
        {
            case CONSUMED_OUTPUTS, RING_BEFORE_SOURCE -> enumerate(6, 4, order -> taskCase(swap));
            case RELEASED_LANE, LANE_CLEARED_OUTPUTS, LANE_BEFORE_RING -> enumerate(4, 3, order -> laneCase(swap));
            default -> enumerate(SourceCase.STEPS, SourceCase.READS, order -> run(order, swap));
        };
        assertTrue(result.violations > 0, result.toString());
    }

    private LitmusCase run(final int order, final Swap swap)
    {
        return new SourceCase(order, swap);
    }

    private LitmusCase taskCase(final Swap swap)
    {
        return new TaskCase(account, swap);
    }

    private LitmusCase laneCase(final Swap swap)
    {
        return new LaneCase(account, swap);
    }

    /**
     * All ways to do the writers' steps before, between and after the reads; for the source also all merges of its
     * steps with the coordinator's.
     */
    private static Result enumerate(final int steps, final int reads, final IntFunction<LitmusCase> cases)
    {
        final Result result = new Result();
        final int orders = steps == SourceCase.STEPS ? SourceCase.ORDERS : 1;
        for (int order = 0; order < orders; order++)
        {
            enumerate(new int[reads], 0, steps, order, cases, result);
        }
        return result;
    }

    private static void enumerate(
        final int[] gaps, final int index, final int left, final int order, final IntFunction<LitmusCase> cases, final Result result)
    {
        if (index == gaps.length)
        {
            if (result.violations != 0)
            {
                return;
            }
            try (LitmusCase litmus = cases.apply(order))
            {
                if (litmus.possible(gaps.clone()))
                {
                    result.runs++;
                    result.violations += litmus.violated() ? 1 : 0;
                }
            }
            return;
        }
        for (int steps = 0; steps <= left; steps++)
        {
            gaps[index] = steps;
            enumerate(gaps, index + 1, left - steps, order, cases, result);
        }
    }

    private static final class Result
    {
        private int runs;
        private int violations;

        @Override
        public String toString()
        {
            return "runs=" + runs + " violations=" + violations;
        }
    }

    /** One interleaving. */
    private abstract static class LitmusCase implements AutoCloseable
    {
        final Swap swap;
        final OrderLogRing logRing;
        final IngressClock clock;
        final ProducerGraph graph;
        final List<Runnable> steps = new ArrayList<>();
        final List<Long> own = new ArrayList<>();
        private final MemoryAccount account;
        private int[] gaps;
        private int gap;
        private int done;
        private int seen;
        private long bound;
        boolean impossible;

        LitmusCase(final MemoryAccount account, final Swap swap)
        {
            this.account = account;
            this.swap = swap;
            this.logRing = new OrderLogRing(account, 16, 2, 0);
            this.clock = new IngressClock(logRing, 0);
            this.graph = new ProducerGraph(clock);
        }

        RecordRing ring(final String name)
        {
            return RecordRing.create(account, name, 4, 64, 1);
        }

        void beforeRead()
        {
            for (int i = gap < gaps.length ? gaps[gap++] : 0; i > 0; i--)
            {
                steps.get(done++).run();
            }
        }

        /** Runs it; false when the writers could not have acted like this. */
        boolean possible(final int[] gaps)
        {
            this.gaps = gaps;
            if (swap == Swap.OWN_RING_FIRST)
            {
                beforeRead();
                seen = own.size();
                bound = scan().bound(0);
            }
            else
            {
                bound = scan().bound(0);
                beforeRead();
                seen = own.size();
            }
            while (done < steps.size())
            {
                steps.get(done++).run();
            }
            return !impossible;
        }

        boolean violated()
        {
            return own.subList(seen, own.size()).stream().anyMatch(cause -> cause < bound);
        }

        abstract PullScan scan();

        @Override
        public void close()
        {
            logRing.close();
        }
    }

    /** A source that claims a batch, next to a coordinator that broadcasts. */
    private static final class SourceCase extends LitmusCase
    {
        static final int STEPS = 9;
        static final int READS = 6;
        static final int ORDERS = 36;

        private final SourceProgress source;
        private long batch;
        private long broadcast = -1;
        private boolean injected;

        SourceCase(final int order, final Swap swap)
        {
            super(new MemoryAccount("order log"), swap);
            source = clock.newSource(0, "source");
            final int node = graph.source(source);
            final int task = graph.task("merge");
            final RecordRing unused = ring("unused");
            graph.input(task, node, unused.consumer(0), 1);
            unused.close();
            final List<Runnable> own = sourceSteps();
            final List<Runnable> coordinator = List.of(
                swap == Swap.BROADCAST_CLAIM_FLOOR ? this::claimBroadcast : this::raise,
                swap == Swap.BROADCAST_CLAIM_FLOOR ? this::raise : this::claimBroadcast);
            // The order says at which two of nine places the coordinator acts.
            int left = order;
            int first = 0;
            while (left >= STEPS - 1 - first)
            {
                left -= STEPS - 1 - first++;
            }
            final int second = first + 1 + left;
            for (int place = 0, next = 0; place < STEPS; place++)
            {
                steps.add(place == first ? coordinator.get(0) : place == second ? coordinator.get(1) : own.get(next++));
            }
        }

        private List<Runnable> sourceSteps()
        {
            final List<Runnable> result = new ArrayList<>(List.of(
                swap == Swap.CLAIM_FLOOR ? this::claim : source::raiseFloor,
                swap == Swap.CLAIM_FLOOR ? () -> source.advance(batch) : this::claim,
                this::inject, this::sayInjected, this::publish, source::idle, this::injectLate));
            if (swap == Swap.IDLE_PUBLISH)
            {
                result.set(4, source::idle);
                result.set(5, this::publish);
            }
            if (swap == Swap.INJECTED_PUBLISH)
            {
                result.set(2, this::sayInjected);
                result.set(3, this::inject);
            }
            return result;
        }

        private void raise()
        {
            clock.raise(swap == Swap.BROADCAST_CLAIM_FLOOR ? broadcast : clock.nextCause(), OrderLog.KIND_BARRIER, 1, 0);
            if (swap == Swap.BROADCAST_CLAIM_FLOOR)
            {
                clock.resolve(broadcast >> 16);
            }
        }

        private void claimBroadcast()
        {
            final long claimed = clock.claimBatch();
            broadcast = IngressClock.cause(claimed, 0);
            if (swap != Swap.BROADCAST_CLAIM_FLOOR)
            {
                clock.resolve(claimed);
            }
        }

        private void claim()
        {
            batch = IngressClock.cause(clock.claimBatch(), 0);
        }

        private void inject()
        {
            final long pending = swap == Swap.BROADCAST_CLAIM_FLOOR || swap == Swap.INJECTED_PUBLISH ?
                broadcast >= 0 && broadcast < batch ? broadcast : IngressClock.NONE : source.pendingBroadcast(batch);
            impossible |= pending == IngressClock.UNRESOLVED;
            if (pending != IngressClock.NONE && pending != IngressClock.UNRESOLVED)
            {
                own.add(pending);
                injected = true;
            }
        }

        private void sayInjected()
        {
            if (injected || swap == Swap.INJECTED_PUBLISH && broadcast >= 0 && broadcast < batch)
            {
                source.injected(broadcast);
            }
        }

        private void publish()
        {
            own.add(batch);
        }

        private void injectLate()
        {
            if (!injected && broadcast >= 0)
            {
                own.add(broadcast);
                source.injected(broadcast);
            }
        }

        @Override
        PullScan scan()
        {
            return new LitmusScan(graph, this);
        }
    }

    /** A record that goes from the source's ring through a task. */
    private static final class TaskCase extends LitmusCase
    {
        private final SourceProgress source;
        private final RecordRing ring;
        private long batch;

        TaskCase(final MemoryAccount account, final Swap swap)
        {
            super(account, swap);
            source = clock.newSource(0, "source");
            ring = ring("input");
            final int from = graph.source(source);
            final int task = graph.task("task");
            graph.input(task, from, ring.consumer(0), 1);
            // The merge's own ring is the list; its consumer is not read.
            graph.input(graph.task("merge"), task, ring.consumer(0), 1);
            steps.add(source::raiseFloor);
            steps.add(() -> batch = IngressClock.cause(clock.claimBatch(), 0));
            steps.add(() -> publish(ring, batch));
            steps.add(source::idle);
            steps.add(swap == Swap.CONSUMED_OUTPUTS ? this::release : () -> own.add(batch));
            steps.add(swap == Swap.CONSUMED_OUTPUTS ? () -> own.add(batch) : this::release);
        }

        private void release()
        {
            take(ring.consumer(0));
            ring.consumer(0).release();
        }

        @Override
        PullScan scan()
        {
            return new LitmusScan(graph, this);
        }

        @Override
        public void close()
        {
            ring.close();
            super.close();
        }
    }

    /** A record that goes from a task's ring through its lane. */
    private static final class LaneCase extends LitmusCase
    {
        private final RecordRing ring;

        LaneCase(final MemoryAccount account, final Swap swap)
        {
            super(account, swap);
            ring = ring("input");
            final int from = graph.source(clock.newSource(0, "source"));
            final int task = graph.task("task");
            graph.input(task, from, ring.consumer(0), 1);
            graph.input(graph.task("merge"), task, ring.consumer(0), 1);
            final InputChannel channel = graph.inputs(task)[0];
            final long cause = 1;
            publish(ring, cause);
            clock.claimBatch();
            steps.add(swap == Swap.RELEASED_LANE ? this::release : () -> channel.laneCause(cause));
            steps.add(swap == Swap.RELEASED_LANE ? () -> channel.laneCause(cause) : this::release);
            steps.add(swap == Swap.LANE_CLEARED_OUTPUTS ? () -> channel.laneCause(RecordRing.NO_CAUSE) : () -> own.add(cause));
            steps.add(swap == Swap.LANE_CLEARED_OUTPUTS ? () -> own.add(cause) : () -> channel.laneCause(RecordRing.NO_CAUSE));
        }

        private void release()
        {
            take(ring.consumer(0));
            ring.consumer(0).release();
        }

        @Override
        PullScan scan()
        {
            return new LitmusScan(graph, this);
        }

        @Override
        public void close()
        {
            ring.close();
            super.close();
        }
    }

    private static void publish(final RecordRing ring, final long cause)
    {
        ring.producer().control(SlotDescriptor.KIND_TICK, 0, cause, 0);
        ring.producer().publish();
    }

    private static void take(final RingConsumer consumer)
    {
        consumer.consume(consumer.poll());
    }

    /** Runs writers before each read, and reads in wrong orders. */
    private static final class LitmusScan extends PullScan
    {
        private final LitmusCase litmus;
        private final boolean lanes;
        private final boolean sources;

        LitmusScan(final ProducerGraph graph, final LitmusCase litmus)
        {
            super(graph, graph.size() - 1);
            this.litmus = litmus;
            this.lanes = litmus instanceof LaneCase;
            this.sources = litmus instanceof SourceCase;
        }

        @Override
        long bound(final int channel)
        {
            if (litmus.swap == Swap.RING_BEFORE_SOURCE)
            {
                final InputChannel input = tasks(channel)[0][0];
                final long pending = pendingCause(input);
                scanSources(channel, nextCause());
                return pending == RecordRing.NO_CAUSE ? bounds(input.producer) : pending;
            }
            return super.bound(channel);
        }

        @Override
        long sourceBound(final SourceProgress source, final long nextCause)
        {
            return switch (litmus.swap)
            {
                case COUNTER_AFTER_FLOOR ->
                {
                    final long floor = floor(source);
                    litmus.beforeRead();
                    final long late = super.nextCause();
                    final long broadcast = broadcastFloor();
                    yield Math.min(floor == SourceProgress.IDLE ? late : floor,
                        injected(source) < broadcast ? broadcast : IngressClock.NONE);
                }
                case BROADCAST_BEFORE_FLOOR ->
                {
                    final long broadcast = broadcastFloor();
                    final boolean pending = injected(source) < broadcast;
                    final long floor = floor(source);
                    yield Math.min(floor == SourceProgress.IDLE ? nextCause : floor, pending ? broadcast : IngressClock.NONE);
                }
                default -> super.sourceBound(source, nextCause);
            };
        }

        @Override
        long inputBound(final InputChannel input)
        {
            if (litmus.swap != Swap.LANE_BEFORE_RING)
            {
                return super.inputBound(input);
            }
            final long lane = laneCause(input);
            final long pending = pendingCause(input);
            final long bound = pending == RecordRing.NO_CAUSE ? bounds(input.producer) : pending;
            return lane == RecordRing.NO_CAUSE ? bound : Math.min(bound, lane);
        }

        @Override
        long nextCause()
        {
            before(!lanes);
            return super.nextCause();
        }

        @Override
        boolean ended(final SourceProgress source)
        {
            before(sources);
            return super.ended(source);
        }

        @Override
        long floor(final SourceProgress source)
        {
            before(!lanes);
            return super.floor(source);
        }

        @Override
        long broadcastFloor()
        {
            before(sources);
            return super.broadcastFloor();
        }

        @Override
        long injected(final SourceProgress source)
        {
            before(sources);
            return super.injected(source);
        }

        @Override
        long pendingCause(final InputChannel input)
        {
            before(true);
            return super.pendingCause(input);
        }

        @Override
        long laneCause(final InputChannel input)
        {
            before(lanes);
            return super.laneCause(input);
        }

        private void before(final boolean counts)
        {
            if (counts)
            {
                litmus.beforeRead();
            }
        }
    }
}
