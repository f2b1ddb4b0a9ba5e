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
package io.millrace.core.state;

/** Opens the keyed state of an operator instance; what a user hands to the job's configuration. */
public interface StateBackendFactory
{
    /**
     * Name for people.
     *
     * @return say {@code OFF_HEAP}
     */
    String name();

    /**
     * The memory that an operator instance's state takes at most, where there is such a bound.
     *
     * @return bytes; 0 when it grows with the state, up to the job's limit
     */
    default long memory()
    {
        return 0;
    }

    /**
     * Opens an empty backend.
     *
     * @param context of the operator instance
     * @return the backend, closed by the task
     */
    StateBackend open(StateContext context);
}
