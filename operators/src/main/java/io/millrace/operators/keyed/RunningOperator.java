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

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.RunningFunction;
import io.millrace.operators.transform.RecordOperator;
import io.millrace.operators.transform.RecordWriter;

/**
 * Adds every record to the accumulator of its key, and makes a result of that after each.
 *
 * @param <V> read-only view of the input
 * @param <K> view of the key
 * @param <B> read-only view of the accumulator
 * @param <A> flyweight that writes the accumulator
 * @param <W> flyweight that writes the results
 */
public final class RunningOperator<V, K, B, A extends Flyweight, W extends Flyweight> extends RecordOperator<V>
    implements SkippingOperator, BatchOperator
{
    private final RecordType<B, A> accumulatorType;
    private final OperatorFactory<KeyEncoder> encoders;
    private final KeyView<K> keyView;
    private final AccumulateFunction<? super V, ? super A> accumulate;
    private final RunningFunction<? super K, ? super B, ? super W> result;
    private final RecordWriter<W> writer;
    private A accumulator;
    private KeyEncoder encoder;
    private KeyBatch batch;
    private AccumulatorGuard guard;
    private KeyedTable table;
    private Output output;
    private boolean encoding;
    private long lookingUp;

    /**
     * An operator.
     *
     * @param inputType       of the records
     * @param accumulatorType of what is kept for a key, of fixed length
     * @param outputType      of the results
     * @param encoders        give the key
     * @param keyViews        show it
     * @param accumulate      adds a record to an accumulator
     * @param result          makes a result of it
     */
    @SuppressWarnings("unchecked")
    public RunningOperator(
        final RecordType<V, ?> inputType,
        final RecordType<B, A> accumulatorType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> encoders,
        final OperatorFactory<KeyView<K>> keyViews,
        final AccumulateFunction<? super V, ? super A> accumulate,
        final RunningFunction<? super K, ? super B, ? super W> result)
    {
        super(inputType);
        this.accumulatorType = accumulatorType;
        this.encoders = encoders;
        this.keyView = IsolatedLoader.newInstance("key view", KeyView.class, keyViews);
        this.accumulate = accumulate;
        this.result = result;
        this.writer = new RecordWriter<>(outputType);
        this.accumulator = accumulatorType.newFlyweight();
    }

    @Override
    public void open(final OperatorContext context)
    {
        super.open(context);
        output = output();
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        batch = new KeyBatch(encoder, context.account(), context.name());
        context.state().describe("accumulated", StateForm.WHOLE_KEY.withRecord(accumulatorType, 0));
        table = context.state().keyedTable("accumulated", encoder.keyLength(), accumulatorType.blockLength());
        guard = AccumulatorGuard.of(context, accumulatorType.blockLength());
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
        if (guard != null)
        {
            return addGuarded(slots[0], keys);
        }
        final long[] values = batch.values();
        lookingUp = slots[0];
        final boolean together = table.upsertAll(keys, count, values, batch.created()) != KeyedTable.ONE_AT_A_TIME;
        lookingUp = 0;
        boolean goOn = true;
        for (int i = 0; i < count; i++)
        {
            final long key = keys + (long)i * keyLength;
            if (together)
            {
                goOn &= add(slots[i], key, values[i]);
            }
            else
            {
                lookingUp = slots[i];
                final long value = table.upsert(KeyHash.hash(key, keyLength), key);
                lookingUp = 0;
                goOn &= add(slots[i], key, value);
                table.written();
            }
        }
        return goOn;
    }

    /** Adds a record, or leaves its key as it was. */
    private boolean addGuarded(final long slot, final long key)
    {
        final long hash = KeyHash.hash(key, encoder.keyLength());
        final long value = table.upsert(hash, key);
        final boolean created = table.created();
        guard.save(value);
        try
        {
            make(slot, key, value);
        }
        catch (final Throwable thrown)
        {
            guard.undo(table, created, hash, key, value);
            throw thrown;
        }
        table.written();
        return output.commit();
    }

    private boolean add(final long slot, final long key, final long value)
    {
        make(slot, key, value);
        return output.commit();
    }

    private void make(final long slot, final long key, final long value)
    {
        if (DebugMode.ENABLED)
        {
            accumulator = accumulatorType.newFlyweight();
        }
        accumulator.wrapUnchecked(value);
        accumulate.add(accumulator, view(slot));
        final W out = writer.begin(output.claim(), slot, writer.flyweight().blockLength());
        result.apply(keyView.at(key), accumulatorType.view(accumulator), out);
        writer.end(name());
        if (DebugMode.ENABLED)
        {
            releaseView();
            accumulator.release(name());
        }
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
        if (guard != null)
        {
            guard.close();
        }
    }
}
