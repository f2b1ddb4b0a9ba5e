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

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Output;
import io.millrace.memory.table.KeyGroups;
import io.millrace.memory.table.KeyHash;

/** Sends every record to the subtask that owns the key group of its key. */
public final class HashOutput implements Output, KeyedOutput
{
    private final RingWriter[] writers;
    private final KeyEncoder encoder;
    private final long[] slots;
    private final long key;
    private final int keyLength;
    private final int maxParallelism;
    private long currentSlot;

    /**
     * An edge.
     *
     * @param writers        one a subtask
     * @param encoder        gives the key
     * @param slots          addresses of {@link io.millrace.core.operator.BatchProcessor#MAX_BATCH} slots of the edge's own
     * @param key            address of room for a key
     * @param maxParallelism number of key groups
     */
    public HashOutput(
        final RingWriter[] writers,
        final KeyEncoder encoder,
        final long[] slots,
        final Long key,
        final Integer maxParallelism)
    {
        this.writers = writers;
        this.encoder = encoder;
        this.slots = slots;
        this.key = key;
        this.keyLength = encoder.keyLength();
        this.maxParallelism = maxParallelism;
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
        currentSlot = slot;
        encoder.encode(slot, key);
        currentSlot = 0;
        final int group = KeyGroups.of(KeyHash.hash(key, keyLength), maxParallelism);
        return writers[KeyGroups.task(group, writers.length, maxParallelism)].copy(slot);
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
    public long currentSlot()
    {
        return currentSlot;
    }

    @Override
    public void failureTaken()
    {
        currentSlot = 0;
    }
}
