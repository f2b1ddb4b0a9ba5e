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
package io.millrace.operators.pattern;

/** How a step, or a repetition within one, follows what was before. */
enum Contiguity
{
    /** The very next record of the key. */
    STRICT,
    /** The next record that fits; those that do not are ignored. */
    RELAXED,
    /** Any record that fits. */
    ANY,
    /** The very next record must not fit. */
    NOT_NEXT,
    /** No record before the next step may fit. */
    NOT_FOLLOWED_BY;

    boolean negated()
    {
        return this == NOT_NEXT || this == NOT_FOLLOWED_BY;
    }
}
