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
import io.millrace.core.metrics.Counter;
import io.millrace.core.plan.Plan;
import io.millrace.memory.MemoryAccount;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;

/** One life of a job, from a start or restart to its end. */
final class JobRun
{
    private final Plan plan;
    private final JobConfig config;
    private final CheckpointService checkpoints;
    private final JobAssembly assembly;
    private final AtomicReference<JobFailedException> failure = new AtomicReference<>();
    private final long restored;
    private JobThreads threads;
    private boolean closed;

    JobRun(final Plan plan, final JobConfig config, final MemoryAccount account, final int incarnation)
    {
        this.plan = plan;
        this.config = config;
        this.checkpoints = config.checkpointing() == null ? null :
            config.checkpointing().open(new CheckpointContext(plan.name(), plan.fingerprint(), plan.taskCount(), account));
        JobAssembly built = null;
        try
        {
            built = new JobAssembly(plan, config, account, checkpoints, this::failed);
            restored = checkpoints == null ? 0 : new StateRestore(built).run(checkpoints);
        }
        catch (final RuntimeException | Error exception)
        {
            if (built != null)
            {
                built.close();
            }
            if (checkpoints != null)
            {
                checkpoints.close();
            }
            throw exception;
        }
        this.assembly = built;
    }

    private void failed(final Task task, final Throwable throwable)
    {
        failure.compareAndSet(null, TaskFailure.describe(plan.name(), task, throwable));
    }

    void start(final IntSupplier supervisor)
    {
        threads = new JobThreads(plan.name(), config, supervisor);
        threads.start(assembly.tasks, this::doIo);
    }

    /** Takes over the threads' places from a life that has ended. */
    void continueOn(final JobRun before, final IntSupplier supervisor)
    {
        threads = before.threads;
        threads.restart(assembly.tasks, this::doIo);
    }

    int invoke()
    {
        int work = 0;
        for (int i = 0; i < assembly.tasks.size(); i++)
        {
            work += assembly.tasks.get(i).doWork();
        }
        return work;
    }

    private synchronized int doIo()
    {
        if (closed)
        {
            return 0;
        }
        final int prepared = assembly.prepare();
        if (checkpoints == null)
        {
            return prepared;
        }
        try
        {
            return prepared + checkpoints.doWork();
        }
        catch (final RuntimeException exception)
        {
            failure.compareAndSet(null, new JobFailedException("job " + plan.name() + " failed: its checkpoints cannot be stored: " +
                exception.getMessage(), exception));
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
        // Asked after every step of an invoked job, so without an iterator.
        for (int i = 0; i < assembly.tasks.size(); i++)
        {
            if (!assembly.tasks.get(i).stopped())
            {
                return false;
            }
        }
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

    long completedCheckpoint()
    {
        return checkpoints == null ? 0 : checkpoints.completedCheckpoint();
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

    List<StateHash> stateHashes()
    {
        return assembly.stateHashes == null ? List.of() : assembly.stateHashes.stream().sorted().toList();
    }

    String explainThreads()
    {
        return threads.explain();
    }

    /** Ends the threads of the tasks and of I/O. */
    void stop()
    {
        threads.stop();
    }

    /** Frees what the tasks hold. Their threads are ended first; called by the I/O thread, by who steps an invoked job, or by close. */
    synchronized void closeTasks()
    {
        if (closed)
        {
            return;
        }
        if (threads != null && !threads.stopTasks())
        {
            // A thread that hangs in a user function may touch the memory yet: it is kept rather than freed under it.
            failure.compareAndSet(null, new JobFailedException("job " + plan.name() + " leaves its memory allocated: " +
                threads.hanging() + " did not stop in time: a user function hangs there", null));
            closed = true;
            return;
        }
        closed = true;
        if (checkpoints != null)
        {
            checkpoints.close();
        }
        assembly.close();
    }
}
