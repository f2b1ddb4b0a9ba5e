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
 * Fires when the watermark reaches a multiple of an interval, counted from the epoch, for all that a window has then,
 * and when it reaches the window's last timestamp. A watermark that passes several multiples at once fires at each
 * (SEMANTICS WIN-15).
 */
public final class ContinuousEventTimeTrigger implements Trigger<Object>
{
    private final Duration interval;
    /** In the pipeline's unit; 0 until that is known. */
    private final long units;

    private ContinuousEventTimeTrigger(final Duration interval, final long units)
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
    public static ContinuousEventTimeTrigger of(final Duration interval)
    {
        if (interval.isZero() || interval.isNegative())
        {
            throw new IllegalArgumentException("interval=" + interval + " of a trigger must be above 0");
        }
        return new ContinuousEventTimeTrigger(interval, 0);
    }

    @Override
    public ContinuousEventTimeTrigger in(final PipelineTime time)
    {
        return new ContinuousEventTimeTrigger(interval, time.units("interval", interval));
    }

    @Override
    public int stateLength()
    {
        return NextFiring.STATE_LENGTH;
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
        if (!NextFiring.isSet(context))
        {
            registerNext(timestamp - Math.floorMod(timestamp, units), window, context);
        }
        return TriggerResult.CONTINUE;
    }

    private void registerNext(final long last, final TimeWindow window, final TriggerContext context)
    {
        final long maxTimestamp = window.maxTimestamp();
        final long next = last > maxTimestamp - units ? maxTimestamp : last + units;
        NextFiring.set(next, context);
        context.registerEventTimeTimer(next);
    }

    @Override
    public TriggerResult onEventTime(final long timestamp, final TimeWindow window, final TriggerContext context)
    {
        if (timestamp == window.maxTimestamp())
        {
            return TriggerResult.FIRE;
        }
        if (NextFiring.isAt(timestamp, context))
        {
            registerNext(timestamp, window, context);
            return TriggerResult.FIRE;
        }
        return TriggerResult.CONTINUE;
    }

    @Override
    public void clear(final TimeWindow window, final TriggerContext context)
    {
        if (NextFiring.isSet(context))
        {
            context.deleteEventTimeTimer(NextFiring.time(context));
        }
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
        if (NextFiring.takeEarliest(context))
        {
            context.registerEventTimeTimer(NextFiring.time(context));
        }
    }

    @Override
    public String toString()
    {
        return "event time every " + interval;
    }
}
