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
package io.millrace.operators.ranking;

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.RankFunction;
import io.millrace.operators.keyed.KeyBatch;
import io.millrace.operators.transform.RecordOperator;
import io.millrace.operators.transform.RecordWriter;

/**
 * Keeps the first records of each key in the order of a ranking. A record that becomes one of them moves those behind it
 * down: it and they are passed on with their new ranks.
 *
 * @param <V> read-only view of the records
 * @param <W> flyweight that writes the results
 */
public final class TopOperator<V, W extends Flyweight> extends RecordOperator<V> implements BatchOperator
{
    private final OperatorFactory<KeyEncoder> encoders;
    private final RecordType<TopRecords<V>, TopRecords<V>> stateType;
    private final RankFunction<? super V, ? super W> function;
    private final RecordWriter<W> writer;
    private final TopRecords<V> state;
    private KeyEncoder encoder;
    private KeyBatch batch;
    private KeyedTable table;
    private boolean encoding;
    private long lookingUp;

    /**
     * An operator.
     *
     * @param inputType  of the records
     * @param stateType  of a key's ranking
     * @param outputType of the results
     * @param encoders   give the key
     * @param function   that makes the results
     */
    public TopOperator(
        final RecordType<V, ?> inputType,
        final RecordType<TopRecords<V>, TopRecords<V>> stateType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> encoders,
        final RankFunction<? super V, ? super W> function)
    {
        super(inputType);
        this.encoders = encoders;
        this.stateType = stateType;
        this.function = function;
        this.writer = new RecordWriter<>(outputType);
        this.state = stateType.newFlyweight();
    }

    @Override
    public void open(final OperatorContext context)
    {
        super.open(context);
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        batch = new KeyBatch(encoder, context.account(), context.name());
        context.state().describe("top", StateForm.WHOLE_KEY.withRecord(stateType, 0));
        table = context.state().keyedTable("top", encoder.keyLength(), stateType.blockLength());
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
        final long[] values = batch.values();
        lookingUp = slots[0];
        final boolean together = table.upsertAll(keys, count, values, batch.created()) != KeyedTable.ONE_AT_A_TIME;
        lookingUp = 0;
        boolean goOn = true;
        for (int i = 0; i < count; i++)
        {
            if (together)
            {
                goOn &= add(slots[i], values[i]);
            }
            else
            {
                final long key = keys + (long)i * keyLength;
                lookingUp = slots[i];
                final long value = table.upsert(KeyHash.hash(key, keyLength), key);
                lookingUp = 0;
                goOn &= add(slots[i], value);
                table.written();
            }
        }
        return goOn;
    }

    private boolean add(final long slot, final long value)
    {
        final TopRecords<V> top = DebugMode.ENABLED ? stateType.newFlyweight() : state;
        top.wrapUnchecked(value);
        final int index = top.add(view(slot));
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        return index < 0 || emit(slot, top, index);
    }

    private boolean emit(final long slot, final TopRecords<V> top, final int from)
    {
        final Output output = output();
        final int count = top.count();
        boolean goOn = true;
        lookingUp = slot;
        for (int i = from; i < count; i++)
        {
            final W out = writer.begin(output.claim(), slot, writer.flyweight().blockLength());
            function.apply(i + 1, top.record(i), out);
            writer.end(name());
            if (DebugMode.ENABLED)
            {
                top.releaseRecord(name());
            }
            goOn &= output.commit();
        }
        lookingUp = 0;
        return goOn;
    }

    @Override
    public long currentSlot()
    {
        if (lookingUp != 0)
        {
            return lookingUp;
        }
        return encoding ? encoder.currentSlot() : super.currentSlot();
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
