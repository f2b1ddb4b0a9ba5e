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
package io.millrace.checkpoint.coordinator;

import io.millrace.core.checkpoint.CheckpointReport;
import io.millrace.core.checkpoint.CheckpointReport.Outcome;
import io.millrace.core.checkpoint.CheckpointStats;
import io.millrace.core.checkpoint.TaskPause;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what becomes of checkpoints. Tasks leave their pauses here, in arrays, before they acknowledge; the I/O thread
 * reads them after, and publishes what any thread may read.
 */
final class CheckpointHistory
{
    private final long[] pausedAt;
    private final long[] alignmentNanos;
    private final long[] synchronousNanos;
    private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    private volatile CheckpointStats stats = CheckpointStats.NONE;

    CheckpointHistory(final int tasks)
    {
        pausedAt = new long[tasks];
        alignmentNanos = new long[tasks];
        synchronousNanos = new long[tasks];
    }

    /** The task's thread, before it acknowledges. */
    void paused(final int task, final long checkpointId, final long alignment, final long synchronous)
    {
        pausedAt[task] = checkpointId;
        alignmentNanos[task] = alignment;
        synchronousNanos[task] = synchronous;
    }

    /** What a task has left for a checkpoint, once it has acknowledged it, or null. */
    TaskPause pause(final int task, final long checkpointId)
    {
        return pausedAt[task] == checkpointId ?
            new TaskPause(task, alignmentNanos[task], synchronousNanos[task]) : null;
    }

    /** The I/O thread. */
    void add(final CheckpointReport report)
    {
        counts.merge(report.outcome(), 1L, Long::sum);
        final List<CheckpointReport> latest = new ArrayList<>(stats.latest());
        latest.add(report);
        stats = new CheckpointStats(count(Outcome.COMPLETED), count(Outcome.DECLINED), count(Outcome.TIMED_OUT),
            count(Outcome.FAILED), latest.subList(Math.max(0, latest.size() - CheckpointStats.LATEST), latest.size()), "");
    }

    private long count(final Outcome outcome)
    {
        return counts.getOrDefault(outcome, 0L);
    }

    /** Any thread. */
    CheckpointStats stats()
    {
        return stats;
    }
}
