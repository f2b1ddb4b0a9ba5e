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
 * Fires when the watermark reaches the window's last timestamp, and at once for each element that comes later
 * (SEMANTICS WIN-2, WIN-5).
 */
public final class EventTimeTrigger implements Trigger<Object>
{
    private static final EventTimeTrigger TRIGGER = new EventTimeTrigger();

    private EventTimeTrigger()
    {
    }

    /**
     * The trigger.
     *
     * @return the only one
     */
    public static EventTimeTrigger create()
    {
        return TRIGGER;
    }

    @Override
    public TriggerResult onElement(
        final Object element, final long timestamp, final TimeWindow window, final TriggerContext context)
    {
        if (window.maxTimestamp() <= context.currentWatermark())
        {
            return TriggerResult.FIRE;
        }
        context.registerEventTimeTimer(window.maxTimestamp());
        return TriggerResult.CONTINUE;
    }

    @Override
    public TriggerResult onEventTime(final long timestamp, final TimeWindow window, final TriggerContext context)
    {
        return timestamp == window.maxTimestamp() ? TriggerResult.FIRE : TriggerResult.CONTINUE;
    }

    @Override
    public void clear(final TimeWindow window, final TriggerContext context)
    {
        context.deleteEventTimeTimer(window.maxTimestamp());
    }

    @Override
    public boolean canMerge()
    {
        return true;
    }

    @Override
    public void onMerge(final TimeWindow window, final MergeContext context)
    {
        if (window.maxTimestamp() > context.currentWatermark())
        {
            context.registerEventTimeTimer(window.maxTimestamp());
        }
    }

    @Override
    public String toString()
    {
        return "event time";
    }
}
