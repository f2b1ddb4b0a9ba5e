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

import java.time.Duration;

/**
 * Fires when processing time reaches a multiple of an interval, counted from the epoch, for all that a window has then,
 * and, where that comes first, the window's last timestamp. A tick that passes several multiples at once fires at each, as
 * with event time (SEMANTICS WIN-15). With windows of event time, the end of a window is not a reason to fire.
 */
public final class ContinuousProcessingTimeTrigger implements Trigger<Object>
{
    private static final int IS_SET = 0;
    private static final int NEXT = 1;

    private final Duration interval;
    /** In the pipeline's unit; 0 until that is known. */
    private final long units;

    private ContinuousProcessingTimeTrigger(final Duration interval, final long units)
    {
        this.interval = interval;
        this.units = units;
    }

    /**
     * A trigger.
     *
     * @param interval from firing to firing, above 0
     * @return the trigger
     */
    public static ContinuousProcessingTimeTrigger of(final Duration interval)
    {
        if (interval.isZero() || interval.isNegative())
        {
            throw new IllegalArgumentException("interval=" + interval + " of a trigger must be above 0");
        }
        return new ContinuousProcessingTimeTrigger(interval, 0);
    }

    @Override
    public ContinuousProcessingTimeTrigger in(final PipelineTime time)
    {
        return new ContinuousProcessingTimeTrigger(interval, time.units("interval", interval));
    }

    @Override
    public int stateLength()
    {
        return 2;
    }

    @Override
    public boolean usesProcessingTime()
    {
        return true;
    }

    @Override
    public TriggerResult onElement(
        final Object element, final long timestamp, final TimeWindow window, final TriggerContext context)
    {
        if (context.state(IS_SET) == 0)
        {
            final long now = context.currentProcessingTime();
            registerNext(now, now - Math.floorMod(now, units), window, context);
        }
        return TriggerResult.CONTINUE;
    }

    private void registerNext(final long now, final long last, final TimeWindow window, final TriggerContext context)
    {
        final long maxTimestamp = window.maxTimestamp();
        final long multiple = last > Long.MAX_VALUE - units ? Long.MAX_VALUE : last + units;
        final long next = now < maxTimestamp ? Math.min(multiple, maxTimestamp) : multiple;
        context.state(IS_SET, 1);
        context.state(NEXT, next);
        context.registerProcessingTimeTimer(next);
    }

    @Override
    public TriggerResult onEventTime(final long timestamp, final TimeWindow window, final TriggerContext context)
    {
        return TriggerResult.CONTINUE;
    }

    @Override
    public TriggerResult onProcessingTime(final long timestamp, final TimeWindow window, final TriggerContext context)
    {
        if (context.state(IS_SET) != 0 && context.state(NEXT) == timestamp)
        {
            registerNext(timestamp, timestamp, window, context);
            return TriggerResult.FIRE;
        }
        return TriggerResult.CONTINUE;
    }

    @Override
    public void clear(final TimeWindow window, final TriggerContext context)
    {
        if (context.state(IS_SET) != 0)
        {
            context.deleteProcessingTimeTimer(context.state(NEXT));
        }
    }

    @Override
    public boolean canMerge()
    {
        return true;
    }

    @Override
    public void onMerge(final TimeWindow window, final MergeContext context)
    {
        long next = Long.MAX_VALUE;
        boolean set = false;
        for (int i = 0; i < context.merged(); i++)
        {
            if (context.mergedState(i, IS_SET) != 0)
            {
                set = true;
                next = Math.min(next, context.mergedState(i, NEXT));
            }
        }
        if (set)
        {
            context.state(IS_SET, 1);
            context.state(NEXT, next);
            context.registerProcessingTimeTimer(next);
        }
    }

    @Override
    public String toString()
    {
        return "processing time every " + interval;
    }
}
