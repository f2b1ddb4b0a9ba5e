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
package io.millrace.operators.process;

/**
 * What a callback of a keyed function is told beside its record. Valid during the callback.
 *
 * @param <K> view of the key
 */
public interface KeyedContext<K>
{
    /**
     * The key that the callback is for.
     *
     * @return a view of it
     */
    K currentKey();

    /**
     * Event time of the record, or the time of the timer.
     *
     * @return in the pipeline's unit; {@link Long#MIN_VALUE} for a record that has no event time
     */
    long timestamp();

    /**
     * Which time {@link #timestamp()} is of.
     *
     * @return of the timer; event time in the callback of a record
     */
    TimeDomain timeDomain();

    /**
     * Time and timers.
     *
     * @return of the current key
     */
    TimerService timerService();
}
