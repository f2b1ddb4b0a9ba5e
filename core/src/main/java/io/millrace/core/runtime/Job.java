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

import io.millrace.core.checkpoint.CheckpointStats;
import io.millrace.core.failure.DeadLetterValue;
import io.millrace.core.failure.JobFailure;
import io.millrace.core.metrics.Counter;
import io.millrace.core.plan.Plan;
import io.millrace.memory.MemoryAccount;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
    private final JobRestarts restarts;
    private final StopRequest stop = new StopRequest();
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
        this.restarts = new JobRestarts(config);
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
        JobMemory.of(plan, config).requireRoom();
        job.begin();
        return job;
    }

    private JobRun newRun()
    {
        final JobRun next = new JobRun(plan, config, account);
        next.obey(stop);
        return next;
    }

    private void begin()
    {
        run = newRun();
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
                return status == JobStatus.RESTARTING ? supervise() : 0;
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
            return status == JobStatus.RESTARTING ? supervise() : run.doIo() + supervise();
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
        if (restarts.isWaiting())
        {
            return superviseWait();
        }
        final JobRun current = run;
        final boolean settled = current.settled();
        if (!settled && !cancelled)
        {
            return 0;
        }
        final JobFailedException failed = current.failure();
        if (failed != null && !cancelled && restarts.restartsAfter(failed))
        {
            rest(failed);
        }
        else
        {
            end(settled ? JobStatus.FINISHED : JobStatus.CANCELLED, failed);
        }
        return 1;
    }

    /** Ends a life that another one is to follow. */
    private void rest(final JobFailedException cause)
    {
        LOGGER.warn("job {} restarts, delay={}{}: {}", plan.name(), restarts.delay(),
            stop.forget() ? ", and runs on though it was asked to stop" : "", cause.getMessage());
        final JobFailedException notClosed = close(run);
        if (notClosed != null)
        {
            restarts.take();
            cause.addSuppressed(notClosed);
            end(JobStatus.FAILED, cause);
            return;
        }
        status(JobStatus.RESTARTING);
        if (restarts.isDue())
        {
            restart(restarts.take());
        }
    }

    private int superviseWait()
    {
        if (cancelled)
        {
            restarts.take();
            end(JobStatus.CANCELLED, null);
            return 1;
        }
        if (!restarts.isDue())
        {
            return 0;
        }
        restart(restarts.take());
        return 1;
    }

    private void restart(final JobFailedException cause)
    {
        try
        {
            final JobRun next = newRun();
            run = next;
            status(JobStatus.RUNNING);
            startThreads(next);
        }
        catch (final Throwable throwable)
        {
            status(JobStatus.RESTARTING);
            throwable.addSuppressed(cause);
            final JobFailedException failed = new JobFailedException("job " + plan.name() +
                " could not be restarted after " + cause.getMessage() + ": " + throwable.getMessage(), throwable);
            if (cancelled || !restarts.restartsAfter(failed))
            {
                end(JobStatus.FAILED, failed);
                return;
            }
            // The next attempt is a step of its own, however soon it is due.
            LOGGER.warn("job {} restarts, delay={}: {}", plan.name(), restarts.delay(), failed.getMessage());
            final JobFailedException notClosed = close(run);
            if (notClosed != null)
            {
                restarts.take();
                failed.addSuppressed(notClosed);
                end(JobStatus.FAILED, failed);
            }
        }
    }

    private synchronized void status(final JobStatus now)
    {
        if (!status.ended())
        {
            status = now;
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
        if (!status.ended())
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
            while (!status.ended())
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
            while (!status.ended())
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
        if (!status.ended() && isInCallback())
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
     * What the job failed with so far, also where it was restarted after it.
     *
     * @return the latest 32 failures, the last one last
     */
    public List<JobFailure> failures()
    {
        return restarts.failures();
    }

    /**
     * Asks for a checkpoint now.
     *
     * @return its id, or 0 when one is under way
     * @throws IllegalStateException when the job has no checkpoints, or has ended
     */
    public long checkpoint()
    {
        checkRuns();
        return run.requestCheckpoint();
    }

    /**
     * Asks for a savepoint: all that the job holds at one barrier, in a directory that can be moved, from which another job
     * begins with {@link JobConfig#restoringFrom}. The job runs on, and its sinks commit nothing for it (SEMANTICS SP-6). Any
     * thread; under {@link ThreadingMode#INVOKER} the job must be stepped until it is there.
     *
     * @param directory that it will be: not there yet, its name of {@code [A-Za-z0-9_-]{1,64}}
     * @return completed with the directory by the thread that does the job's I/O, which must not be held up; or with why
     *     there is none
     * @throws IllegalStateException when the job has no checkpoints, has ended, or makes another savepoint
     */
    public CompletableFuture<Path> savepoint(final Path directory)
    {
        checkRuns();
        return run.requestSavepoint(directory, false, false);
    }

    /**
     * Asks for a savepoint with which the job ends: no record comes behind its barrier, sinks commit, tasks end (SEMANTICS
     * SP-7). When it cannot be made, the job runs on; a drained one fails, and begins from its last checkpoint again.
     *
     * @param directory as for {@link #savepoint}
     * @param drain     true to send the last watermark before the barrier, so that all windows fire: for a job that is not
     *                  resumed. A job that begins from such a savepoint ends at once
     * @return as of {@link #savepoint}; the job's end is another event, see {@link #await()}
     * @throws IllegalStateException as {@link #savepoint}
     */
    public CompletableFuture<Path> stopWithSavepoint(final Path directory, final boolean drain)
    {
        checkRuns();
        return run.requestSavepoint(directory, true, drain);
    }

    private void checkRuns()
    {
        if (status != JobStatus.RUNNING)
        {
            throw new IllegalStateException("job " + plan.name() + " does not run, status=" + status +
                ": ask for checkpoints and savepoints while it runs");
        }
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
     * What became of the checkpoints since the start or the last restart; tasks are numbered as in {@link #watermarks}.
     *
     * @return counts, and reports of the latest
     */
    public CheckpointStats checkpointStats()
    {
        return run.checkpointStats();
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
     * The latest records that operators failed with and went on without, for people to look at; the pipeline's dead
     * letters are the stream of all of them.
     *
     * @return of the tasks that run now, or ran last: at most {@link io.millrace.core.failure.LatestDeadLetters#CAPACITY},
     *     the last one last
     */
    public List<DeadLetterValue> deadLetters()
    {
        return run.deadLetters();
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
     * What off-heap memory the job takes, for people: what follows from the plan, the limit, and who holds how much now.
     *
     * @return several lines
     */
    public String explainMemory()
    {
        return JobMemory.of(plan, config).explain(account);
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
     * Asks the job to end as if its input ended later: its sources emit no more, what is under way is processed, and a
     * last checkpoint is made, where there are checkpoints, from which the job can be started again and goes on. Windows
     * that are open stay so. The job ends as {@link JobStatus#FINISHED}; {@link #await()} waits for that. When it fails
     * meanwhile and is restarted it runs on, and can be asked again. Any thread; does nothing when the job is ending or has
     * ended. Under {@link ThreadingMode#INVOKER} the steps that follow do what is asked.
     */
    public void stop()
    {
        stop.stop();
    }

    /**
     * Asks the job to end as if its input ended here: as {@link #stop()}, but with the last watermark, so that all windows
     * and timers fire. A job that is started again from its last checkpoint ends at once. Where both were asked for, the
     * first counts.
     */
    public void drain()
    {
        stop.drain();
    }

    /**
     * Asks the job to end at once, as {@link #close()} does, and waits for nothing: what is under way is not processed, and
     * no checkpoint is made. Any thread; under {@link ThreadingMode#INVOKER} the next step ends the job, or
     * {@link #close()}.
     */
    public void cancel()
    {
        cancelled = true;
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
            if (!status.ended())
            {
                supervise();
            }
        }
        finally
        {
            stepping.unlock();
        }
    }
}
