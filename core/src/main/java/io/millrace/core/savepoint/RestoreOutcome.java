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
package io.millrace.core.savepoint;

/** What becomes of something when a job begins from a savepoint. */
public enum RestoreOutcome
{
    /** It is taken as it is. */
    RESTORED,
    /** It is taken, and its values are changed. */
    CONVERTED,
    /** The savepoint does not have it: it begins empty, a source at its start. */
    NEW,
    /** The savepoint has it, the job does not, and it is left out. */
    DROPPED,
    /** The job does not start. */
    REFUSED
}
