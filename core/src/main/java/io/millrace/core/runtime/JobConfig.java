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

import io.millrace.core.checkpoint.CheckpointServiceFactory;
import io.millrace.core.checkpoint.IngressJournalFactory;
import io.millrace.core.checkpoint.OrderRecording;
import io.millrace.core.failure.HangReport;
import io.millrace.core.failure.RestartStrategy;
import io.millrace.core.savepoint.SavepointFactory;
import io.millrace.core.savepoint.StateMigration;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How a job runs. Set what differs from the default, then start; {@link #conclude()} checks everything once and nothing
 * can be changed after it.
 */
public final class JobConfig
{
    private ThreadingMode threading = ThreadingMode.SHARED;
    private WaitMode waiting = WaitMode.BACKOFF;
    private StateBackendFactory stateBackend = OffHeapBackend.factory();
    private CheckpointServiceFactory checkpointing;
    private IngressJournalFactory journaling;
    private OrderRecording replaying;
    private SourceGate gating;
    private EmissionObserver observing;
    private int[] pinnedCpus = {};
    private int sharedThreads;
    private int ringCapacity = 1024;
    private int maxParallelism = 128;
    private RestartStrategy restartStrategy = RestartStrategy.none();
    private long memoryLimit = Long.MAX_VALUE;
    private Duration stopTimeout = Duration.ofSeconds(5);
    private boolean chaining = true;
    private boolean ioThread = true;
    private boolean stateHashes;
    private Duration hangTimeout = Duration.ofSeconds(10);
    private Consumer<HangReport> hangHandler = report -> {};
    private boolean failsOnHang;
    private LongSupplier clock = EngineClock.TIME_OF_DAY;
    private final Map<String, StateMigration> migrations = new HashMap<>();
    private SavepointFactory savepoint;
    private boolean allowNonRestored;
    private LongSupplier nanoClock = System::nanoTime;
    private boolean concluded;

    /**
     * Who steps the tasks; by default a few threads share them, which never starves the host.
     *
     * @param mode of threading
     * @return this
     */
    public JobConfig threading(final ThreadingMode mode)
    {
        checkOpen();
        threading = Objects.requireNonNull(mode, "threading");
        return this;
    }

    /**
     * What idle threads do; by default they back off, since a spinning thread takes a core from the host.
     *
     * @param mode of waiting
     * @return this
     */
    public JobConfig waiting(final WaitMode mode)
    {
        checkOpen();
        waiting = Objects.requireNonNull(mode, "waiting");
        return this;
    }

    /**
     * Where keyed state lives; by default off-heap, the fastest.
     *
     * @param factory of backends
     * @return this
     */
    public JobConfig stateBackend(final StateBackendFactory factory)
    {
        checkOpen();
        stateBackend = Objects.requireNonNull(factory, "stateBackend");
        return this;
    }

    /**
     * Where and when checkpoints are made; by default there are none.
     *
     * @param factory of the checkpoint service
     * @return this
     */
    public JobConfig checkpointing(final CheckpointServiceFactory factory)
    {
        checkOpen();
        checkpointing = Objects.requireNonNull(factory, "checkpointing");
        return this;
    }

    /**
     * Begins from a savepoint when there is no checkpoint yet, as {@code Savepoints.in(directory)} opens it. Checkpoints that are
     * there must be of a life that began from the same savepoint: the job then goes on from the latest of them. The savepoint
     * stays as it is, and nothing that the job keeps refers to it (SEMANTICS SP-5, NO_CLAIM).
     *
     * @param factory of the savepoint
     * @return this
     */
    public JobConfig restoringFrom(final SavepointFactory factory)
    {
        checkOpen();
        savepoint = Objects.requireNonNull(factory, "savepoint");
        return this;
    }

    /**
     * Leaves out state of the savepoint that no operator declares; by default the job does not start then (SEMANTICS SP-2).
     *
     * @return this
     */
    public JobConfig allowNonRestoredState()
    {
        checkOpen();
        allowNonRestored = true;
        return this;
    }

    /**
     * Makes the values of a state from those of the savepoint, where more has changed than fields that were appended to its
     * record, or where those shall not be zero.
     *
     * @param uid       of the operator
     * @param state     as {@code savepoint inspect} lists it
     * @param migration makes each value
     * @return this
     */
    public JobConfig migrating(final String uid, final String state, final StateMigration migration)
    {
        checkOpen();
        migrations.put(RestorePoint.key(uid, state), Objects.requireNonNull(migration, "migration"));
        return this;
    }

    /**
     * Where what the application publishes into an ingress is journaled, before it is processed; by default nowhere:
     * after a failure it is not seen again.
     *
     * @param factory of journals, one a source
     * @return this
     */
    public JobConfig journaling(final IngressJournalFactory factory)
    {
        checkOpen();
        journaling = Objects.requireNonNull(factory, "journaling");
        return this;
    }

    /**
     * The order in which the sources of an earlier run took turns, to be followed before the job goes on by itself: with
     * the same inputs it gives the same output, byte for byte. By default a job follows its own log alone, after a
     * restart. Nothing to a job with one source, whose order is that of its input, unless it uses the engine's clock.
     *
     * @param recording of a job with the same plan
     * @return this
     */
    public JobConfig replaying(final OrderRecording recording)
    {
        checkOpen();
        replaying = Objects.requireNonNull(recording, "replaying");
        return this;
    }

    /**
     * Has sources ask before they emit, for tools that replay or step a job; by default they go as fast as they can.
     *
     * @param gate that says how far they may go
     * @return this
     */
    public JobConfig gating(final SourceGate gate)
    {
        checkOpen();
        gating = Objects.requireNonNull(gate, "gating");
        return this;
    }

    /**
     * Shows every record that an operator emits, for tools that step a job; by default nobody looks.
     *
     * @param observer that sees them
     * @return this
     */
    public JobConfig observing(final EmissionObserver observer)
    {
        checkOpen();
        observing = Objects.requireNonNull(observer, "observing");
        return this;
    }

    /**
     * Pins the task threads, the first to the first processor and so on; by default none is pinned, since the host's
     * threads may need the same processors.
     *
     * @param cpus numbers of processors, one for each thread to be pinned
     * @return this
     */
    public JobConfig pinnedCpus(final int... cpus)
    {
        checkOpen();
        pinnedCpus = cpus.clone();
        return this;
    }

    /**
     * Threads under {@link ThreadingMode#SHARED}; by default as many as processors, and no more than tasks: more would
     * only take turns.
     *
     * @param threads 1 or more, 0 for the default
     * @return this
     */
    public JobConfig sharedThreads(final int threads)
    {
        checkOpen();
        sharedThreads = threads;
        return this;
    }

    /**
     * Slots of each ring between two tasks; by default 1,024: 64 KiB of small records, which stays in the L2 cache.
     *
     * @param slots a power of two, 4 or more
     * @return this
     */
    public JobConfig ringCapacity(final int slots)
    {
        checkOpen();
        ringCapacity = slots;
        return this;
    }

    /**
     * Number of key groups, fixed for the life of the state; by default 128, enough for any single machine.
     *
     * @param groups a power of two, up to 32,768
     * @return this
     */
    public JobConfig maxParallelism(final int groups)
    {
        checkOpen();
        maxParallelism = groups;
        return this;
    }

    /**
     * How often a failed job is restarted in place from its latest checkpoint, without delay; by default never, so that
     * failures are seen.
     *
     * @param times 0 or more
     * @return this
     */
    public JobConfig restarts(final int times)
    {
        if (times < 0)
        {
            throw new IllegalArgumentException("restarts=" + times + " must be 0 or more");
        }
        return restartStrategy(RestartStrategy.fixedDelay(times, Duration.ZERO));
    }

    /**
     * Whether and when a failed job is restarted in place from its latest checkpoint; by default never, so that failures
     * are seen. While it waits no thread is blocked: {@link Job#doWork()} returns 0.
     *
     * @param strategy that decides
     * @return this
     */
    public JobConfig restartStrategy(final RestartStrategy strategy)
    {
        checkOpen();
        restartStrategy = Objects.requireNonNull(strategy, "restartStrategy");
        return this;
    }

    /**
     * What measures how long something takes: delays of restarts, hanging functions. By default
     * {@link System#nanoTime()}, which no change of the machine's clock moves; for tests.
     *
     * @param nanoseconds since any moment, never going back; asked by who looks after the job
     * @return this
     */
    public JobConfig nanoClock(final LongSupplier nanoseconds)
    {
        checkOpen();
        nanoClock = Objects.requireNonNull(nanoseconds, "nanoClock");
        return this;
    }

    /**
     * Bound on the job's off-heap memory; by default none, since only the application knows what the machine has left
     * for it.
     *
     * @param bytes above 0
     * @return this
     */
    public JobConfig memoryLimit(final long bytes)
    {
        checkOpen();
        memoryLimit = bytes;
        return this;
    }

    /**
     * Whether operators that need no exchange share a task; by default they do: a call costs less than a hop between
     * threads.
     *
     * @param fuse false for a task an operator
     * @return this
     */
    public JobConfig chaining(final boolean fuse)
    {
        checkOpen();
        chaining = fuse;
        return this;
    }

    /**
     * How long {@link Job#close()} waits for a user function that does not return, before it interrupts it and, when
     * that does not help, leaves its memory allocated; by default 5 seconds, longer than any pause of a sound host.
     *
     * @param timeout above 0
     * @return this
     */
    public JobConfig stopTimeout(final Duration timeout)
    {
        checkOpen();
        stopTimeout = Objects.requireNonNull(timeout, "stopTimeout");
        return this;
    }

    /**
     * Whether I/O has a thread of its own under {@link ThreadingMode#INVOKER}; by default it has, since it may block.
     * Without, {@link Job#doWork()} does it: for hosts that allow no thread, and for tests, where every step is
     * then the caller's.
     *
     * @param own false to do I/O in the caller's steps
     * @return this
     */
    public JobConfig ioThread(final boolean own)
    {
        checkOpen();
        ioThread = own;
        return this;
    }

    /**
     * How long a step of a task may stand still before it is reported as hanging: logged as an error with operator,
     * position, record and stack, counted as {@code hangs}, and handed to {@link #onHang}; by default 10 seconds. Found by
     * the I/O thread, so not under {@link ThreadingMode#INVOKER} without one.
     *
     * @param timeout above 0
     * @return this
     */
    public JobConfig hangTimeout(final Duration timeout)
    {
        checkOpen();
        hangTimeout = Objects.requireNonNull(timeout, "hangTimeout");
        return this;
    }

    /**
     * What is told of a user's function that hangs, once a hang; by default nothing but the log is.
     *
     * @param handler called by the I/O thread, must not block
     * @return this
     */
    public JobConfig onHang(final Consumer<HangReport> handler)
    {
        checkOpen();
        hangHandler = Objects.requireNonNull(handler, "onHang");
        return this;
    }

    /**
     * Whether a hang fails the job, which interrupts the function after {@link #stopTimeout}; by default it does not.
     *
     * @param fails true to fail the job, and restart it where the strategy says so
     * @return this
     */
    public JobConfig failOnHang(final boolean fails)
    {
        checkOpen();
        failsOnHang = fails;
        return this;
    }

    /**
     * Whether {@link Job#stateHashes()} are collected at every barrier, for tests that compare runs; by default not,
     * since it reads all state on the tasks' threads.
     *
     * @param collect true to collect them
     * @return this
     */
    public JobConfig stateHashes(final boolean collect)
    {
        checkOpen();
        stateHashes = collect;
        return this;
    }

    /**
     * What gives processing time, ingestion time and idleness; by default the machine's clock. The engine reads it at the
     * entrance only and keeps what it read in the order log; when it goes back, the engine's time stands still. Jobs
     * that use none of the three never read it.
     *
     * @param milliseconds since the epoch; asked by the threads of the sources and the I/O thread
     * @return this
     */
    public JobConfig clock(final LongSupplier milliseconds)
    {
        checkOpen();
        clock = Objects.requireNonNull(milliseconds, "clock");
        return this;
    }

    /**
     * Checks everything; called when the job starts.
     *
     * @return this
     * @throws IllegalArgumentException when a value cannot be
     */
    public JobConfig conclude()
    {
        if (concluded)
        {
            return this;
        }
        checkRings();
        checkThreads();
        if (memoryLimit <= 0)
        {
            throw new IllegalArgumentException("memoryLimit=" + memoryLimit + " bytes must be above 0");
        }
        if (stopTimeout.isNegative() || stopTimeout.isZero())
        {
            throw new IllegalArgumentException("stopTimeout=" + stopTimeout + " must be above 0: the default is PT5S");
        }
        if (hangTimeout.isNegative() || hangTimeout.isZero())
        {
            throw new IllegalArgumentException("hangTimeout=" + hangTimeout + " must be above 0: the default is PT10S");
        }
        concluded = true;
        return this;
    }

    private void checkRings()
    {
        if (ringCapacity < 4 || Integer.bitCount(ringCapacity) != 1)
        {
            final int up = Math.max(4, Integer.highestOneBit(Math.max(1, Math.min(ringCapacity, 1 << 30) - 1)) << 1);
            throw new IllegalArgumentException("ringCapacity=" + ringCapacity +
                " must be a power of two of at least 4: round it up to " + up);
        }
        if (maxParallelism < 1 || maxParallelism > 1 << 15 || Integer.bitCount(maxParallelism) != 1)
        {
            throw new IllegalArgumentException("maxParallelism=" + maxParallelism +
                " must be a power of two from 1 to 32768: the default is 128");
        }
    }

    private void checkThreads()
    {
        final int cpus = Runtime.getRuntime().availableProcessors();
        if (pinnedCpus.length > cpus)
        {
            throw new IllegalArgumentException("pinnedCpus=" + Arrays.toString(pinnedCpus) + " pins " +
                pinnedCpus.length + " threads, but there are processors=" + cpus +
                ": pin fewer, the others run unpinned");
        }
        if (Arrays.stream(pinnedCpus).distinct().count() != pinnedCpus.length)
        {
            throw new IllegalArgumentException("pinnedCpus=" + Arrays.toString(pinnedCpus) +
                " names a processor twice: give each thread its own");
        }
        if (Arrays.stream(pinnedCpus).anyMatch(cpu -> cpu < 0))
        {
            throw new IllegalArgumentException("pinnedCpus=" + Arrays.toString(pinnedCpus) +
                " names a processor below 0: they are numbered from 0");
        }
        if (pinnedCpus.length > 0 && threading == ThreadingMode.INVOKER)
        {
            throw new IllegalArgumentException("pinnedCpus=" + Arrays.toString(pinnedCpus) +
                " with threading=INVOKER: the thread that steps the job is the caller's, pin it there");
        }
        if (!ioThread && threading != ThreadingMode.INVOKER)
        {
            throw new IllegalArgumentException("ioThread=false with threading=" + threading +
                ": only under INVOKER can the caller do the I/O");
        }
        if (sharedThreads < 0)
        {
            throw new IllegalArgumentException("sharedThreads=" + sharedThreads +
                " must be 1 or more, or 0 for the default");
        }
    }

    ThreadingMode threading()
    {
        return threading;
    }

    WaitMode waiting()
    {
        return waiting;
    }

    StateBackendFactory stateBackend()
    {
        return stateBackend;
    }

    CheckpointServiceFactory checkpointing()
    {
        return checkpointing;
    }

    IngressJournalFactory journaling()
    {
        return journaling;
    }

    SourceGate gating()
    {
        return gating;
    }

    EmissionObserver observing()
    {
        return observing;
    }

    OrderRecording replaying()
    {
        return replaying;
    }

    int[] pinnedCpus()
    {
        return pinnedCpus;
    }

    int sharedThreads()
    {
        return sharedThreads;
    }

    int ringCapacity()
    {
        return ringCapacity;
    }

    /**
     * Number of key groups.
     *
     * @return as set
     */
    public int maxParallelism()
    {
        return maxParallelism;
    }

    RestartStrategy restartStrategy()
    {
        return restartStrategy;
    }

    LongSupplier nanoClock()
    {
        return nanoClock;
    }

    Duration stopTimeout()
    {
        return stopTimeout;
    }

    Duration hangTimeout()
    {
        return hangTimeout;
    }

    Consumer<HangReport> hangHandler()
    {
        return hangHandler;
    }

    boolean failsOnHang()
    {
        return failsOnHang;
    }

    boolean ioThread()
    {
        return ioThread;
    }

    long memoryLimit()
    {
        return memoryLimit;
    }

    /**
     * Whether operators share tasks.
     *
     * @return as set
     */
    public boolean chaining()
    {
        return chaining;
    }

    LongSupplier clock()
    {
        return clock;
    }

    boolean stateHashes()
    {
        return stateHashes;
    }

    RestorePoint restorePoint()
    {
        return new RestorePoint(savepoint, allowNonRestored, migrations);
    }

    private void checkOpen()
    {
        if (concluded)
        {
            throw new IllegalStateException(
                "this configuration was concluded when a job started with it: make another JobConfig");
        }
    }
}
