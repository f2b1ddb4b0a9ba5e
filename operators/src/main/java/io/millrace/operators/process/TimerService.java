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
 * Time, and timers of the callback's key (SEMANTICS TIM). For use in callbacks.
 */
public interface TimerService
{
    /**
     * Event time: no record at or below it will come any more, but for late ones.
     *
     * @return the watermark, in the pipeline's unit; {@link Long#MIN_VALUE} before the first
     */
    long currentWatermark();

    /**
     * Has {@code onTimer} called for the current key when the watermark reaches a time; at the next watermark when it is
     * past already. Asking again for the same time changes nothing.
     *
     * @param timestamp in the pipeline's unit
     */
    void registerEventTimeTimer(long timestamp);

    /**
     * Takes back a timer of the current key.
     *
     * @param timestamp that it was registered with; nothing happens when there is none
     */
    void deleteEventTimeTimer(long timestamp);

    /**
     * Processing time: that of the engine's clock, which is part of the order log, so that a replay has the same. It never
     * goes back.
     *
     * @return since the epoch, in the pipeline's unit
     * @throws IllegalStateException when the function does not say that it uses processing time
     */
    long currentProcessingTime();

    /**
     * Has {@code onTimer} called for the current key when processing time reaches a time; when it grows next, when the
     * time is past already. Asking again for the same time changes nothing. What is pending at the end of the input is
     * never called.
     *
     * @param timestamp in the pipeline's unit
     * @throws IllegalStateException when the function does not say that it uses processing time
     */
    void registerProcessingTimeTimer(long timestamp);

    /**
     * Takes back a timer of the current key.
     *
     * @param timestamp that it was registered with; nothing happens when there is none
     * @throws IllegalStateException when the function does not say that it uses processing time
     */
    void deleteProcessingTimeTimer(long timestamp);
}
