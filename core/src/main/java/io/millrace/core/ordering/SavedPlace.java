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
package io.millrace.core.ordering;

import io.millrace.memory.ring.RecordRing;

/**
 * What a task has taken from its input and not yet shown on its rings: the rest of a burst that did not fit. Written by the task before it
 * releases its input, read by the scans of others after the task's rings, so that a record is visible in at least one place.
 */
public final class SavedPlace
{
    private final PaddedLong cause = new PaddedLong(RecordRing.NO_CAUSE);
    private boolean set;

    SavedPlace()
    {
    }

    /**
     * Says that outputs from a cause on are still to come; after what is complete was published, before the input is released.
     *
     * @param lowest cause of the outputs
     */
    public void set(final long lowest)
    {
        cause.setRelease(lowest);
        set = true;
    }

    /** Says that everything is published. */
    public void clear()
    {
        if (set)
        {
            set = false;
            cause.setRelease(RecordRing.NO_CAUSE);
        }
    }

    /** Any thread: lowest cause of what is still to come, or {@link RecordRing#NO_CAUSE}. */
    long cause()
    {
        return cause.getAcquire();
    }
}
