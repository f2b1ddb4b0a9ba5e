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
package io.millrace.core.exchange;

import io.millrace.core.operator.Output;

/**
 * Sends records to the subtasks in turn. Whose turn it is is part of the task's snapshot, so that a replay deals alike.
 */
public final class RebalanceOutput implements Output, Turn
{
    private final RingWriter[] writers;
    private final long[] slots;
    private int turn;

    /**
     * An edge.
     *
     * @param writers one a subtask
     * @param slots   addresses of {@link io.millrace.core.operator.BatchProcessor#MAX_BATCH} slots of the edge's own
     */
    public RebalanceOutput(final RingWriter[] writers, final long[] slots)
    {
        this.writers = writers;
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
        return forward(slots[0]);
    }

    @Override
    public boolean forward(final long slot)
    {
        final RingWriter writer = writers[turn];
        turn = turn + 1 == writers.length ? 0 : turn + 1;
        return writer.copy(slot);
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
        for (int i = 0; i < count; i++)
        {
            goOn &= forward(records[i]);
        }
        return goOn;
    }

    @Override
    public int turn()
    {
        return turn;
    }

    @Override
    public void turn(final int restored)
    {
        turn = restored % writers.length;
    }
}
