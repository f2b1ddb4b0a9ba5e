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
package io.millrace.operators.process;

import io.millrace.operators.state.OperatorStateStore;

/**
 * What functions with state of their instance have in common. Each parallel instance of the operator has a function of its
 * own; all calls come from its task's thread, but for {@link #open} and {@link #start}, which come before it. What lives
 * longer than a callback belongs in states, since fields are not restored.
 */
public interface InstanceFunction
{
    /**
     * Declares the states, which hold nothing yet.
     *
     * @param states to declare them in
     */
    default void open(final OperatorStateStore states)
    {
    }

    /**
     * Called once, before the first record, when the states hold what they held: the time to fill fields from lists, and to
     * pick what is the instance's own from a union list.
     *
     * @param restored whether there was a snapshot
     */
    default void start(final boolean restored)
    {
    }

    /**
     * Called at the barrier of a checkpoint: the last time to put fields into lists that are part of it.
     *
     * @param checkpointId of the barrier
     */
    default void prepareSnapshot(final long checkpointId)
    {
    }

    /** Called once, when the job ends or fails. */
    default void close()
    {
    }
}
