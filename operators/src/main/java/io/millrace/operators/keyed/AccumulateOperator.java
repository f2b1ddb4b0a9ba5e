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
import io.millrace.memory.Memory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.transform.RecordOperator;

/**
 * Adds every record to what is kept for its key, and passes that on after each. The keys of a batch are looked up at
 * once, so that the misses of the cache overlap.
 *
 * @param <V> read-only view of the input
 * @param <A> flyweight that writes the state
 */
public final class AccumulateOperator<V, A extends Flyweight> extends RecordOperator<V> implements SkippingOperator, BatchOperator
{
    private final AccumulateFunction<? super V, ? super A> function;
    private final OperatorFactory<KeyEncoder> encoders;
    private final RecordType<?, A> stateType;
    private final boolean startWithFirst;
    private KeyBatch batch;
    private AccumulatorGuard guard;
    private KeyEncoder encoder;
    private KeyedTable table;
    private Output output;
    private final A state;
    private long keys;
    private long[] values;
    private int[] created;
    /** Whether keys are being encoded, and the first slot of the batch whose keys are being looked up: for messages. */
    private boolean encoding;
    private long lookingUp;

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
        context.state().describe("accumulated", StateForm.WHOLE_KEY.withRecord(stateType, 0));
        table = context.state().keyedTable("accumulated", encoder.keyLength(), stateType.blockLength());
        guard = AccumulatorGuard.of(context, stateType.blockLength());
        keys = batch.keys();
        values = batch.values();
        created = batch.created();
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        encode(slots, count);
        if (guard != null)
        {
            return addGuarded(slots[0]);
        }
        lookingUp = slots[0];
        final int firsts = table.upsertAll(keys, count, values, created);
        lookingUp = 0;
        final Output output = this.output;
        final long[] results = output.claimBatch(count);
        if (firsts == KeyedTable.ONE_AT_A_TIME)
        {
            addOneAtATime(slots, count, results);
        }
        else
        {
            addAll(slots, count, startWithFirst ? firsts : 0, results);
        }
        return output.commitBatch(count);
    }

    /** Adds a record, or leaves its key as it was. */
    private boolean addGuarded(final long slot)
    {
        final long result = output.claimBatch(1)[0];
        final long hash = KeyHash.hash(keys, encoder.keyLength());
        final long value = table.upsert(hash, keys);
        final boolean created = table.created();
        guard.save(value);
        try
        {
            addTo(slot, value, created);
        }
        catch (final Throwable thrown)
        {
            guard.undo(table, created, hash, keys, value);
            throw thrown;
        }
        table.written();
        emit(slot, value, result, state.blockLength());
        return output.commitBatch(1);
    }

    private void encode(final long[] slots, final int count)
    {
        final KeyEncoder encoder = this.encoder;
        final int keyLength = encoder.keyLength();
        long key = keys;
        encoding = true;
        for (int i = 0; i < count; i++)
        {
            encoder.encode(slots[i], key);
            key += keyLength;
        }
        encoding = false;
    }

    /** Calls nothing in its loop that is not inlined, so that the compiler keeps what it uses in registers. */
    private void addAll(final long[] slots, final int count, final int firsts, final long[] results)
    {
        final long[] values = this.values;
        final AccumulateFunction<? super V, ? super A> function = this.function;
        final Flyweight record = flyweight();
        final V view = view();
        final A state = this.state;
        final int valueLength = state.blockLength();
        int seen = 0;
        int first = firsts == 0 ? count : created[0];
        for (int i = 0; i < count; i++)
        {
            final long slot = slots[i];
            final long value = values[i];
            if (i == first)
            {
                startWith(slot, value);
                seen++;
                first = seen == firsts ? count : created[seen];
            }
            else if (DebugMode.ENABLED)
            {
                addChecked(slot, value);
            }
            else
            {
                record.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
                state.wrapUnchecked(value);
                function.add(state, view);
            }
            emit(slot, value, results[i], valueLength);
        }
    }

    private void addOneAtATime(final long[] slots, final int count, final long[] results)
    {
        final int keyLength = encoder.keyLength();
        for (int i = 0; i < count; i++)
        {
            final long slot = slots[i];
            final long key = keys + (long)i * keyLength;
            lookingUp = slot;
            final long value = table.upsert(KeyHash.hash(key, keyLength), key);
            lookingUp = 0;
            addTo(slot, value, table.created());
            table.written();
            emit(slot, value, results[i], state.blockLength());
        }
    }

    private void addTo(final long slot, final long value, final boolean first)
    {
        if (startWithFirst && first)
        {
            startWith(slot, value);
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
    }

    private void startWith(final long slot, final long value)
    {
        Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, value, state.blockLength());
    }

    private static void emit(final long slot, final long value, final long result, final int valueLength)
    {
        SlotDescriptor.inherit(slot, result);
        Memory.copyWords(value, result + SlotDescriptor.HEADER_LENGTH, valueLength);
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
