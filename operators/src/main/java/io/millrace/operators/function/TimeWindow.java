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
package io.millrace.operators.function;

/** An interval of event time: start included, end excluded (SEMANTICS WIN-1). Reused: valid during the call. */
public interface TimeWindow
{
    /**
     * First time that belongs to the window.
     *
     * @return in the pipeline's time unit
     */
    long start();

    /**
     * First time that no longer belongs to the window.
     *
     * @return in the pipeline's time unit
     */
    long end();

    /**
     * Last time that belongs to the window: the timestamp of its results.
     *
     * @return end - 1
     */
    default long maxTimestamp()
    {
        return end() - 1;
    }
}
