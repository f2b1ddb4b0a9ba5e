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

import io.millrace.core.metrics.Counter;
import io.millrace.core.plan.Plan;
import io.millrace.memory.MemoryAccount;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A started job. Any thread may call it; {@link #doWork()} one at a time. Whoever started it closes it.
 */
public final class Job implements AutoCloseable
{
    private final Plan plan;
    private final JobConfig config;
    private final MemoryAccount account;
    private int restartsLeft;
    private int incarnation;
    private JobRun run;
    private JobStatus status = JobStatus.RUNNING;
    private JobFailedException failure;

    private Job(final Plan plan, final JobConfig config)
    {
        this.plan = plan;
        this.config = config.conclude();
        this.account = new MemoryAccount("job " + plan.name(), config.memoryLimit());
        this.restartsLeft = config.restarts();
    }

    /**
     * Starts a job: restores its latest checkpoint when it has one, and begins to step its tasks.
     *
     * @param plan   of the job
     * @param config how to run it; concluded by this
     * @return the job
     */
    public static Job start(final Plan plan, final JobConfig config)
    {
        RuntimeFlags.check();
        final Job job = new Job(plan, config);
        job.run = new JobRun(plan, job.config, job.account, 1);
        job.incarnation = 1;
        job.run.start(job::supervise);
        return job;
    }

    /**
     * Steps the job once, under {@link ThreadingMode#INVOKER}.
     *
     * @return work done, 0 when there was none
     */
    public int doWork()
    {
        if (config.threading() != ThreadingMode.INVOKER)
        {
            throw new IllegalStateException("threading=" + config.threading() + " of job " + plan.name() +
                " has threads of its own: only under INVOKER does the caller step it");
        }
        return status() == JobStatus.RUNNING ? currentRun().invoke() + supervise() : 0;
    }

    /**
     * Waits for the job's end.
     *
     * @throws InterruptedException when the waiting thread is interrupted
     * @throws JobFailedException   when the job failed
     */
    public void await() throws InterruptedException
    {
        synchronized (this)
        {
            while (status == JobStatus.RUNNING)
            {
                wait();
            }
        }
        rethrow();
    }

    /**
     * Waits for the job's end, for so long.
     *
     * @param timeout how long
     * @param unit    of the timeout
     * @throws InterruptedException when the waiting thread is interrupted
     * @throws TimeoutException     when the job is still running then
     * @throws JobFailedException   when the job failed
     */
    public void await(final long timeout, final TimeUnit unit) throws InterruptedException, TimeoutException
    {
        final long deadline = System.nanoTime() + unit.toNanos(timeout);
        synchronized (this)
        {
            while (status == JobStatus.RUNNING)
            {
                final long left = deadline - System.nanoTime();
                if (left <= 0)
                {
                    throw new TimeoutException("job " + plan.name() + " is still running after " + timeout + " " + unit);
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
        rethrow();
    }

    private synchronized void rethrow()
    {
        if (failure != null)
        {
            throw new JobFailedException(failure.getMessage(), failure);
        }
    }

    /**
     * Looks at what the tasks have come to, and ends or restarts the job.
     *
     * @return 1 when something changed
     */
    private int supervise()
    {
        final JobRun current = currentRun();
        if (!current.settled())
        {
            return 0;
        }
        final JobFailedException failed = current.failure();
        if (failed == null)
        {
            end(JobStatus.FINISHED, null);
        }
        else if (restartsLeft > 0)
        {
            restartsLeft--;
            restart(failed);
        }
        else
        {
            end(JobStatus.FAILED, failed);
        }
        return 1;
    }

    private void restart(final JobFailedException cause)
    {
        final JobRun current = currentRun();
        current.closeTasks();
        try
        {
            final JobRun next = new JobRun(plan, config, account, ++incarnation);
            synchronized (this)
            {
                run = next;
            }
            next.continueOn(current, this::supervise);
        }
        catch (final RuntimeException exception)
        {
            exception.addSuppressed(cause);
            end(JobStatus.FAILED, new JobFailedException("job " + plan.name() + " could not be restarted after " + cause.getMessage(),
                exception));
        }
    }

    private void end(final JobStatus newStatus, final JobFailedException newFailure)
    {
        currentRun().closeTasks();
        synchronized (this)
        {
            if (status == JobStatus.RUNNING)
            {
                status = newStatus;
                failure = newFailure;
            }
            notifyAll();
        }
    }

    private synchronized JobRun currentRun()
    {
        return run;
    }

    /**
     * Where the job is in its life.
     *
     * @return the status now
     */
    public synchronized JobStatus status()
    {
        return status;
    }

    /**
     * Asks for a checkpoint now.
     *
     * @return its id, or 0 when one is under way
     */
    public long checkpoint()
    {
        return currentRun().requestCheckpoint();
    }

    /**
     * The latest checkpoint that will survive.
     *
     * @return its id, 0 when there is none
     */
    public long completedCheckpoint()
    {
        return currentRun().completedCheckpoint();
    }

    /**
     * The checkpoint that this job, or its last restart, began from.
     *
     * @return its id, 0 when it began from nothing
     */
    public long restoredCheckpoint()
    {
        return currentRun().restoredCheckpoint();
    }

    /**
     * What the operators count.
     *
     * @return the counters of the tasks that run now
     */
    public List<Counter> counters()
    {
        return currentRun().counters();
    }

    /**
     * What the operators held at each barrier since the start or the last restart; empty unless the configuration
     * asks for it.
     *
     * @return by checkpoint, then by operator
     */
    public List<StateHash> stateHashes()
    {
        return currentRun().stateHashes();
    }

    /**
     * Off-heap memory that the job holds.
     *
     * @return in bytes
     */
    public long offHeapBytes()
    {
        return account.allocatedBytes();
    }

    /**
     * The plan for people, with the threads.
     *
     * @return several lines
     */
    public String explain()
    {
        return plan.explain() + currentRun().explainThreads();
    }

    /** Stops the tasks where they are, frees their memory and waits until the threads have ended. */
    @Override
    public void close()
    {
        currentRun().stop();
        end(JobStatus.CANCELLED, null);
    }
}
