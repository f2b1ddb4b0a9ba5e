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
package io.millrace.core.runtime;

import io.millrace.core.ordering.OrderLog;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Holds a task's input back until the order that it came in will survive: what the task shows to the outside then comes
 * again the same after a restart (ORDERING rules 22 and 23). Only where an order log is kept. One task's thread.
 */
final class OutputGate
{
    private static final long BATCH = (1L << SlotDescriptor.CAUSE_INDEX_BITS) - 1;

    private final OrderLog log;
    private long durable = -1;

    OutputGate(final OrderLog log)
    {
        this.log = log;
    }

    /** Whether the order up to a cause will survive. */
    boolean opens(final long cause)
    {
        if (cause > durable)
        {
            durable = log.durableBatch() << SlotDescriptor.CAUSE_INDEX_BITS | BATCH;
        }
        return cause <= durable;
    }

    /**
     * Number of the leading records of a batch that may be taken. Causes do not fall along a batch.
     *
     * @param slots addresses of the records' slots
     * @param count of records
     * @return 0 when none may
     */
    int opens(final long[] slots, final int count)
    {
        int open = count;
        while (open > 0 && !opens(SlotDescriptor.cause(slots[open - 1])))
        {
            open--;
        }
        return open;
    }
}
