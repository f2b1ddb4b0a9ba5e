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
import io.millrace.core.checkpoint.CheckpointStats;
import io.millrace.core.failure.DeadLetterValue;
import io.millrace.core.metrics.Counter;
import io.millrace.core.plan.Plan;
import io.millrace.core.savepoint.Savepoint;
import io.millrace.core.savepoint.SavepointFactory;
import io.millrace.core.savepoint.SavepointRequest;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.HashedBackend;
import io.millrace.memory.MemoryAccount;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One life of a job, from a start or restart to its end: the tasks and the checkpoint service. Owns no thread; who
 * steps it ends its threads before it is closed.
 */
final class JobRun
{
    private static final Logger LOGGER = LoggerFactory.getLogger(JobRun.class);

    private final Plan plan;
    private final CheckpointService checkpoints;
    private final JobAssembly assembly;
    private final Task[] tasks;
    private final AtomicReference<JobFailedException> failure = new AtomicReference<>();
    private final long restored;
    private PendingSavepoint pendingSavepoint;
    private final HangWatch hangs;
    private boolean prepares = true;
    private boolean closed;

    JobRun(final Plan plan, final JobConfig config, final MemoryAccount account)
    {
        this.plan = plan;
        final SavepointFactory restorePoint = config.restorePoint().factory();
        final Savepoint savepoint = restorePoint == null ? null : restorePoint.open(account);
        CheckpointService opened = null;
        JobAssembly built = null;
        try (savepoint)
        {
            opened = config.checkpointing() == null ? null : config.checkpointing().open(new CheckpointContext(
                plan.name(), fingerprint(plan, config), plan.taskCount(), account, savepoint == null ? null : savepoint.origin()));
            built = new JobAssembly(plan, config, account, opened,
                JobOrder.of(plan, account, opened, config), this::failed);
            restored = new StateRestore(built).run(opened, savepoint);
            built.tasks.forEach(task -> task.chain().start());
        }
        catch (final RuntimeException | Error exception)
        {
            final OrderlyClose closing = new OrderlyClose();
            closing.close("what was built of job " + plan.name(), built);
            closing.close("checkpoint service of job " + plan.name(), opened);
            closing.attachTo(exception);
            throw exception;
        }
        this.checkpoints = opened;
        this.assembly = built;
        this.tasks = built.tasks.toArray(Task[]::new);
        final Counter counter = new Counter(plan.name(), "hangs");
        built.counters.add(counter);
        this.hangs = new HangWatch(plan.name(), config, tasks, counter);
    }

    /** What a log of the order is of: with merges by arrival a replay needs rings as they were, or it may wait for ever. */
    private static String fingerprint(final Plan plan, final JobConfig config)
    {
        return plan.chains().stream().anyMatch(plan::mergesByArrival) ?
            plan.fingerprint() + ";rings=" + config.ringCapacity() : plan.fingerprint();
    }

    private void failed(final Task task, final Throwable throwable)
    {
        failure.compareAndSet(null, TaskFailure.describe(plan.name(), task, throwable));
    }

    /** Has the sources end when they are asked to; before the first step. */
    void obey(final StopRequest request)
    {
        assembly.endOfInput.obey(request);
    }

    Task[] tasks()
    {
        return tasks;
    }

    /** Steps every task once; who invokes the job. */
    int step()
    {
        int work = 0;
        for (final Task task : tasks)
        {
            work += task.doWork();
        }
        return work;
    }

    /** Allocates ahead and stores checkpoints; the I/O thread, or who invokes a job that has none. */
    int doIo()
    {
        if (failure.get() != null)
        {
            return 0;
        }
        final JobFailedException hanging = hangs.look();
        if (hanging != null)
        {
            failure.compareAndSet(null, hanging);
            return 1;
        }
        final int prepared = prepares ? prepare() : 0;
        final int ordered = assembly.order == null ? 0 : assembly.order.doWork(assembly.endOfInput);
        if (checkpoints == null)
        {
            return prepared + ordered;
        }
        try
        {
            final PendingSavepoint pending = pendingSavepoint();
            return prepared + ordered + (pending == null ? 0 : pending.doWork()) + checkpoints.doWork();
        }
        catch (final Throwable throwable)
        {
            failure.compareAndSet(null, new JobFailedException("job " + plan.name() +
                " failed: its checkpoints cannot be stored: " + throwable.getMessage(), throwable));
            return 0;
        }
    }

    /** Whether the order of the sources is kept, by who calls {@link #doLog()}. */
    boolean logs()
    {
        return assembly.order != null && assembly.order.kept();
    }

    /** Keeps the order in which sources take turns; the log thread, or who invokes a job that has none. */
    int doLog()
    {
        if (failure.get() != null || !logs())
        {
            return 0;
        }
        try
        {
            return assembly.order.doLog();
        }
        catch (final Throwable throwable)
        {
            failure.compareAndSet(null, new JobFailedException("job " + plan.name() +
                " failed: the order log of its sources cannot be stored: " + throwable.getMessage(), throwable));
            return 0;
        }
    }

    private int prepare()
    {
        try
        {
            return assembly.prepare();
        }
        catch (final IllegalStateException | OutOfMemoryError exception)
        {
            // A task that really needs the memory fails with its name; one that does not may run on.
            LOGGER.warn("job {} allocates no more memory ahead: {}", plan.name(), exception.getMessage());
            prepares = false;
            return 0;
        }
    }

    /** Whether there is nothing left to step: every task has come to its end, or one has failed. */
    boolean settled()
    {
        if (failure.get() != null)
        {
            return true;
        }
        for (final Task task : tasks)
        {
            if (!task.stopped())
            {
                return false;
            }
        }
        // A task that failed said why before it stopped.
        return true;
    }

    JobFailedException failure()
    {
        return failure.get();
    }

    long requestCheckpoint()
    {
        if (checkpoints == null)
        {
            throw new IllegalStateException("job " + plan.name() +
                " has no checkpoints: configure them with JobConfig.checkpointing(...)");
        }
        return checkpoints.request();
    }

    /** Asks for a savepoint; any thread. */
    synchronized CompletableFuture<Path> requestSavepoint(final Path directory, final boolean stops, final boolean drains)
    {
        if (checkpoints == null)
        {
            throw new IllegalStateException("job " + plan.name() +
                " has no barriers for a savepoint: configure checkpoints with JobConfig.checkpointing(...)");
        }
        if (pendingSavepoint != null && !pendingSavepoint.result().isDone())
        {
            throw new IllegalStateException("savepoint=" + directory + " of job " + plan.name() +
                " is asked for while another is under way: wait for that one");
        }
        pendingSavepoint = new PendingSavepoint(new SavepointRequest(directory, stops, drains,
            JobDescriptions.of(assembly), new CompletableFuture<>()), checkpoints, assembly.endOfInput);
        return pendingSavepoint.result();
    }

    private synchronized PendingSavepoint pendingSavepoint()
    {
        return pendingSavepoint;
    }

    long completedCheckpoint()
    {
        return checkpoints == null ? 0 : checkpoints.completedCheckpoint();
    }

    CheckpointStats checkpointStats()
    {
        return checkpoints == null ? CheckpointStats.NONE : checkpoints.stats();
    }

    long restoredCheckpoint()
    {
        return restored;
    }

    List<Counter> counters()
    {
        synchronized (assembly.counters)
        {
            return List.copyOf(assembly.counters);
        }
    }

    List<DeadLetterValue> deadLetters()
    {
        return assembly.deadLetters.list();
    }

    WatermarkExplanation watermarks()
    {
        return new WatermarkExplanation(plan.name(), assembly.tasks.stream().map(Task::watermarks).toList());
    }

    List<StateHash> stateHashes()
    {
        return assembly.stateHashes == null ? List.of() : assembly.stateHashes.stream().sorted().toList();
    }

    List<StateHash> currentStates()
    {
        final List<StateHash> states = new ArrayList<>();
        final BlobWriter blob = new BlobWriter();
        for (final Task task : tasks)
        {
            for (final ChainNode node : task.chain().nodes())
            {
                blob.reset();
                node.operator.snapshot(blob);
                final long tables = node.backend() instanceof HashedBackend hashed ? hashed.hash() : 0;
                states.add(new StateHash(0, node.uid, task.subtask(), HashedBackend.fold(tables, blob)));
            }
        }
        return states;
    }

    /**
     * Frees what the life holds. No thread may step it any more. Once; later calls do nothing.
     *
     * @throws IllegalStateException when something could not be closed; everything else is
     */
    void close()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        // What was shown is kept already; this is for who replays the whole run.
        doLog();
        final OrderlyClose closing = new OrderlyClose();
        // The tasks give their chunks back to the service, so it goes last.
        closing.close("tasks of job " + plan.name(), assembly);
        closing.close("checkpoint service of job " + plan.name(), checkpoints);
        final PendingSavepoint pending = pendingSavepoint();
        if (pending != null)
        {
            pending.ended(plan.name(), failure.get());
        }
        closing.rethrow();
    }

    /** Keeps the memory allocated for ever, since a thread that hangs may touch it yet. */
    void abandon()
    {
        closed = true;
    }
}
