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
 * Fires at every so many elements, whatever the time: those at the end of a window that are fewer are never seen
 * (SEMANTICS WIN-13, WIN-14), and counted as {@code elementsNeverFired}.
 */
public final class CountTrigger implements Trigger<Object>
{
    private final long maxCount;

    private CountTrigger(final long maxCount)
    {
        this.maxCount = maxCount;
    }

    /**
     * A trigger.
     *
     * @param maxCount elements from firing to firing, above 0
     * @return the trigger
     */
    public static CountTrigger of(final long maxCount)
    {
        if (maxCount <= 0)
        {
            throw new IllegalArgumentException("count=" + maxCount + " of a trigger must be above 0");
        }
        return new CountTrigger(maxCount);
    }

    @Override
    public int stateLength()
    {
        return 1;
    }

    @Override
    public TriggerResult onElement(
        final Object element, final long timestamp, final TimeWindow window, final TriggerContext context)
    {
        final long count = context.state(0) + 1;
        if (count >= maxCount)
        {
            context.state(0, 0);
            return TriggerResult.FIRE;
        }
        context.state(0, count);
        return TriggerResult.CONTINUE;
    }

    @Override
    public TriggerResult onEventTime(final long timestamp, final TimeWindow window, final TriggerContext context)
    {
        return TriggerResult.CONTINUE;
    }

    @Override
    public boolean canMerge()
    {
        return true;
    }

    /** Counts add up (SEMANTICS WIN-14); they are looked at with the element that is the reason. */
    @Override
    public void onMerge(final TimeWindow window, final MergeContext context)
    {
        long count = 0;
        for (int i = 0; i < context.merged(); i++)
        {
            count += context.mergedState(i, 0);
        }
        context.state(0, count);
    }

    @Override
    public String toString()
    {
        return "count " + maxCount;
    }
}
