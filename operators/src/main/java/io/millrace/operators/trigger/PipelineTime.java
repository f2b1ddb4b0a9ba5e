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
package io.millrace.operators.trigger;

import java.time.Duration;

/** How long durations are in the unit that a pipeline counts time in. */
@FunctionalInterface
public interface PipelineTime
{
    /**
     * Converts a duration.
     *
     * @param what     it is, for messages
     * @param duration to convert
     * @return its length in the pipeline's unit
     * @throws IllegalArgumentException when that is no whole number
     */
    long units(String what, Duration duration);
}
