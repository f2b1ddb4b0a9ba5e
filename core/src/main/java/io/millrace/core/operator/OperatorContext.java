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
package io.millrace.core.operator;

import io.millrace.core.checkpoint.IngressJournal;
import io.millrace.core.failure.ErrorPolicy;
import io.millrace.core.metrics.Counter;
import io.millrace.core.state.StateBackend;
import io.millrace.core.time.ProcessingClock;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.RecordType;

import java.util.concurrent.TimeUnit;

/**
 * What an operator instance is given by its task when it opens.
 */
public interface OperatorContext
{
    /**
     * Name of the pipeline that the operator runs in.
     *
     * @return the job's name
     */
    String jobName();

    /**
     * Name of the operator, for messages.
     *
     * @return name as the user gave it, or as derived
     */
    String name();

    /**
     * The operator's identity across restarts.
     *
     * @return uid as the user gave it, or as derived from the name
     */
    String uid();

    /**
     * Which of the operator's parallel instances this is.
     *
     * @return from 0 to {@link #parallelism()} - 1
     */
    int subtask();

    /**
     * Number of parallel instances.
     *
     * @return 1 or more
     */
    int parallelism();

    /**
     * Number of key groups that state is divided into.
     *
     * @return a power of two
     */
    int maxParallelism();

    /**
     * What time is counted in.
     *
     * @return the pipeline's unit
     */
    default TimeUnit timeUnit()
    {
        return TimeUnit.MILLISECONDS;
    }

    /**
     * The way out for results.
     *
     * @return the main output; one that drops everything when nobody takes it
     */
    Output output();

    /**
     * The way out for a side output.
     *
     * @param tag of the side output
     * @return its output, or null when nobody takes it
     */
    Output sideOutput(String tag);

    /**
     * What a side output carries.
     *
     * @param tag of the side output
     * @return type of its records, or null when nobody takes it
     */
    default RecordType<?, ?> sideOutputType(final String tag)
    {
        return null;
    }

    /**
     * Where the task keeps keyed state.
     *
     * @return the backend of this operator instance
     */
    StateBackend state();

    /**
     * Opens the journal of a source that cannot be read again by itself; called once at most.
     *
     * @return the journal, closed by the source; null when the job has none
     */
    default IngressJournal openJournal()
    {
        return null;
    }

    /**
     * Whether the job makes checkpoints.
     *
     * @return false when {@link Operator#checkpointComplete} is never called
     */
    default boolean checkpointing()
    {
        return false;
    }

    /**
     * Says that the operator shows its output to the outside at once, and counts on seeing the same again after a
     * restart. Its task then takes records only when the order that they came in will survive, which costs time in jobs
     * with several sources and nothing elsewhere. Called in {@link Operator#open}.
     */
    default void showsOutput()
    {
    }

    /**
     * Processing time, for an operator whose node says that it uses it.
     *
     * @return the operator's view of the engine's clock
     * @throws IllegalStateException when the node does not say so, since the job has no ticks then
     */
    default ProcessingClock processingClock()
    {
        throw new IllegalStateException("operator " + name() + " asks for processing time, but its node does not say so: " +
            "call withProcessingTime() on the node");
    }

    /**
     * What becomes of records that the operator fails with. Its guard sees to that: an operator asks only for what it
     * puts back after a failure.
     *
     * @return the policy
     */
    default ErrorPolicy errorPolicy()
    {
        return ErrorPolicy.fail();
    }

    /**
     * Where failed records go.
     *
     * @return null when the policy is to fail
     */
    default DeadLetterOutput deadLetters()
    {
        return null;
    }

    /**
     * What takes firings that fail.
     *
     * @return null when the policy is to fail at once
     */
    default FiringGuard firingGuard()
    {
        return null;
    }

    /**
     * A counter of the operator's, shown with its name.
     *
     * @param name of the counter, say {@code lateRecordsDropped}
     * @return a new counter
     */
    Counter counter(String name);

    /**
     * What off-heap memory of the operator's own is counted in.
     *
     * @return the job's account
     */
    MemoryAccount account();
}
