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

import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.checkpoint.OrderJournal;
import io.millrace.core.checkpoint.OrderRecording;
import io.millrace.core.ordering.ArrivalMerge;
import io.millrace.core.ordering.CausalMerge;
import io.millrace.core.ordering.IngressClock;
import io.millrace.core.ordering.OrderLog;
import io.millrace.core.ordering.OrderLogHandler;
import io.millrace.core.ordering.OrderLogRing;
import io.millrace.core.ordering.ProducerGraph;
import io.millrace.core.ordering.ReplayLog;
import io.millrace.core.ordering.SavedPlace;
import io.millrace.core.ordering.SourceProgress;
import io.millrace.core.plan.ChainPlan;
import io.millrace.core.plan.Plan;
import io.millrace.core.time.ProcessingClock;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RingConsumer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The order of a job whose plan has tasks with several channels, or uses the engine's clock: who produces for whom, and what each
 * source and task says of itself. Tasks are added in topological order, each with its channels.
 * <p>
 * With several sources the order in which they take turns is logged; with the clock, its readings too, and then the turns of a
 * single source as well. Where checkpoints are kept the log is kept too, by the log thread, and the next life follows it before it
 * goes on live.
 */
class JobOrder implements AutoCloseable
{
    private static final int LOG_ENTRIES = 1 << 12;
    private static final long MAX_LANE_SLOTS = 1 << 22;

    private final MemoryAccount account;
    private final OrderLogRing log;
    private final IngressClock clock;
    private final ProducerGraph graph;
    private final Map<ChainPlan, int[]> numbers = new HashMap<>();
    private final List<SourceProgress> sources = new ArrayList<>();
    /** Their ids are behind those of the sources. */
    private final List<SourceProgress> arrivalMerges = new ArrayList<>();
    private final int sourceTasks;
    private final boolean logged;
    /** Whether sources stop where the recording ends. */
    private final boolean halts;
    /** Null when the plan has no use for the clock. */
    private final EngineClock engineClock;
    private final TimeUnit timeUnit;
    /** Of the operators that use processing time. */
    private final List<NodeClock> nodeClocks = new ArrayList<>();
    /** The last tick that all sources put, in the pipeline's unit. */
    private long lastTick = Long.MIN_VALUE;
    private final CheckpointService checkpoints;
    private final Barriers barriers;
    private final OrderLogHandler ignored = this::ignore;
    /** Null when the order is not kept. */
    private OrderJournal journal;
    /** What sources follow first; null before they begin. */
    private ReplayLog replay;
    private long drained = -1;
    private long trimmed;
    private volatile long neededFrom;
    private boolean behindSavepoint;

    JobOrder(
        final int sourceTasks,
        final int arrivalMerges,
        final MemoryAccount account,
        final CheckpointService checkpoints,
        final EngineClock engineClock,
        final TimeUnit timeUnit,
        final boolean halts)
    {
        this.sourceTasks = sourceTasks;
        this.halts = halts;
        this.engineClock = engineClock;
        this.timeUnit = timeUnit;
        this.account = account;
        this.checkpoints = checkpoints;
        this.barriers = new Barriers(checkpoints);
        this.logged = sourceTasks > 1 || arrivalMerges > 0 || engineClock != null || halts;
        this.log = new OrderLogRing(account, LOG_ENTRIES, sourceTasks + arrivalMerges + 1, 0);
        this.clock = new IngressClock(log, 0);
        this.graph = new ProducerGraph(clock);
    }

    /**
     * The order of a plan.
     *
     * @param plan        of the job
     * @param account     that memory is counted in
     * @param checkpoints of the job, or null
     * @param config      of the job, for its clock and the recording that it follows
     * @return the order, or null when every task has one channel at most, and nothing uses the clock
     */
    static JobOrder of(
        final Plan plan, final MemoryAccount account, final CheckpointService checkpoints, final JobConfig config)
    {
        int sourceTasks = 0;
        int arrivalMerges = 0;
        boolean merges = false;
        for (final ChainPlan chain : plan.chains())
        {
            sourceTasks += chain.head().source() == null ? 0 : chain.parallelism();
            merges |= plan.channels(chain) > 1;
            arrivalMerges += plan.mergesByArrival(chain) ? chain.parallelism() : 0;
        }
        final EngineClock engineClock = plan.usesClock() ? new EngineClock(config.clock()) : null;
        final boolean halts = config.replaying() != null && !config.replaying().goesOn();
        return merges || engineClock != null || halts ?
            new JobOrder(sourceTasks, arrivalMerges, account, checkpoints, engineClock, plan.timeUnit(), halts) : null;
    }

    /**
     * Goes on behind what was restored, before the job runs: first as the log says, then live.
     *
     * @param lastCause    that sources had given when the checkpoint was made, -1 when there is none
     * @param checkpointId 0 when there is none
     * @param recording    of another job, to be followed where this job's log ends; or null
     */
    void begin(final long lastCause, final long checkpointId, final OrderRecording recording)
    {
        final long first = lastCause < 0 ? 0 : (lastCause >>> SlotDescriptor.CAUSE_INDEX_BITS) + 1;
        barriers.startBehind(checkpointId, first - 1);
        long next = first;
        if (logged)
        {
            journal = checkpoints == null ? null : checkpoints.openOrderJournal();
            replay = replay(first, checkpointId, recording);
            next += replay.size();
            for (final SourceProgress source : sources)
            {
                final ReplayLog.Cursor cursor = replay.cursor(source.id());
                if (cursor.hasEntry())
                {
                    source.replay(cursor);
                    barriers.replayBegins();
                }
            }
            for (final SourceProgress merge : arrivalMerges)
            {
                final ReplayLog.Cursor cursor = replay.runs(merge.id());
                if (cursor.hasEntry())
                {
                    merge.replay(cursor);
                }
            }
        }
        log.startAt(next);
        clock.startAt(next);
        drained = next - 1;
    }

    /** {@link #begin} of a job that begins from a savepoint: an order log that is empty begins there. */
    void beginBehindSavepoint(final long lastCause, final long checkpointId, final OrderRecording recording)
    {
        behindSavepoint = true;
        begin(lastCause, checkpointId, recording);
    }

    private ReplayLog replay(final long first, final long checkpointId, final OrderRecording recording)
    {
        if (journal == null && recording != null)
        {
            final ReplayLog streaming = ReplayLog.streaming(() -> new OrderFrom(recording.open(), first));
            streaming.recordByRecord(recording.recordByRecord());
            return streaming;
        }
        final ReplayLog kept = new ReplayLog();
        if (journal == null)
        {
            return kept;
        }
        kept.recordByRecord(recording != null && recording.recordByRecord());
        if (behindSavepoint && journal.nextBatch() == 0 && first > 0)
        {
            journal.startAt(first);
        }
        if (recording != null)
        {
            recording.replay((batch, kind, source, count, value, time) ->
            {
                if (batch >= journal.nextBatch())
                {
                    journal.onEntry(batch, kind, source, count, value, time);
                }
            });
            journal.flush();
        }
        if (journal.nextBatch() < first && !journal.beginAt(first))
        {
            throw new IllegalStateException("order log ends before batch=" + journal.nextBatch() + " but checkpoint " + checkpointId +
                " was made behind batch=" + (first - 1) + ": bring the log back, or begin with an empty checkpoint directory");
        }
        journal.replay(first, kept);
        return kept;
    }

    /** Whether the order in which sources take turns is kept, and {@link #doLog()} is to be called. */
    boolean kept()
    {
        return journal != null;
    }

    /** Whether sources stop where the recording ends. */
    boolean halts()
    {
        return halts;
    }

    /** What holds a task back until the order will survive; null when the order is that of the one source. */
    OutputGate newGate()
    {
        return logged && checkpoints != null ? new OutputGate(log) : null;
    }

    Barriers barriers()
    {
        return barriers;
    }

    /** Whether sources take turns by the ingress clock; a single one has an order of its own, unless the clock is used. */
    boolean logged()
    {
        return logged;
    }

    /** The engine's clock, or null when the plan has no use for it. */
    EngineClock engineClock()
    {
        return engineClock;
    }

    /** Adds an operator that uses processing time, while the job is built. */
    NodeClock newNodeClock()
    {
        final NodeClock added = new NodeClock();
        nodeClocks.add(added);
        return added;
    }

    SourceProgress source(final ChainPlan chain, final int subtask, final String name)
    {
        final SourceProgress progress = newProgress(clock, sources.size(), name);
        sources.add(progress);
        number(chain, subtask, graph.source(progress));
        return progress;
    }

    /** Adds a task that merges by arrival, before its inputs. */
    SourceProgress arrivalMerge(final ChainPlan chain, final int subtask, final String name)
    {
        final SourceProgress progress = clock.newArrivalMerge(sourceTasks + arrivalMerges.size(), name);
        arrivalMerges.add(progress);
        number(chain, subtask, graph.arrivalMerge(progress));
        return progress;
    }

    ArrivalMerge mergeByArrival(final ChainPlan chain, final int subtask)
    {
        return graph.arrivalMerge(numbers.get(chain)[subtask]);
    }

    /** Adds a source to the clock; called once a source task, while the job is built. */
    SourceProgress newProgress(final IngressClock ingress, final int id, final String name)
    {
        return ingress.newSource(id, name);
    }

    SavedPlace task(final ChainPlan chain, final int subtask, final String name)
    {
        final int number = graph.task(name);
        number(chain, subtask, number);
        return graph.savedPlace(number);
    }

    private void number(final ChainPlan chain, final int subtask, final int number)
    {
        numbers.computeIfAbsent(chain, key -> new int[chain.parallelism()])[subtask] = number;
    }

    void input(
        final ChainPlan chain,
        final int subtask,
        final ChainPlan producer,
        final int producerSubtask,
        final RingConsumer consumer,
        final int maxRecordLength)
    {
        final int length = SlotDescriptor.HEADER_LENGTH + maxRecordLength;
        final int slots = (length + consumer.slotLength() - 1) / consumer.slotLength();
        graph.input(numbers.get(chain)[subtask], numbers.get(producer)[producerSubtask], consumer, slots);
    }

    CausalMerge merge(final ChainPlan chain, final int subtask)
    {
        final CausalMerge merge = graph.merge(numbers.get(chain)[subtask], account, MAX_LANE_SLOTS);
        // Behind a merge by arrival barriers have causes of their own, and the order depends on whether they block.
        merge.blocking(checkpoints == null || checkpoints.alignsBarriers() || !arrivalMerges.isEmpty());
        return merge;
    }

    /**
     * Claims the place of a barrier that was asked for. The I/O thread.
     *
     * @param endOfInput says which barriers sources still answer
     * @return work done, 0 when there was none
     */
    int doWork(final EndOfInput endOfInput)
    {
        int work = 0;
        if (journal == null)
        {
            work = log.drain(ignored, LOG_ENTRIES);
            log.durableBatch(drained);
        }
        if (!halts && !nodeClocks.isEmpty() && !barriers.replaying() && !endOfInput.isDrained())
        {
            work += tick();
        }
        if (logged && checkpoints != null && !barriers.replaying() && (!halts || endOfInput.isDrained()))
        {
            final long requested = checkpoints.requestedCheckpoint();
            if (requested > barriers.last() && endOfInput.answers(requested) && clock.mayBroadcast())
            {
                final long time = engineClock == null ? 0 : engineClock.read();
                barriers.put(requested, clock.broadcast(OrderLog.KIND_BARRIER, requested, time));
                neededFrom = barriers.neededFrom();
                work++;
            }
        }
        return work;
    }

    /**
     * Has every source put a tick when an operator waits for one. One that is on its way already will do: what it waits for
     * is never at or before what it has had.
     */
    private int tick()
    {
        long due = ProcessingClock.NEVER;
        for (final NodeClock nodeClock : nodeClocks)
        {
            due = Math.min(due, nodeClock.due());
        }
        if (due == ProcessingClock.NEVER || due <= lastTick)
        {
            return 0;
        }
        final long now = engineClock.read();
        final long time = timeUnit.convert(now, TimeUnit.MILLISECONDS);
        if (due > time || !clock.mayBroadcast())
        {
            return 0;
        }
        lastTick = time;
        clock.broadcast(OrderLog.KIND_TICK, 0, now);
        return 1;
    }

    private void ignore(
        final long batch, final byte kind, final int source, final int count, final long value, final long time)
    {
        drained = batch;
    }

    /**
     * Keeps the entries of the order log. The log thread, where the order is kept.
     *
     * @return work done, 0 when there was none
     */
    int doLog()
    {
        int work = log.drain(journal, Math.min(LOG_ENTRIES, journal.room()));
        final long appended = journal.nextBatch() - 1;
        if (drained < appended)
        {
            final long durable = journal.flush();
            work += durable > drained ? 1 : 0;
            drained = Math.max(drained, durable);
            log.durableBatch(drained);
        }
        final long needed = neededFrom;
        if (needed > trimmed)
        {
            trimmed = needed;
            journal.trim(needed);
            work++;
        }
        return work;
    }

    @Override
    public void close()
    {
        try
        {
            if (replay != null)
            {
                replay.close();
            }
            if (journal != null)
            {
                journal.close();
            }
        }
        finally
        {
            log.close();
        }
    }
}
