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
package io.millrace.core.checkpoint;

import io.millrace.core.ordering.OrderLogHandler;
import io.millrace.core.ordering.OrderLogReader;

/** The order log of a run, for another job that takes the same inputs to follow. */
@FunctionalInterface
public interface OrderRecording
{
    /**
     * Hands out the entries.
     *
     * @param handler that takes all of them, without a gap, from batch 0 or the one behind the job's checkpoint on
     * @throws IllegalStateException when the recording does not reach back so far, or is damaged
     */
    void replay(OrderLogHandler handler);

    /**
     * Opens the recording, for a job to read as it replays: once for each of its sources, and once to see how long it is.
     *
     * @return a reader of the same entries as {@link #replay}, closed by the caller; by default one that has them in one piece
     */
    default OrderLogReader open()
    {
        return new OrderLogReader()
        {
            private boolean read;

            @Override
            public boolean read(final OrderLogHandler handler)
            {
                if (!read)
                {
                    read = true;
                    replay(handler);
                    return true;
                }
                return false;
            }

            @Override
            public void close()
            {
                // Nothing is held.
            }
        };
    }

    /**
     * What the sources do behind the last entry.
     *
     * @return true to go on live; false to stop there, as a replay does that shows what was and nothing else: no record is
     *     taken, no tick or barrier is put
     */
    default boolean goesOn()
    {
        return true;
    }

    /**
     * How sources send what one entry has.
     *
     * @return true for one record in each step of a source, as tools want it that show every step; the order is the same
     */
    default boolean recordByRecord()
    {
        return false;
    }
}
