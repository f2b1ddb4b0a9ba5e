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

import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.CompositeAgent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The threads of a job: those that step tasks, as the mode says, and one for I/O, which also supervises.
 */
final class JobThreads
{
    private static final int STOP_TIMEOUT_MILLIS = 5_000;

    private final String job;
    private final JobConfig config;
    private final IntSupplier supervisor;
    private final List<AgentRunner> taskRunners = new ArrayList<>();
    private final List<String> pinned = new ArrayList<>();
    private AgentRunner ioRunner;
    private Thread hanging;

    JobThreads(final String job, final JobConfig config, final IntSupplier supervisor)
    {
        this.job = job;
        this.config = config;
        this.supervisor = supervisor;
    }

    synchronized void start(final List<Task> tasks, final IntSupplier io)
    {
        if (config.pinnedCpus().length > 0)
        {
            PinnedRunnable.check();
        }
        if (config.threading() == ThreadingMode.INVOKER)
        {
            startIo(new IoAgent(io, () -> 0));
            return;
        }
        startTasks(tasks);
        startIo(new IoAgent(io, supervisor));
    }

    /** Steps the tasks of a new life; called by the I/O thread or by who steps an invoked job. */
    synchronized void restart(final List<Task> tasks, final IntSupplier io)
    {
        ((IoAgent)ioRunner.agent()).io = io;
        if (config.threading() != ThreadingMode.INVOKER)
        {
            startTasks(tasks);
        }
    }

    private void startTasks(final List<Task> tasks)
    {
        final List<List<Task>> groups = groups(tasks);
        for (int i = 0; i < groups.size(); i++)
        {
            final List<Task> group = groups.get(i);
            final Agent agent = group.size() == 1 ? group.get(0) : new CompositeAgent(group);
            final AgentRunner runner = new AgentRunner(config.waiting().newIdleStrategy(), JobThreads::unexpected, null,
                agent);
            taskRunners.add(runner);
            final int cpu = i < config.pinnedCpus().length ? config.pinnedCpus()[i] : -1;
            AgentRunner.startOnThread(runner, runnable -> thread(runnable, group.get(0).roleName(), cpu));
        }
    }

    private void startIo(final IoAgent agent)
    {
        ioRunner = new AgentRunner(new BackoffIdleStrategy(1, 1, 100_000, 1_000_000), JobThreads::unexpected, null,
            agent);
        AgentRunner.startOnThread(ioRunner, runnable -> thread(runnable, "io", -1));
    }

    private Thread thread(final Runnable runnable, final String role, final int cpu)
    {
        final Thread thread = new Thread(cpu < 0 ? runnable : new PinnedRunnable(runnable, cpu, role, pinned),
            "millrace-" + job + "-" + role);
        thread.setDaemon(true);
        return thread;
    }

    private static void unexpected(final Throwable throwable)
    {
        if (throwable instanceof Error error)
        {
            throw error;
        }
        throw new IllegalStateException("a thread of the engine failed outside of any task", throwable);
    }

    private List<List<Task>> groups(final List<Task> tasks)
    {
        final int threads = config.threading() == ThreadingMode.DEDICATED ? tasks.size() :
            Math.min(tasks.size(), config.sharedThreads() > 0 ? config.sharedThreads() :
            Runtime.getRuntime().availableProcessors());
        final List<List<Task>> groups = new ArrayList<>();
        for (int i = 0; i < threads; i++)
        {
            groups.add(new ArrayList<>());
        }
        for (int i = 0; i < tasks.size(); i++)
        {
            groups.get((int)((long)i * threads / tasks.size())).add(tasks.get(i));
        }
        return groups;
    }

    /**
     * Ends the threads that step tasks.
     *
     * @return false when one did not stop in time
     */
    synchronized boolean stopTasks()
    {
        for (final AgentRunner runner : taskRunners)
        {
            close(runner);
        }
        taskRunners.clear();
        return hanging == null;
    }

    String hanging()
    {
        return String.valueOf(hanging);
    }

    /** Ends all threads; called from outside of them. */
    void stop()
    {
        final AgentRunner io;
        synchronized (this)
        {
            stopTasks();
            io = ioRunner;
        }
        close(io);
    }

    private void close(final AgentRunner runner)
    {
        try
        {
            runner.close(STOP_TIMEOUT_MILLIS, thread ->
            {
                if (thread.isInterrupted() || thread == hanging)
                {
                    throw new HangingException();
                }
                hanging = thread;
            });
            hanging = runner.isClosed() ? null : hanging;
        }
        catch (final HangingException exception)
        {
            hanging = runner.thread();
        }
    }

    /** Leaves the loop in which a runner waits for its thread. */
    private static final class HangingException extends RuntimeException
    {
        private static final long serialVersionUID = 1L;
    }

    synchronized String explain()
    {
        final StringBuilder text = new StringBuilder("threads: ").append(config.threading());
        for (final AgentRunner runner : taskRunners)
        {
            text.append("\n  ").append(runner.agent().roleName());
        }
        synchronized (pinned)
        {
            pinned.forEach(line -> text.append("\n  ").append(line));
        }
        return text.append('\n').toString();
    }

    /** What the I/O thread does. */
    private static final class IoAgent implements Agent
    {
        private final IntSupplier supervisor;
        private volatile IntSupplier io;

        private IoAgent(final IntSupplier io, final IntSupplier supervisor)
        {
            this.io = io;
            this.supervisor = supervisor;
        }

        @Override
        public int doWork()
        {
            return io.getAsInt() + supervisor.getAsInt();
        }

        @Override
        public String roleName()
        {
            return "io";
        }
    }
}
