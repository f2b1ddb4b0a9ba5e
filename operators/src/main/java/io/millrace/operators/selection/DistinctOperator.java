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

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.keyed.KeyBatch;
import io.millrace.operators.transform.RecordOperator;

/**
 * Lets the first record of each key pass, for good: keys are kept for ever, without a value.
 *
 * @param <V> read-only view of the records
 */
public final class DistinctOperator<V> extends RecordOperator<V> implements BatchOperator
{
    private final OperatorFactory<KeyEncoder> encoders;
    private final long[] firsts = new long[BatchProcessor.MAX_BATCH];
    private KeyEncoder encoder;
    private KeyBatch batch;
    private KeyedTable table;
    private Counter dropped;
    private boolean encoding;
    private long lookingUp;

    /**
     * An operator.
     *
     * @param type     of the records
     * @param encoders give the key
     */
    public DistinctOperator(final RecordType<V, ?> type, final OperatorFactory<KeyEncoder> encoders)
    {
        super(type);
        this.encoders = encoders;
    }

    @Override
    public void open(final OperatorContext context)
    {
        super.open(context);
        dropped = context.counter("duplicatesDropped");
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        batch = new KeyBatch(encoder, context.account(), context.name());
        table = context.state().keyedTable("seen", encoder.keyLength(), 0);
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        final int keyLength = encoder.keyLength();
        final long keys = batch.keys();
        encoding = true;
        for (int i = 0; i < count; i++)
        {
            encoder.encode(slots[i], keys + (long)i * keyLength);
        }
        encoding = false;
        lookingUp = slots[0];
        int passing = table.upsertAll(keys, count, batch.values(), batch.created());
        if (passing == KeyedTable.ONE_AT_A_TIME)
        {
            passing = createOneAtATime(slots, count);
        }
        lookingUp = 0;
        if (passing < count)
        {
            dropped.add(count - passing);
        }
        if (passing == 0)
        {
            return true;
        }
        final int[] created = batch.created();
        for (int i = 0; i < passing; i++)
        {
            firsts[i] = slots[created[i]];
        }
        return output().forwardBatch(firsts, passing);
    }

    private int createOneAtATime(final long[] slots, final int count)
    {
        final int keyLength = encoder.keyLength();
        int passing = 0;
        for (int i = 0; i < count; i++)
        {
            lookingUp = slots[i];
            final long key = batch.keys() + (long)i * keyLength;
            final long hash = KeyHash.hash(key, keyLength);
            if (table.find(hash, key) == 0)
            {
                table.upsert(hash, key);
                table.written();
                batch.created()[passing++] = i;
            }
        }
        return passing;
    }

    @Override
    public long currentSlot()
    {
        if (lookingUp != 0)
        {
            return lookingUp;
        }
        return encoding ? encoder.currentSlot() : 0;
    }

    @Override
    public void close()
    {
        if (batch != null)
        {
            batch.close();
        }
    }
}
