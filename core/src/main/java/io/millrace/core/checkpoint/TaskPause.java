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

/**
 * How long a checkpoint has held a task up.
 *
 * @param task             number of the task, in the order of the job's tasks
 * @param alignmentNanos   from the barrier on the first of its channels to that on the last; the task goes on with the
 *                         others meanwhile
 * @param synchronousNanos while the barrier went through its operators
 */
public record TaskPause(int task, long alignmentNanos, long synchronousNanos)
{
}
