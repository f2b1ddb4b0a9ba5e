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

/** What a trigger says is to be done with a window. */
public enum TriggerResult
{
    /** Nothing. */
    CONTINUE(false, false),
    /** Make the window's result, and keep its elements. */
    FIRE(true, false),
    /** Forget the window's elements, without a result. The window and the trigger's state stay. */
    PURGE(false, true),
    /** Make the window's result, then forget its elements. The window and the trigger's state stay. */
    FIRE_AND_PURGE(true, true);

    private final boolean fire;
    private final boolean purge;

    TriggerResult(final boolean fire, final boolean purge)
    {
        this.fire = fire;
        this.purge = purge;
    }

    /**
     * Whether the result is made.
     *
     * @return true for FIRE and FIRE_AND_PURGE
     */
    public boolean isFire()
    {
        return fire;
    }

    /**
     * Whether the elements are forgotten.
     *
     * @return true for PURGE and FIRE_AND_PURGE
     */
    public boolean isPurge()
    {
        return purge;
    }
}
