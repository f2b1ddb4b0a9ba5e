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

import java.util.Arrays;

/** Takes records that nobody wants, all in one slot. */
public final class DiscardOutput implements Output
{
    private final long[] slots = new long[BatchProcessor.MAX_BATCH];

    /**
     * An end.
     *
     * @param slot address of a slot of the edge's own
     */
    public DiscardOutput(final Long slot)
    {
        Arrays.fill(slots, slot);
    }

    @Override
    public long claim()
    {
        return slots[0];
    }

    @Override
    public boolean commit()
    {
        return true;
    }

    @Override
    public boolean forward(final long slot)
    {
        return true;
    }

    @Override
    public long[] claimBatch(final int count)
    {
        return slots;
    }

    @Override
    public boolean commitBatch(final int count)
    {
        return true;
    }

    @Override
    public boolean forwardBatch(final long[] records, final int count)
    {
        return true;
    }
}
