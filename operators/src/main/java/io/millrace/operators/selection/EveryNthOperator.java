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
package io.millrace.operators.selection;

import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Output;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;

/** Lets every nth record that comes to this instance pass: the nth is the first. How many are missing is in snapshots. */
public final class EveryNthOperator implements BatchOperator
{
    private static final long MAX_STEP = Long.MAX_VALUE / 2;

    private final long[] kept = new long[BatchProcessor.MAX_BATCH];
    private final long step;
    private Output output;
    private long missing;

    /**
     * An operator.
     *
     * @param step records from one that passes to the next
     */
    public EveryNthOperator(final Long step)
    {
        if (step <= 0 || step > MAX_STEP)
        {
            throw new IllegalArgumentException("step=" + step + " of a sample must be from 1 to " + MAX_STEP +
                ": 1 takes every record");
        }
        this.step = step;
        this.missing = step;
    }

    @Override
    public void open(final OperatorContext context)
    {
        output = context.output();
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        int keeping = 0;
        long next = missing - 1;
        while (next < count)
        {
            kept[keeping++] = slots[(int)next];
            next += step;
        }
        missing = next + 1 - count;
        return keeping == 0 || output.forwardBatch(kept, keeping);
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(missing);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        missing = blob.getLong();
    }
}
