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

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the sources of a job with checkpoints wait for each other at its end, so that every checkpoint holds every task
 * and the last one holds the end of every source (SEMANTICS CP-7).
 * <pre>
 *   source  --last record, MAX watermark--> asks for a checkpoint, answers barriers
 *           --its barrier is in a completed checkpoint--> {@link #covered()}
 *           --all sources are covered: {@link #isReached()}--> END_OF_STREAM
 * </pre>
 * So two-phase sinks have committed everything before a task ends, and a job that is started again from its last
 * checkpoint ends at once. Which checkpoint is the last that sources answer is agreed on here: one that is asked for
 * later finds no barrier in flight. Any thread.
 */
final class EndOfInput
{
    private static final long OPEN = -1;

    private volatile boolean drainAsked;

    private volatile StopRequest stop = new StopRequest();
    private final AtomicInteger undrained;
    private final AtomicInteger uncovered;
    private final AtomicLong lastCheckpoint = new AtomicLong(OPEN);

    /**
     * The end of a job's sources.
     *
     * @param sources number of source tasks
     */
    EndOfInput(final int sources)
    {
        undrained = new AtomicInteger(sources);
        uncovered = new AtomicInteger(sources);
    }

    /** Asks the sources to put the end of their input now, whatever they still have: the job stops with a savepoint. */
    void askDrain()
    {
        drainAsked = true;
    }

    boolean isDrainAsked()
    {
        return drainAsked;
    }

    /** Has the sources end when they are asked to; before they are stepped. */
    void obey(final StopRequest request)
    {
        stop = request;
    }

    /** Whether sources end before their input does. */
    boolean isAsked()
    {
        return stop.isAsked();
    }

    /** Whether that is to be as if the input had ended. */
    boolean drains()
    {
        return stop.drains();
    }

    /** Takes note that a source has put its last record; once a source. */
    void drained()
    {
        undrained.decrementAndGet();
    }

    /** Whether no record follows: processing time stands still then, what waits for it is not due any more (SEMANTICS WM-4). */
    boolean isDrained()
    {
        return undrained.get() == 0;
    }

    /** Takes note that a source's end is in a completed checkpoint; once a source. */
    void covered()
    {
        uncovered.decrementAndGet();
    }

    boolean isReached()
    {
        return uncovered.get() == 0;
    }

    /**
     * Agrees on the last checkpoint, once the end is reached.
     *
     * @param requested the latest request that the caller knows of
     * @return id of the last checkpoint that all sources answer
     */
    long lastCheckpoint(final long requested)
    {
        lastCheckpoint.compareAndSet(OPEN, requested);
        return lastCheckpoint.get();
    }

    /**
     * Whether sources put a barrier for a checkpoint.
     *
     * @param requested id of the checkpoint
     * @return false when it was asked for too late
     */
    boolean answers(final long requested)
    {
        final long last = lastCheckpoint.get();
        return last == OPEN || requested <= last;
    }
}
