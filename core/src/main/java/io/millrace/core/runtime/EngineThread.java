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

import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * A thread of the engine's own, which takes step after step until it is told to stop. To stop has two halves, so that
 * several threads come to rest in the time of one: first {@link #signalStop()} to all, then {@link #join(long)} on
 * each. Memory that the steps use may be freed only when the join has said that the thread is gone.
 */
final class EngineThread
{
    private final String role;
    private final IntSupplier step;
    private final IdleStrategy idleStrategy;
    private final Runnable first;
    private final Thread thread;
    private volatile boolean running = true;

    /**
     * A thread that is not started yet.
     *
     * @param job          that the thread is of
     * @param role         of the thread in the job
     * @param step         does some work, and says how much; it handles its own failures
     * @param idleStrategy what to do when there was no work
     * @param first        run on the thread before the first step
     */
    EngineThread(
        final String job,
        final String role,
        final IntSupplier step,
        final IdleStrategy idleStrategy,
        final Runnable first)
    {
        this.role = role;
        this.step = step;
        this.idleStrategy = idleStrategy;
        this.first = first;
        this.thread = new Thread(this::run, "millrace-" + job + "-" + role);
        thread.setDaemon(true);
    }

    private void run()
    {
        first.run();
        final IntSupplier step = this.step;
        final IdleStrategy idleStrategy = this.idleStrategy;
        while (running)
        {
            idleStrategy.idle(step.getAsInt());
        }
    }

    void start()
    {
        thread.start();
    }

    String roleName()
    {
        return role;
    }

    boolean isCurrent()
    {
        return Thread.currentThread() == thread;
    }

    /** Asks the thread to end after the step that it is in. */
    void signalStop()
    {
        running = false;
        LockSupport.unpark(thread);
    }

    /** Interrupts a user function that blocks. */
    void interrupt()
    {
        thread.interrupt();
    }

    /**
     * Waits for the end of the thread. An interrupt of the caller does not end the wait, but is kept for it.
     *
     * @param deadline in {@link System#nanoTime()}
     * @return false when the thread was still there at the deadline
     */
    boolean join(final long deadline)
    {
        boolean interrupted = false;
        try
        {
            while (thread.isAlive())
            {
                final long left = deadline - System.nanoTime();
                if (left <= 0)
                {
                    return false;
                }
                try
                {
                    TimeUnit.NANOSECONDS.timedJoin(thread, left);
                }
                catch (final InterruptedException exception)
                {
                    interrupted = true;
                }
            }
            return true;
        }
        finally
        {
            if (interrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString()
    {
        return thread.getName();
    }
}
