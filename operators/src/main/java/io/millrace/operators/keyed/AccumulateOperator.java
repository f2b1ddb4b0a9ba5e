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
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.transform.RecordOperator;

/**
 * Adds every record to what is kept for its key, and passes that on after each. A batch is taken in two passes: the
 * first computes the keys and touches their state, so that the misses of the cache overlap; the second adds.
 *
 * @param <V> read-only view of the input
 * @param <A> flyweight that writes the state
 */
public final class AccumulateOperator<V, A extends Flyweight> extends RecordOperator<V> implements BatchOperator
{
    private final AccumulateFunction<? super V, ? super A> function;
    private final OperatorFactory<KeyEncoder> encoders;
    private final RecordType<?, A> stateType;
    private final boolean startWithFirst;
    private KeyBatch batch;
    private KeyEncoder encoder;
    private KeyedTable table;
    private Output output;
    private final A state;
    private long[] places;
    private long keys;
    /** Whether the first pass is under way, for messages. */
    private boolean encoding;

    /**
     * An operator.
     *
     * @param inputType      of the records
     * @param stateType      of what is kept for a key, and emitted; of fixed length
     * @param encoders       give the key
     * @param function       that adds a record to the state
     * @param startWithFirst true when the first record of a key is its state, not added to zeros
     */
    public AccumulateOperator(
        final RecordType<V, ?> inputType,
        final RecordType<?, A> stateType,
        final OperatorFactory<KeyEncoder> encoders,
        final AccumulateFunction<? super V, ? super A> function,
        final Boolean startWithFirst)
    {
        super(inputType);
        this.function = function;
        this.encoders = encoders;
        this.stateType = stateType;
        this.startWithFirst = startWithFirst;
        this.state = stateType.newFlyweight();
    }

    @Override
    public void open(final OperatorContext context)
    {
        super.open(context);
        output = output();
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        batch = new KeyBatch(encoder, context.account(), context.name());
        table = context.state().keyedTable("accumulated", encoder.keyLength(), stateType.blockLength());
        places = batch.places();
        keys = batch.keys();
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        final long[] places = this.places;
        final KeyEncoder encoder = this.encoder;
        final int keyLength = encoder.keyLength();
        final KeyedTable table = this.table;
        long key = keys;
        encoding = true;
        for (int i = 0; i < count; i++)
        {
            encoder.encode(slots[i], key);
            key += keyLength;
        }
        encoding = false;
        table.locate(keys, count, places);
        final Output output = this.output;
        add(slots, count, output.claimBatch(count));
        return output.commitBatch(count);
    }

    /**
     * The second pass. Its inner loop calls nothing that is not inlined, so that the compiler keeps what it uses in
     * registers: a key that is new, moved or not touched since the barrier is seen to outside.
     */
    private void add(final long[] slots, final int count, final long[] results)
    {
        final long[] places = this.places;
        final KeyedTable table = this.table;
        final AccumulateFunction<? super V, ? super A> function = this.function;
        final Flyweight record = flyweight();
        final V view = view();
        final A state = this.state;
        final int valueLength = state.blockLength();
        final int keyLength = encoder.keyLength();
        long key = keys;
        int i = 0;
        while (i < count)
        {
            while (i < count)
            {
                final long slot = slots[i];
                final long value = table.valueAt(places[i], key);
                if (value == 0)
                {
                    break;
                }
                if (DebugMode.ENABLED)
                {
                    addChecked(slot, value);
                }
                else
                {
                    record.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
                    state.wrapUnchecked(value);
                    function.add(state, view);
                }
                table.written();
                emit(slot, value, results[i], valueLength);
                key += keyLength;
                i++;
            }
            if (i < count)
            {
                emit(slots[i], upsert(slots[i], places[i], key), results[i], valueLength);
                key += keyLength;
                i++;
            }
        }
    }

    private static void emit(final long slot, final long value, final long result, final int valueLength)
    {
        SlotDescriptor.inherit(slot, result);
        Memory.copyWords(value, result + SlotDescriptor.HEADER_LENGTH, valueLength);
    }

    private long upsert(final long slot, final long place, final long key)
    {
        final long value = table.upsertAt(place, key);
        if (startWithFirst && table.created())
        {
            Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, value, state.blockLength());
        }
        else if (DebugMode.ENABLED)
        {
            addChecked(slot, value);
        }
        else
        {
            state.wrapUnchecked(value);
            function.add(state, view(slot));
        }
        table.written();
        return value;
    }

    private void addChecked(final long slot, final long value)
    {
        final A checked = stateType.newFlyweight();
        checked.wrapUnchecked(value);
        function.add(checked, view(slot));
        releaseView();
        checked.release(name());
    }

    @Override
    public long currentSlot()
    {
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
