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
package io.millrace.operators;

import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.NeverTrigger;
import io.millrace.operators.trigger.Trigger;

/**
 * One window for all time, whose results have the timestamp {@link Long#MAX_VALUE} (SEMANTICS WIN-3). No record is late for
 * it, and it is never cleaned up: what a trigger does not purge stays.
 */
public final class GlobalWindows
{
    private final Trigger<Object> trigger;

    private GlobalWindows(final Trigger<Object> trigger)
    {
        this.trigger = trigger;
    }

    /**
     * A window that never fires until it is given a trigger.
     *
     * @return the window
     */
    public static GlobalWindows create()
    {
        return new GlobalWindows(NeverTrigger.create());
    }

    /**
     * A window that fires at the end of the stream.
     *
     * @return the window
     */
    public static GlobalWindows createWithEndOfStreamTrigger()
    {
        return new GlobalWindows(EventTimeTrigger.create());
    }

    Trigger<Object> trigger()
    {
        return trigger;
    }

    @Override
    public String toString()
    {
        return "global";
    }
}
