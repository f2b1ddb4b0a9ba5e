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
package io.millrace.operators.window.triggered;

/** Says which windows a record belongs to. A window is named by its start. */
public interface WindowAssigner
{
    /**
     * Whether records belong to windows by the time at which they come in, instead of by event time.
     *
     * @return false by default
     */
    default boolean usesProcessingTime()
    {
        return false;
    }

    /**
     * Whether windows of a key that touch become one.
     *
     * @return false by default
     */
    default boolean merges()
    {
        return false;
    }

    /**
     * The most windows that one record belongs to.
     *
     * @return 1 or more
     */
    int maxWindows();

    /**
     * The windows of a record.
     *
     * @param timestamp of the record, or processing time
     * @param starts    of a length of at least {@link #maxWindows()}; takes the starts, the earliest first
     * @return how many there are
     */
    int assign(long timestamp, long[] starts);

    /**
     * First time that no longer belongs to a window.
     *
     * @param start of the window
     * @return its end
     */
    long end(long start);

    /**
     * Last time that belongs to a window: the timestamp of its results.
     *
     * @param start of the window
     * @return {@link Long#MAX_VALUE} when it does not end
     */
    long maxTimestamp(long start);
}
