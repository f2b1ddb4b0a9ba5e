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
 * Fires when another trigger does, and then forgets the elements (SEMANTICS WIN-6, WIN-12).
 *
 * @param <V> read-only view of the elements
 */
public final class PurgingTrigger<V> implements Trigger<V>
{
    private final Trigger<V> trigger;

    private PurgingTrigger(final Trigger<V> trigger)
    {
        this.trigger = trigger;
    }

    /**
     * A trigger.
     *
     * @param trigger that says when to fire
     * @param <V>     read-only view of the elements
     * @return the trigger
     */
    public static <V> PurgingTrigger<V> of(final Trigger<V> trigger)
    {
        return new PurgingTrigger<>(trigger);
    }

    @Override
    public PurgingTrigger<V> in(final PipelineTime time)
    {
        return new PurgingTrigger<>(trigger.in(time));
    }

    @Override
    public int stateLength()
    {
        return trigger.stateLength();
    }

    @Override
    public TriggerResult onElement(
        final V element, final long timestamp, final TimeWindow window, final TriggerContext context)
    {
        return purging(trigger.onElement(element, timestamp, window, context));
    }

    @Override
    public TriggerResult onEventTime(final long timestamp, final TimeWindow window, final TriggerContext context)
    {
        return purging(trigger.onEventTime(timestamp, window, context));
    }

    @Override
    public TriggerResult onProcessingTime(final long timestamp, final TimeWindow window, final TriggerContext context)
    {
        return purging(trigger.onProcessingTime(timestamp, window, context));
    }

    @Override
    public boolean usesProcessingTime()
    {
        return trigger.usesProcessingTime();
    }

    @Override
    public boolean canMerge()
    {
        return trigger.canMerge();
    }

    @Override
    public void onMerge(final TimeWindow window, final MergeContext context)
    {
        trigger.onMerge(window, context);
    }

    private static TriggerResult purging(final TriggerResult result)
    {
        return result == TriggerResult.FIRE ? TriggerResult.FIRE_AND_PURGE : result;
    }

    @Override
    public void clear(final TimeWindow window, final TriggerContext context)
    {
        trigger.clear(window, context);
    }

    @Override
    public String toString()
    {
        return trigger + ", then purge";
    }
}
