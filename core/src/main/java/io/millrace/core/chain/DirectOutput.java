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
package io.millrace.core.chain;

import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.Output;

/**
 * Hands each record to the next operator at once: for streams that meet again further on in the task, where record must
 * follow record, wherever a batch ends.
 */
public final class DirectOutput implements Output
{
    private final BatchProcessor next;
    private final long[] slots;
    private final long[] one = new long[1];

    /**
     * An edge.
     *
     * @param next  operator that takes the records
     * @param slots addresses of {@link BatchProcessor#MAX_BATCH} slots of the edge's own
     */
    public DirectOutput(final BatchProcessor next, final long[] slots)
    {
        this.next = next;
        this.slots = slots;
    }

    @Override
    public long claim()
    {
        return slots[0];
    }

    @Override
    public boolean commit()
    {
        return next.processBatch(slots, 1);
    }

    @Override
    public boolean forward(final long slot)
    {
        one[0] = slot;
        return next.processBatch(one, 1);
    }

    @Override
    public long[] claimBatch(final int count)
    {
        return slots;
    }

    @Override
    public boolean commitBatch(final int count)
    {
        return next.processBatch(slots, count);
    }

    @Override
    public boolean forwardBatch(final long[] records, final int count)
    {
        return next.processBatch(records, count);
    }
}
