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

import io.millrace.core.savepoint.SavepointOrigin;
import io.millrace.memory.MemoryAccount;

/**
 * What a checkpoint service is told of the job.
 *
 * @param jobName     name of the job
 * @param fingerprint of the plan
 * @param tasks       number of tasks, which all acknowledge
 * @param account     that chunks are counted in
 * @param origin      the savepoint that the job begins from when there is no checkpoint yet; checkpoints that are there must
 *                    be of a life that began from it. Null for none
 */
public record CheckpointContext(
    String jobName, String fingerprint, int tasks, MemoryAccount account, SavepointOrigin origin)
{
    /**
     * Of a job that begins from no savepoint.
     *
     * @param jobName     name of the job
     * @param fingerprint of the plan
     * @param tasks       number of tasks, which all acknowledge
     * @param account     that chunks are counted in
     */
    public CheckpointContext(
        final String jobName, final String fingerprint, final int tasks, final MemoryAccount account)
    {
        this(jobName, fingerprint, tasks, account, null);
    }
}
