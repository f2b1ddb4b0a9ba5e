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

/**
 * What checkpoints a program has made so far.
 *
 * @param completed number of those that are complete
 * @param bytes     of the snapshots that the tasks have handed over to be stored
 */
public record CheckpointReport(long completed, long bytes)
{
    /** Of a program that makes none. */
    public static final CheckpointReport NONE = new CheckpointReport(0, 0);

    /**
     * What was made since an earlier report.
     *
     * @param earlier report of the same program
     * @return the difference
     */
    public CheckpointReport since(final CheckpointReport earlier)
    {
        return new CheckpointReport(completed - earlier.completed, bytes - earlier.bytes);
    }
}
