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
package io.millrace.core.failure;

/** Decides after each failure of one job; asked by one thread at a time. */
@FunctionalInterface
public interface RestartDelays
{
    /** The job is not restarted any more. */
    long NO_RESTART = -1;

    /**
     * Takes note of a failure.
     *
     * @param now when it was seen, in nanoseconds of a clock that never goes back
     * @return nanoseconds until the job is restarted, 0 or more, or {@link #NO_RESTART}
     */
    long afterFailure(long now);
}
