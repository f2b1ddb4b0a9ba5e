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

import io.millrace.core.operator.Output;

/**
 * Sends each record to several outputs, in the order in which the streams were declared.
 */
public final class FanOutOutput implements Output
{
    private final Output[] outputs;
    private final long[] slots;
    private final boolean meeting;

    /**
     * An edge that splits.
     *
     * @param outputs that each record goes to
     * @param slots   addresses of {@link io.millrace.core.operator.BatchProcessor#MAX_BATCH} slots of the edge's own
     * @param meeting whether streams that part here meet again in the task: then each record goes to all outputs before
     *                the next does, and so the order behind does not depend on where a batch ends
     */
    public FanOutOutput(final Output[] outputs, final long[] slots, final Boolean meeting)
    {
        this.outputs = outputs;
        this.slots = slots;
        this.meeting = meeting;
    }

    @Override
    public long claim()
    {
        return slots[0];
    }

    @Override
    public boolean commit()
    {
        return forward(slots[0]);
    }

    @Override
    public boolean forward(final long slot)
    {
        boolean goOn = true;
        for (final Output output : outputs)
        {
            goOn &= output.forward(slot);
        }
        return goOn;
    }

    @Override
    public long[] claimBatch(final int count)
    {
        return slots;
    }

    @Override
    public boolean commitBatch(final int count)
    {
        return forwardBatch(slots, count);
    }

    @Override
    public boolean forwardBatch(final long[] records, final int count)
    {
        boolean goOn = true;
        if (meeting)
        {
            for (int i = 0; i < count; i++)
            {
                goOn &= forward(records[i]);
            }
            return goOn;
        }
        for (final Output output : outputs)
        {
            goOn &= output.forwardBatch(records, count);
        }
        return goOn;
    }
}
