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

import io.millrace.checkpoint.files.DirectoryLock;
import io.millrace.core.checkpoint.HashRecording;
import io.millrace.core.ordering.OrderLog;
import io.millrace.core.ordering.OrderLogReader;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.StateHash;
import io.millrace.core.runtime.TaskWatermark;
import io.millrace.memory.record.RecordText;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A replay that is taken record by record: each step feeds the next record, in the recorded order, through the whole pipeline
 * and tells what it did; ticks, barriers and ends of sources come with the record before them. One thread. Reads all state at
 * each step, so it is for looking closely, not for long ways: begin at a checkpoint near the place.
 */
public final class ReplayStepper implements AutoCloseable
{
    private static final int QUIET_STEPS = 4;

    private final DirectoryLock lock;
    private final ReplaySession session;
    private final Map<RecordType<?, ?>, RecordText> texts = new HashMap<>();
    private final List<ReplayStep.Emitted> emitted = new ArrayList<>();
    /** Null without a recorded order. */
    private final OrderLogReader order;
    /** Whose turn it is, record by record, as runs of (source id, count); as far as the order was read. */
    private final Deque<long[]> turns = new ArrayDeque<>();
    private Map<String, Long> states = Map.of();
    private Map<String, Long> watermarks = Map.of();
    private long steps;
    private boolean ended;

    ReplayStepper(final Replay replay)
    {
        lock = replay.prepare();
        boolean opened = false;
        try
        {
            final RecordedRun run = new RecordedRun(replay.checkpoints());
            session = new ReplaySession(replay, run, replay.pipeline(), replay.scratch(), true, this::emitted,
                HashRecording.EVERYTHING, hashes ->
                {
                });
            order = run.ordered() ? new ReplayOrder(run, session::from, session::until, true).open() : null;
            opened = true;
        }
        finally
        {
            if (!opened)
            {
                lock.close();
            }
        }
        settle();
        states = currentStates();
        watermarks = currentWatermarks();
        emitted.clear();
    }

    /** Whose turn is next; reads on where what was read is used up. Null at the end. */
    private long[] turn()
    {
        boolean more = order != null;
        while (more && turns.isEmpty())
        {
            more = order.read((batch, kind, source, count, value, clock) ->
            {
                if (kind == OrderLog.KIND_RECORDS && count > 0)
                {
                    final long[] last = turns.peekLast();
                    if (last != null && last[0] == source)
                    {
                        last[1] += count;
                    }
                    else
                    {
                        turns.add(new long[]{source, count});
                    }
                }
            });
        }
        return turns.peekFirst();
    }

    private void emitted(
        final String operator, final int subtask, final String tag, final RecordType<?, ?> type, final long slot)
    {
        final RecordText text = texts.computeIfAbsent(type, key -> RecordText.of(key.schema()));
        emitted.add(new ReplayStep.Emitted(operator, subtask, tag, type.name(), SlotDescriptor.cause(slot),
            SlotDescriptor.timestamp(slot), text.fields(slot + SlotDescriptor.HEADER_LENGTH, SlotDescriptor.length(slot))));
    }

    /**
     * Feeds the next record.
     *
     * @return what it did; behind the last record, what came of the end; then null
     * @throws io.millrace.core.runtime.JobFailedException when the pipeline fails
     */
    public ReplayStep step()
    {
        if (ended)
        {
            return null;
        }
        emitted.clear();
        final String next = nextSource();
        session.gate().allowOne(next);
        settle();
        final String source = session.gate().steppedSource();
        ended = next == null && source == null || session.job().status() != JobStatus.RUNNING;
        if (source == null && emitted.isEmpty() && ended)
        {
            return null;
        }
        steps++;
        final Map<String, Long> before = states;
        states = session.job().status() == JobStatus.RUNNING ? currentStates() : states;
        final Map<String, Long> reached = watermarks;
        watermarks = currentWatermarks();
        return new ReplayStep(steps, source, List.copyOf(emitted), changed(before, states),
            moved(reached, watermarks));
    }

    private String nextSource()
    {
        final long[] turn = turn();
        if (turn == null)
        {
            return null;
        }
        turn[1]--;
        if (turn[1] == 0)
        {
            turns.removeFirst();
        }
        final List<PlanNode> sources = session.journals().sources();
        return sources.get((int)turn[0]).uid();
    }

    /** Steps the job until the record is through. */
    private void settle()
    {
        final Job job = session.job();
        int quiet = 0;
        while (job.status() == JobStatus.RUNNING && quiet < QUIET_STEPS)
        {
            quiet = job.doWork() == 0 ? quiet + 1 : 0;
        }
        if (job.failure() != null)
        {
            throw job.failure();
        }
    }

    private Map<String, Long> currentStates()
    {
        final Map<String, Long> current = new LinkedHashMap<>();
        for (final StateHash hash : session.job().currentStates())
        {
            current.put(hash.operator() + "/" + hash.subtask(), hash.hash());
        }
        return current;
    }

    private Map<String, Long> currentWatermarks()
    {
        final Map<String, Long> current = new LinkedHashMap<>();
        for (final TaskWatermark task : session.job().watermarks())
        {
            current.put(task.task(), task.watermark());
        }
        return current;
    }

    private static List<String> changed(final Map<String, Long> before, final Map<String, Long> after)
    {
        return after.entrySet().stream().filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
            .map(Map.Entry::getKey).toList();
    }

    private static Map<String, Long> moved(final Map<String, Long> before, final Map<String, Long> after)
    {
        final Map<String, Long> moved = new LinkedHashMap<>(after);
        moved.entrySet().removeIf(entry -> entry.getValue().equals(before.get(entry.getKey())));
        return moved;
    }

    @Override
    public void close()
    {
        try
        {
            session.close();
            if (order != null)
            {
                order.close();
            }
        }
        finally
        {
            lock.close();
        }
    }
}
