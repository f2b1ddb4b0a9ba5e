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

/** When a continuous trigger fires next, in two words of its state: whether that is set, and the time. */
final class NextFiring
{
    static final int STATE_LENGTH = 2;

    private static final int IS_SET = 0;
    private static final int TIME = 1;

    private NextFiring()
    {
    }

    static boolean isSet(final TriggerContext context)
    {
        return context.state(IS_SET) != 0;
    }

    static boolean isAt(final long time, final TriggerContext context)
    {
        return isSet(context) && context.state(TIME) == time;
    }

    static long time(final TriggerContext context)
    {
        return context.state(TIME);
    }

    static void set(final long time, final TriggerContext context)
    {
        context.state(IS_SET, 1);
        context.state(TIME, time);
    }

    /** Takes the earliest of the windows that were merged; whether one of them had any. */
    static boolean takeEarliest(final MergeContext context)
    {
        long earliest = Long.MAX_VALUE;
        boolean set = false;
        for (int i = 0; i < context.merged(); i++)
        {
            if (context.mergedState(i, IS_SET) != 0)
            {
                set = true;
                earliest = Math.min(earliest, context.mergedState(i, TIME));
            }
        }
        if (set)
        {
            set(earliest, context);
        }
        return set;
    }
}
