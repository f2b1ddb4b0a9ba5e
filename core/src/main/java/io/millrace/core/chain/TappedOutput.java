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

/** An output that shows what goes out to a tap, and hands it on as it is. */
public final class TappedOutput implements Output
{
    private final Output next;
    private final OutputTap tap;
    private long slot;
    private long[] slots;

    /**
     * An output.
     *
     * @param next takes the records
     * @param tap  sees them
     */
    public TappedOutput(final Output next, final OutputTap tap)
    {
        this.next = next;
        this.tap = tap;
    }

    @Override
    public long claim()
    {
        slot = next.claim();
        return slot;
    }

    @Override
    public boolean commit()
    {
        tap.record(slot);
        return next.commit();
    }

    @Override
    public boolean forward(final long record)
    {
        tap.record(record);
        return next.forward(record);
    }

    @Override
    public long[] claimBatch(final int count)
    {
        slots = next.claimBatch(count);
        return slots;
    }

    @Override
    public boolean commitBatch(final int count)
    {
        show(slots, count);
        return next.commitBatch(count);
    }

    @Override
    public boolean forwardBatch(final long[] records, final int count)
    {
        show(records, count);
        return next.forwardBatch(records, count);
    }

    private void show(final long[] records, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            tap.record(records[i]);
        }
    }
}
