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

/** Never fires: what a global window has until it is given a trigger. */
public final class NeverTrigger implements Trigger<Object>
{
    private static final NeverTrigger TRIGGER = new NeverTrigger();

    private NeverTrigger()
    {
    }

    /**
     * The trigger.
     *
     * @return the only one
     */
    public static NeverTrigger create()
    {
        return TRIGGER;
    }

    @Override
    public TriggerResult onElement(
        final Object element, final long timestamp, final TimeWindow window, final TriggerContext context)
    {
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

    @Override
    public String toString()
    {
        return "never";
    }
}
