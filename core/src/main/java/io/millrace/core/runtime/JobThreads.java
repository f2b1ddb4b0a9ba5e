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

import org.agrona.concurrent.BackoffIdleStrategy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The threads of a job: those that step its tasks, pinned where that was asked for, and the one for I/O, which also
 * looks after the job. Started and stopped by one thread at a time; the rest may be called by any.
 */
final class JobThreads
{
    /** How long a user function that blocks is waited for after it was interrupted. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final String job;
    private final JobConfig config;
    private final List<EngineThread> taskThreads = new CopyOnWriteArrayList<>();
    private final List<EngineThread> hanging = new CopyOnWriteArrayList<>();
    private final List<String> pinned = new CopyOnWriteArrayList<>();
    private volatile EngineThread ioThread;

    JobThreads(final String job, final JobConfig config)
    {
        this.job = job;
        this.config = config;
        if (config.pinnedCpus().length > 0)
        {
            CpuPin.check();
        }
    }

    /** Starts the threads that step tasks. */
    void startTasks(final Task[] tasks)
    {
        pinned.clear();
        final List<List<Task>> groups = groups(tasks);
        for (int i = 0; i < groups.size(); i++)
        {
            final Task[] group = groups.get(i).toArray(Task[]::new);
            final String role = group[0].roleName();
            final EngineThread thread = new EngineThread(job, role, group.length == 1 ? group[0]::doWork :
                () -> step(group), config.waiting().newIdleStrategy(), pinning(role, i));
            taskThreads.add(thread);
            thread.start();
        }
    }

    private static int step(final Task[] group)
    {
        int work = 0;
        for (final Task task : group)
        {
            work += task.doWork();
        }
        return work;
    }

    private Runnable pinning(final String role, final int index)
    {
        if (index >= config.pinnedCpus().length)
        {
            return JobThreads::unpinned;
        }
        final int cpu = config.pinnedCpus()[index];
        return () -> pinned.add(CpuPin.pin(role, cpu));
    }

    private static void unpinned()
    {
    }

    private List<List<Task>> groups(final Task[] tasks)
    {
        final int shared = config.sharedThreads() > 0 ? config.sharedThreads() :
            Runtime.getRuntime().availableProcessors();
        final int threads = config.threading() == ThreadingMode.DEDICATED ? tasks.length :
            Math.min(tasks.length, shared);
        final List<List<Task>> groups = new ArrayList<>();
        for (int i = 0; i < threads; i++)
        {
            groups.add(new ArrayList<>());
        }
        for (int i = 0; i < tasks.length; i++)
        {
            groups.get((int)((long)i * threads / tasks.length)).add(tasks[i]);
        }
        return groups;
    }

    /** Starts the thread that keeps the order log, apart from other I/O, since output waits for it; it ends with the tasks' threads. */
    void startLog(final IntSupplier log)
    {
        final EngineThread thread = new EngineThread(job, "log", log, config.waiting().newIdleStrategy(), JobThreads::unpinned);
        taskThreads.add(thread);
        thread.start();
    }

    /** Starts the thread for I/O. */
    void startIo(final IntSupplier io)
    {
        ioThread = new EngineThread(job, "io", io, new BackoffIdleStrategy(1, 1, 100_000, 1_000_000),
            JobThreads::unpinned);
        ioThread.start();
    }

    /**
     * Ends the threads that step tasks, and waits until they are gone.
     *
     * @return false when one did not end in time
     */
    boolean stopTasks()
    {
        final List<EngineThread> stopping = List.copyOf(taskThreads);
        hanging.addAll(stop(stopping));
        taskThreads.removeAll(stopping);
        return hanging.isEmpty();
    }

    /**
     * Ends the thread for I/O, if there is one, and waits until it is gone.
     *
     * @return false when it did not end in time
     */
    boolean stopIo()
    {
        final EngineThread io = ioThread;
        if (io != null)
        {
            hanging.addAll(stop(List.of(io)));
            ioThread = null;
        }
        return hanging.isEmpty();
    }

    private List<EngineThread> stop(final List<EngineThread> threads)
    {
        threads.forEach(EngineThread::signalStop);
        final long deadline = System.nanoTime() + config.stopTimeout().toNanos();
        final List<EngineThread> late = threads.stream().filter(thread -> !thread.join(deadline)).toList();
        late.forEach(EngineThread::interrupt);
        final long graceDeadline = System.nanoTime() + GRACE_NANOS;
        return late.stream().filter(thread -> !thread.join(graceDeadline)).toList();
    }

    /** Lets the thread for I/O end after the step that it is in. */
    void releaseIo()
    {
        final EngineThread io = ioThread;
        if (io != null)
        {
            io.signalStop();
        }
    }

    /**
     * Waits until the thread for I/O has ended the job and itself.
     *
     * @return false when it did not within the time that it may take for that
     */
    boolean awaitIo()
    {
        final EngineThread io = ioThread;
        return io == null || io.join(System.nanoTime() + 2 * (config.stopTimeout().toNanos() + GRACE_NANOS));
    }

    /**
     * Whether the caller is one of the job's threads, which cannot wait for themselves.
     *
     * @return true within a callback of the job
     */
    boolean isCurrent()
    {
        final EngineThread io = ioThread;
        return io != null && io.isCurrent() || taskThreads.stream().anyMatch(EngineThread::isCurrent) ||
            hanging.stream().anyMatch(EngineThread::isCurrent);
    }

    /** Names of the threads that did not end when they were told to. */
    List<String> hanging()
    {
        return hanging.stream().map(EngineThread::toString).toList();
    }

    String explain()
    {
        final StringBuilder text = new StringBuilder("threads: ").append(config.threading());
        taskThreads.forEach(thread -> text.append("\n  ").append(thread.roleName()));
        pinned.forEach(line -> text.append("\n  ").append(line));
        return text.append('\n').toString();
    }
}
