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
package io.millrace.operators.state;

/** What time it is for the states of one operator instance. */
final class ExpiryClock
{
    private long eventTime = Long.MIN_VALUE;
    private long processingTime = Long.MIN_VALUE;

    void eventTime(final long now)
    {
        eventTime = now;
    }

    long eventTime()
    {
        return eventTime;
    }

    void processingTime(final long now)
    {
        processingTime = now;
    }

    long processingTime()
    {
        if (processingTime == Long.MIN_VALUE)
        {
            throw new IllegalStateException("a state with a time to live in processing time is used where no clock was " +
                "read: have the function's usesProcessingTime() return true, or use event time");
        }
        return processingTime;
    }

    /** Processing time, or the beginning of time when no clock was read. */
    long lastProcessingTime()
    {
        return processingTime;
    }
}
