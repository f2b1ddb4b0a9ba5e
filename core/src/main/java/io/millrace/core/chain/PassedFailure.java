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
package io.millrace.core.chain;

/**
 * What was thrown behind an operator, on its way up through the operators before it: none of them takes it for a failure
 * of its own. One a task.
 */
public final class PassedFailure
{
    private Throwable thrown;

    /** Nothing yet. */
    public PassedFailure()
    {
    }

    /**
     * Takes note of what passes.
     *
     * @param passing that was thrown
     */
    public void passes(final Throwable passing)
    {
        thrown = passing;
    }

    /**
     * Whether something has passed.
     *
     * @param candidate that was caught
     * @return true when it comes from behind
     */
    public boolean isFromBehind(final Throwable candidate)
    {
        return thrown == candidate;
    }
}
