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
package io.millrace.core.operator;

/**
 * An operator that can go on behind a record that it failed with, and so may have an error policy. It then gets its
 * records one by one. Where {@link OperatorContext#errorPolicy()} guards, what the engine keeps for it must be as before
 * the record when a function of the user's throws. Calls that have no record to blame are its own to guard, see
 * {@link OperatorContext#firingGuard()}.
 */
public interface SkippingOperator extends Operator
{
    /**
     * Takes note that a record has failed, and that the job goes on. Ends the callback that was under way.
     *
     * @param again whether the same record comes once more
     */
    default void recordFailed(final boolean again)
    {
    }
}
