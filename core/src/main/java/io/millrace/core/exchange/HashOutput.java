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
public final class HashOutput implements Output
{
    private final RingWriter[] writers;
    private final KeyEncoder encoder;
    private final long hotSlot;
    private final long key;
    private final int keyLength;
    private final int maxParallelism;

    /**
     * An edge.
     *
     * @param writers        one a subtask
     * @param encoder        gives the key
     * @param hotSlot        address of a slot of the edge's own
     * @param key            address of room for a key
     * @param maxParallelism number of key groups
     */
    public HashOutput(
        final RingWriter[] writers,
        final KeyEncoder encoder,
        final Long hotSlot,
        final Long key,
        final Integer maxParallelism)
    {
        this.writers = writers;
        this.encoder = encoder;
        this.hotSlot = hotSlot;
        this.key = key;
        this.keyLength = encoder.keyLength();
        this.maxParallelism = maxParallelism;
    }

    @Override
    public long claim()
    {
        return hotSlot;
    }

    @Override
    public boolean commit()
    {
        return forward(hotSlot);
    }

    @Override
    public boolean forward(final long slot)
    {
        encoder.encode(slot, key);
        final int group = KeyGroups.of(KeyHash.hash(key, keyLength), maxParallelism);
        return writers[KeyGroups.task(group, writers.length, maxParallelism)].copy(slot);
    }
}
