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

import java.time.Duration;

/**
 * One failure of a job.
 *
 * @param number    which of the job's failures it is, from 1
 * @param elapsed   from the start of the job to the failure
 * @param cause     what went wrong, with its task, operator and record where they are known
 * @param restarted whether the job was to be restarted after it
 * @param delay     from the failure to the restart, zero when there is none
 */
public record JobFailure(long number, Duration elapsed, RuntimeException cause, boolean restarted, Duration delay)
{
}
