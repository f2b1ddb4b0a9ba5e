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
package io.millrace.core.savepoint;

/**
 * A savepoint to be read. One thread at a time.
 */
public interface Savepoint extends AutoCloseable
{
    /**
     * Which one it is.
     *
     * @return its id, in the sequence of the job's checkpoints, and what tells it from others
     */
    SavepointOrigin origin();

    /**
     * Whether the last watermark came before it.
     *
     * @return true when there is nothing to go on with
     */
    boolean drained();

    /**
     * What it tells of its job.
     *
     * @return the job
     */
    JobDescription job();

    /**
     * Bytes that are in no table.
     *
     * @param operator its owner
     * @param part     one of its parts
     * @param instance index of the instance that wrote them
     * @return the bytes, or null when there are none
     * @throws IllegalStateException when they are damaged
     */
    byte[] part(OperatorDescription operator, PartDescription part, int instance);

    /**
     * Number of entries of a state.
     *
     * @param operator its owner
     * @param state    index of one of its states
     * @return 0 or more
     */
    long entries(OperatorDescription operator, int state);

    /**
     * Reads entries of a state in the order of key group, slice, hash of the key, key bytes.
     *
     * @param operator its owner
     * @param state    index of one of its states
     * @param first    lowest key group, or for a state that is not by key, index of the instance that wrote them
     * @param last     highest, inclusive
     * @param target   takes them
     * @throws IllegalStateException when they are damaged
     */
    void read(OperatorDescription operator, int state, int first, int last, SavepointEntries target);

    @Override
    void close();
}
