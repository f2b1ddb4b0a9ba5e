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

/** What a callback outside a key is told beside its record. Valid during the callback. */
public interface ProcessContext
{
    /**
     * Event time of the record.
     *
     * @return in the pipeline's unit
     */
    long timestamp();

    /**
     * Event time: no record at or below it will come any more, but for late ones.
     *
     * @return the watermark, in the pipeline's unit; {@link Long#MIN_VALUE} before the first
     */
    long currentWatermark();

    /**
     * Timers belong to a key, and here is none.
     *
     * @return never
     * @throws IllegalStateException always; says what to do
     */
    default TimerService timerService()
    {
        throw new IllegalStateException("timers are asked for outside a key: keyBy(...) the stream, and register timers in " +
            "the callbacks of its records; currentWatermark() is in the context itself");
    }
}
