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

/** Where a task's records come from. The task's thread. */
interface TaskInput extends AutoCloseable
{
    /**
     * Runs some records through the chain, or begins the walk of a control record.
     *
     * @param room records that the outputs can take for certain, above 0
     * @return work done, 0 when there was none
     */
    int poll(int room);

    /** Gives back what was consumed; called when everything that it caused is published. */
    default void release()
    {
    }

    /** Takes note that the walk that the input began is done, and that its control record was sent on. */
    void walked();

    /**
     * Whether nothing more will come.
     *
     * @return true after the end of input was walked
     */
    boolean ended();

    /** Writes what a restart needs. */
    void snapshot(TaskSnapshot snapshot);

    /** How long channels waited for each other's barrier of the last checkpoint. */
    default long alignmentNanos()
    {
        return 0;
    }

    /** Takes note of a completed checkpoint. */
    void checkpointComplete(long checkpointId);

    @Override
    void close();
}
