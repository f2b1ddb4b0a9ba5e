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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A started job. Any thread may call it. Whoever started it closes it.
 * <p>
 * One thread at a time looks after the job, and it alone restarts and ends it: its I/O thread, or under
 * {@link ThreadingMode#INVOKER} whoever steps it. All others only ask.
 */
public final class Job implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(Job.class);

    private final Plan plan;
    private final JobConfig config;
    private final MemoryAccount account;
    private final JobThreads threads;
    /** Held by who steps an invoked job, or ends it. */
    private final StepLock stepping = new StepLock();
    private int restartsLeft;
    private volatile JobRun run;
    private volatile JobStatus status = JobStatus.RUNNING;
    private volatile JobFailedException failure;
    private volatile boolean cancelled;

    private Job(final Plan plan, final JobConfig config)
    {
        this.plan = plan;
        this.config = config;
        this.account = new MemoryAccount("job " + plan.name(), config.memoryLimit());
        this.threads = new JobThreads(plan.name(), config);
        this.restartsLeft = config.restarts();
    }

    /**
     * Starts a job: restores its latest checkpoint when it has one, and begins to step its tasks.
     *
     * @param plan   of the job
     * @param config how to run it; concluded by this
     * @return the job, closed by the caller
     * @throws IllegalArgumentException when a value of the configuration cannot be
     * @throws IllegalStateException    when the machine, the JVM's flags or the checkpoint do not fit the job
     */
    public static Job start(final Plan plan, final JobConfig config)
    {
        RuntimeFlags.check();
        final Job job = new Job(plan, config.conclude());
        job.begin();
        return job;
    }

    private void begin()
    {
        run = new JobRun(plan, config, account);
        try
        {
            startThreads(run);
        }
        catch (final RuntimeException | Error exception)
        {
            threads.releaseIo();
            final JobFailedException notClosed = close(run);
            if (notClosed != null)
            {
                exception.addSuppressed(notClosed);
            }
            throw exception;
        }
    }

    private void startThreads(final JobRun begun)
    {
        if (begun.logs() && config.ioThread())
        {
            threads.startLog(begun::doLog);
        }
        if (config.threading() != ThreadingMode.INVOKER)
        {
            threads.startTasks(begun.tasks());
            if (!threads.isCurrent())
            {
                threads.startIo(this::lookAfter);
            }
        }
        else if (config.ioThread())
        {
            threads.startIo(begun::doIo);
        }
    }

    /**
     * Steps the job once, under {@link ThreadingMode#INVOKER}. Not to be called within a callback of the job.
     *
     * @return work done, 0 when there was none
     * @throws IllegalStateException under another threading mode
     */
    public int doWork()
    {
        if (config.threading() != ThreadingMode.INVOKER)
        {
            throw new IllegalStateException("threading=" + config.threading() + " of job " + plan.name() +
                " has threads of its own: only under INVOKER does the caller step it");
        }
        if (stepping.isHeldByCurrentThread())
        {
            throw new IllegalStateException("doWork() of job " + plan.name() +
                " is called within a callback of the job: return from it, then step on");
        }
        stepping.lock();
        try
        {
            if (status != JobStatus.RUNNING)
            {
                return 0;
            }
            final JobRun current = run;
            final int work = current.step();
            return work + (config.ioThread() ? 0 : current.doLog() + current.doIo()) + supervise();
        }
        finally
        {
            stepping.unlock();
        }
    }

    /** What the I/O thread does. */
    private int lookAfter()
    {
        try
        {
            return run.doIo() + supervise();
        }
        catch (final Throwable throwable)
        {
            end(JobStatus.FAILED, new JobFailedException("job " + plan.name() +
                " failed, and its I/O thread with it: " + throwable, throwable));
            return 1;
        }
    }

    /** Looks at what the tasks have come to, and ends or restarts the job. */
    private int supervise()
    {
        final JobRun current = run;
        final boolean settled = current.settled();
        if (!settled && !cancelled)
        {
            return 0;
        }
        final JobFailedException failed = current.failure();
        if (failed != null && restartsLeft > 0 && !cancelled)
        {
            restart(failed);
        }
        else
        {
            end(settled ? JobStatus.FINISHED : JobStatus.CANCELLED, failed);
        }
        return 1;
    }

    private void restart(final JobFailedException cause)
    {
        restartsLeft--;
        LOGGER.warn("job {} restarts, restartsLeft={}: {}", plan.name(), restartsLeft, cause.getMessage());
        final JobFailedException notClosed = close(run);
        if (notClosed != null)
        {
            cause.addSuppressed(notClosed);
            end(JobStatus.FAILED, cause);
            return;
        }
        try
        {
            final JobRun next = new JobRun(plan, config, account);
            run = next;
            startThreads(next);
        }
        catch (final Throwable throwable)
        {
            throwable.addSuppressed(cause);
            end(JobStatus.FAILED, new JobFailedException("job " + plan.name() + " could not be restarted after " +
                cause.getMessage() + ": " + throwable.getMessage(), throwable));
        }
    }

    private void end(final JobStatus outcome, final JobFailedException cause)
    {
        final JobFailedException notClosed = close(run);
        if (cause != null && notClosed != null)
        {
            cause.addSuppressed(notClosed);
        }
        end(outcome, cause, notClosed);
        threads.releaseIo();
    }

    private synchronized void end(
        final JobStatus outcome, final JobFailedException cause, final JobFailedException notClosed)
    {
        if (status == JobStatus.RUNNING)
        {
            failure = cause != null ? cause : notClosed;
            status = failure != null ? JobStatus.FAILED : outcome;
            notifyAll();
        }
    }

    /** Ends the threads that step a life, all but the caller's, and frees it; returns what went wrong, or null. */
    private JobFailedException close(final JobRun current)
    {
        final boolean stopped = threads.isCurrent() ? threads.stopTasks() : threads.stopTasks() & threads.stopIo();
        if (!stopped)
        {
            current.abandon();
            return leaked(threads.hanging() + " did not stop within stopTimeout=" + config.stopTimeout() +
                ": a user function hangs there");
        }
        try
        {
            current.close();
            return null;
        }
        catch (final RuntimeException exception)
        {
            return new JobFailedException("job " + plan.name() + " was not closed well: " + exception.getMessage(),
                exception);
        }
    }

    private JobFailedException leaked(final String why)
    {
        final JobFailedException leaked =
            new JobFailedException("job " + plan.name() + " leaves its memory allocated: " + why, null);
        LOGGER.error("{}", leaked.getMessage());
        return leaked;
    }

    /**
     * Waits for the job's end. Under {@link ThreadingMode#INVOKER} another thread must step it meanwhile.
     *
     * @throws InterruptedException when the waiting thread is interrupted
     * @throws JobFailedException   when the job failed
     */
    public void await() throws InterruptedException
    {
        checkMayWait();
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
        checkMayWait();
        final long deadline = System.nanoTime() + unit.toNanos(timeout);
        synchronized (this)
        {
            while (status == JobStatus.RUNNING)
            {
                final long left = deadline - System.nanoTime();
                if (left <= 0)
                {
                    throw new TimeoutException(
                        "job " + plan.name() + " is still running after " + timeout + " " + unit);
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
        rethrow();
    }

    private void checkMayWait()
    {
        if (status == JobStatus.RUNNING && isInCallback())
        {
            throw new IllegalStateException("await() of job " + plan.name() +
                " is called within a callback of the job, which would wait for itself: wait on another thread");
        }
    }

    private boolean isInCallback()
    {
        return stepping.isHeldByCurrentThread() || threads.isCurrent();
    }

    private void rethrow()
    {
        final JobFailedException cause = failure;
        if (cause != null)
        {
            throw new JobFailedException(cause.getMessage(), cause);
        }
    }

    /**
     * Where the job is in its life.
     *
     * @return the status now
     */
    public JobStatus status()
    {
        return status;
    }

    /**
     * Why the job failed.
     *
     * @return the failure, or null when it did not
     */
    public JobFailedException failure()
    {
        return failure;
    }

    /**
     * Asks for a checkpoint now.
     *
     * @return its id, or 0 when one is under way
     * @throws IllegalStateException when the job has no checkpoints, or has ended
     */
    public long checkpoint()
    {
        if (status != JobStatus.RUNNING)
        {
            throw new IllegalStateException("job " + plan.name() + " has ended with status=" + status +
                ": ask for checkpoints while it runs");
        }
        return run.requestCheckpoint();
    }

    /**
     * The latest checkpoint that will survive.
     *
     * @return its id, 0 when there is none
     */
    public long completedCheckpoint()
    {
        return run.completedCheckpoint();
    }

    /**
     * The checkpoint that this job, or its last restart, began from.
     *
     * @return its id, 0 when it began from nothing
     */
    public long restoredCheckpoint()
    {
        return run.restoredCheckpoint();
    }

    /**
     * What the operators count.
     *
     * @return the counters of the tasks that run now, or ran last
     */
    public List<Counter> counters()
    {
        return run.counters();
    }

    /**
     * How far event time has got in each task, and what holds it back: read while the job runs, so what is told of two
     * tasks may be of different moments.
     *
     * @return the tasks that run now, or ran last, each behind those that feed it
     */
    public List<TaskWatermark> watermarks()
    {
        return run.watermarks().tasks();
    }

    /**
     * The same for people: for each task its watermark, for each of its channels who sends and what has come, and the way
     * from there to the source that the others wait for.
     *
     * @return several lines
     */
    public String explainWatermarks()
    {
        return run.watermarks().explain();
    }

    /**
     * What the operators held at each barrier since the start or the last restart; empty unless the configuration
     * asks for it.
     *
     * @return by checkpoint, then by operator
     */
    public List<StateHash> stateHashes()
    {
        return run.stateHashes();
    }

    /**
     * What the operators hold now, under {@link ThreadingMode#INVOKER} between two steps: which of them a step has changed
     * is seen by comparing. Reads all state.
     *
     * @return by operator, the checkpoint is 0; tables count only where the configuration has {@code stateHashes(true)} or
     *     hashes are recorded
     */
    public List<StateHash> currentStates()
    {
        if (config.threading() != ThreadingMode.INVOKER)
        {
            throw new IllegalStateException("threading=" + config.threading() + " of job " + plan.name() +
                " changes state meanwhile: ask under INVOKER, between two steps");
        }
        return run.currentStates();
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
        return plan.explain() + threads.explain();
    }

    /**
     * Stops the tasks where they are, frees their memory and waits until the threads have ended; does nothing when the
     * job has ended. A user function that does not return within {@link JobConfig#stopTimeout} keeps the job's memory
     * allocated, and {@link #failure()} names its thread. Within a callback of the job this only asks for the end,
     * which comes after the callback.
     */
    @Override
    public void close()
    {
        cancelled = true;
        if (isInCallback())
        {
            return;
        }
        if (config.threading() == ThreadingMode.INVOKER)
        {
            closeInvoked();
        }
        else if (!threads.awaitIo())
        {
            end(JobStatus.FAILED, null, leaked("the I/O thread did not end the job within twice stopTimeout=" +
                config.stopTimeout() + ": storage hangs, or a long restore is under way, after which it will end"));
        }
    }

    private void closeInvoked()
    {
        if (!stepping.tryLockUninterruptibly(config.stopTimeout().toNanos()))
        {
            end(JobStatus.FAILED, null, leaked(stepping.holder() + ", which steps the job, did not return within " +
                "stopTimeout=" + config.stopTimeout() + ": a user function hangs there"));
            return;
        }
        try
        {
            if (status == JobStatus.RUNNING)
            {
                supervise();
            }
        }
        finally
        {
            stepping.unlock();
        }
    }

    /** A lock that tells who holds it. */
    private static final class StepLock extends ReentrantLock
    {
        private static final long serialVersionUID = 1L;

        private boolean tryLockUninterruptibly(final long timeoutNanos)
        {
            final long deadline = System.nanoTime() + timeoutNanos;
            boolean interrupted = false;
            try
            {
                while (true)
                {
                    try
                    {
                        return tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    }
                    catch (final InterruptedException exception)
                    {
                        interrupted = true;
                    }
                }
            }
            finally
            {
                if (interrupted)
                {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private String holder()
        {
            return String.valueOf(getOwner());
        }
    }
}
