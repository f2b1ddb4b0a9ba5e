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
package io.millrace.operators.keyed;

import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

/** Room for the keys of a batch, and for what the table says of them. */
public final class KeyBatch implements AutoCloseable
{
    private final Region keys;
    private final long[] values = new long[BatchProcessor.MAX_BATCH];
    private final int[] created = new int[BatchProcessor.MAX_BATCH];

    /**
     * Room for one batch.
     *
     * @param encoder of the keys
     * @param account that the bytes are counted in
     * @param owner   for messages
     */
    public KeyBatch(final KeyEncoder encoder, final MemoryAccount account, final String owner)
    {
        keys = Region.allocate(account, owner + " keys", (long)encoder.keyLength() * BatchProcessor.MAX_BATCH);
    }

    /**
     * Where the keys lie.
     *
     * @return address of the first, the others behind it
     */
    public long keys()
    {
        return keys.address();
    }

    /**
     * Where the values of the keys lie.
     *
     * @return one address a key
     */
    public long[] values()
    {
        return values;
    }

    /**
     * Which keys were new.
     *
     * @return their indexes
     */
    public int[] created()
    {
        return created;
    }

    @Override
    public void close()
    {
        keys.close();
    }
}
