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

/**
 * Time, timers and state of a trigger, for the key and the window of the callback. Valid during the callback.
 */
public interface TriggerContext
{
    /**
     * Event time: no record at or below it will come any more, but for late ones.
     *
     * @return the watermark, in the pipeline's unit; {@link Long#MIN_VALUE} before the first
     */
    long currentWatermark();

    /**
     * Has {@link Trigger#onEventTime} called when the watermark reaches a time; at the next watermark when it is past
     * already. Asking again for the same time changes nothing, and neither does a time behind the window's cleanup.
     *
     * @param timestamp in the pipeline's unit
     */
    void registerEventTimeTimer(long timestamp);

    /**
     * Takes back a timer.
     *
     * @param timestamp that it was registered with; nothing happens when there is none
     */
    void deleteEventTimeTimer(long timestamp);

    /**
     * Processing time: that of the engine's clock, which is part of the order log, so that a replay has the same.
     *
     * @return since the epoch, in the pipeline's unit
     * @throws IllegalStateException when neither the trigger nor the windows use processing time
     */
    long currentProcessingTime();

    /**
     * Has {@link Trigger#onProcessingTime} called when processing time reaches a time; when it grows next, when the time is
     * past already. Asking again for the same time changes nothing, and neither does, with windows of processing time, a
     * time behind the window's end.
     *
     * @param timestamp in the pipeline's unit
     * @throws IllegalStateException when neither the trigger nor the windows use processing time
     */
    void registerProcessingTimeTimer(long timestamp);

    /**
     * Takes back a timer.
     *
     * @param timestamp that it was registered with; nothing happens when there is none
     * @throws IllegalStateException when neither the trigger nor the windows use processing time
     */
    void deleteProcessingTimeTimer(long timestamp);

    /**
     * A number that the trigger keeps.
     *
     * @param index from 0 to {@link Trigger#stateLength()} - 1
     * @return as written last; 0 at first
     */
    long state(int index);

    /**
     * Keeps a number.
     *
     * @param index from 0 to {@link Trigger#stateLength()} - 1
     * @param value to keep
     */
    void state(int index, long value);
}
