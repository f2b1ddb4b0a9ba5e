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

import io.millrace.operators.function.TimeWindow;

/**
 * Decides when a window of a key fires, and when it forgets its elements. One object serves all keys, windows and
 * parallel instances of an operator, so it keeps nothing in fields: what it remembers of a key and window are
 * {@link TriggerContext#state numbers}, zeros at first, part of snapshots, and gone with the window.
 * <p>
 * A window without elements does not fire, whatever the trigger says. Elements that a window forgets, at its end or by a
 * purge, before it has fired with them are counted as {@code elementsNeverFired}. Session windows take a trigger that
 * {@link #canMerge() can merge} what it knows of them.
 *
 * @param <V> read-only view of the elements
 */
public interface Trigger<V>
{
    /**
     * How many numbers it keeps of each key and window.
     *
     * @return 0 or more, always the same
     */
    default int stateLength()
    {
        return 0;
    }

    /**
     * Takes note of an element, which the window has taken in already.
     *
     * @param element   valid during the call
     * @param timestamp of the element
     * @param window    that it was added to; valid during the call
     * @param context   of the window and its key
     * @return what to do with the window
     */
    TriggerResult onElement(V element, long timestamp, TimeWindow window, TriggerContext context);

    /**
     * Takes note that the watermark has reached a timer. It is also called, without a timer, when it has reached the
     * window's cleanup time: the last timestamp and the allowed lateness. A window that has reached the end of time is
     * not cleaned up.
     *
     * @param timestamp of the timer, or of the cleanup
     * @param window    valid during the call
     * @param context   of the window and its key
     * @return what to do with the window
     */
    TriggerResult onEventTime(long timestamp, TimeWindow window, TriggerContext context);

    /**
     * Takes note that processing time has reached a timer; with windows of processing time also, without a timer, that it
     * has reached the window's last timestamp, with which the window ends.
     *
     * @param timestamp of the timer, or of the window's end
     * @param window    valid during the call
     * @param context   of the window and its key
     * @return what to do with the window
     */
    default TriggerResult onProcessingTime(final long timestamp, final TimeWindow window, final TriggerContext context)
    {
        return TriggerResult.CONTINUE;
    }

    /**
     * Whether it asks for processing time or has timers of it. The job then keeps the engine's clock in its order log.
     *
     * @return false by default; always the same
     */
    default boolean usesProcessingTime()
    {
        return false;
    }

    /**
     * Whether session windows may have it.
     *
     * @return false by default; always the same
     */
    default boolean canMerge()
    {
        return false;
    }

    /**
     * Takes note that a session has grown or that several have become one, before the element that is the reason. Before
     * it, {@link #clear} has been called for each of them; their states are lost unless they are merged here (SEMANTICS
     * WIN-11).
     *
     * @param window  what they have become; valid during the call
     * @param context of that window, and of the states that they had
     */
    default void onMerge(final TimeWindow window, final MergeContext context)
    {
    }

    /**
     * Takes back the timers of a window that is cleaned up, or of a session that merges. Its state goes by itself.
     *
     * @param window  valid during the call
     * @param context of the window and its key
     */
    default void clear(final TimeWindow window, final TriggerContext context)
    {
    }

    /**
     * The same trigger, with its durations in the unit of a pipeline.
     *
     * @param time the pipeline's
     * @return this, when it has no durations
     */
    default Trigger<V> in(final PipelineTime time)
    {
        return this;
    }
}
