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
package io.millrace.core.checkpoint;

/** Takes the hashes of a job's operators at its barriers. */
public interface HashRecording
{
    /** Reads all tables, however large they are. */
    long EVERYTHING = Long.MAX_VALUE;

    /**
     * The most entries that a table may have to be read at a barrier, by the task's thread. Of a larger one only the
     * number of entries is hashed, which costs nothing.
     *
     * @return 0 or more; the same in all runs that are compared
     */
    long maxEntries();

    /**
     * Takes one hash. The threads of the tasks, before they acknowledge the checkpoint.
     *
     * @param hash of one operator instance at one barrier
     */
    void add(BarrierHash hash);
}
