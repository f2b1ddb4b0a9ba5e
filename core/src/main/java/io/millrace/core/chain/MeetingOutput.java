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

/** The edge of a stream that meets others at its operator. */
public final class MeetingOutput implements BufferedOutput
{
    private final Meeting meeting;
    private final int input;
    private final long[] slots;

    /**
     * An edge.
     *
     * @param meeting of the operator
     * @param input   of the operator that the records are for
     * @param slots   addresses of {@link BatchProcessor#MAX_BATCH} slots of the edge's own: what is claimed here may be
     *                committed behind records of another edge
     */
    public MeetingOutput(final Meeting meeting, final Integer input, final long[] slots)
    {
        this.meeting = meeting;
        this.input = input;
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
        return meeting.take(slots[0], input);
    }

    @Override
    public boolean forward(final long slot)
    {
        return meeting.take(slot, input);
    }

    @Override
    public long[] claimBatch(final int count)
    {
        return slots;
    }

    @Override
    public boolean commitBatch(final int count)
    {
        return meeting.takeBatch(slots, count, input);
    }

    @Override
    public boolean forwardBatch(final long[] records, final int count)
    {
        return meeting.takeBatch(records, count, input);
    }

    @Override
    public boolean flush()
    {
        return meeting.flush();
    }
}
