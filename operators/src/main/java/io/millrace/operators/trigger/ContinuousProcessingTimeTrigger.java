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
        return NextFiring.STATE_LENGTH;
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
        if (!NextFiring.isSet(context))
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
        NextFiring.set(next, context);
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
        if (NextFiring.isAt(timestamp, context))
        {
            registerNext(timestamp, timestamp, window, context);
            return TriggerResult.FIRE;
        }
        return TriggerResult.CONTINUE;
    }

    @Override
    public void clear(final TimeWindow window, final TriggerContext context)
    {
        if (NextFiring.isSet(context))
        {
            context.deleteProcessingTimeTimer(NextFiring.time(context));
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
        if (NextFiring.takeEarliest(context))
        {
            context.registerProcessingTimeTimer(NextFiring.time(context));
        }
    }

    @Override
    public String toString()
    {
        return "processing time every " + interval;
    }
}
