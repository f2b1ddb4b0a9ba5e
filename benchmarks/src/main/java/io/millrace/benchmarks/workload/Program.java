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
package io.millrace.benchmarks.workload;

/** One side of a comparison: a program that works through the events of its input. Used by one thread. */
public interface Program extends AutoCloseable
{
    /**
     * Works on.
     *
     * @param number of the event to stop before; the program may go on a little further
     * @return number of the next event
     */
    long advanceTo(long number);

    /**
     * Works through what is left, and ends what is open, say windows.
     *
     * @return checksum of all results
     */
    long finish();

    /**
     * The threads that do the work.
     *
     * @return their ids
     */
    default long[] threads()
    {
        return new long[]{Thread.currentThread().getId()};
    }

    /**
     * What checkpoints there were.
     *
     * @return so far
     */
    default CheckpointReport checkpoints()
    {
        return CheckpointReport.NONE;
    }

    @Override
    void close();
}
