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

/** Where a job is in its life. */
public enum JobStatus
{
    /** Its tasks are being stepped. */
    RUNNING,
    /** It has failed, and waits to be restarted. */
    RESTARTING,
    /** Every source came to its end, and everything was processed. */
    FINISHED,
    /** A failure ended it. */
    FAILED,
    /** It was cancelled or closed before its end. */
    CANCELLED;

    /**
     * Whether the job has come to its end.
     *
     * @return false while it runs or waits to be restarted
     */
    public boolean ended()
    {
        return this != RUNNING && this != RESTARTING;
    }
}
