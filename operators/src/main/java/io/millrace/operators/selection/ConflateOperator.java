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
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.MultipleInputOperator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.core.state.StatePlacement;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.transform.RecordView;

import java.util.function.ToLongFunction;

/**
 * Passes on as many records as are asked for, and keeps the last one of each key meanwhile. The second input says how many
 * more the consumer takes. While it takes none, a record replaces the one that waits for its key and has its place;
 * a key that none waits for gets the last place. What is asked for is taken from the front.
 * <pre>
 *   places    place 8 -> | key |
 *   waiting   key     -> | place 8 | time 8 | record |
 *
 *   first ... last place:  [ k3 | k9 | k1 ]  <- new keys;   a record of k9 replaces its record, in its place
 * </pre>
 * What waits at the end of the input is passed on at the last watermark, as nothing can ask for it any more.
 *
 * @param <V> read-only view of the records
 * @param <C> read-only view of what asks for records
 */
public final class ConflateOperator<V, C> implements MultipleInputOperator
{
    private static final int PLACE_OFFSET = 0;
    private static final int TIME_OFFSET = 8;
    private static final int RECORD_OFFSET = 16;

    private final int recordLength;
    private final RecordType<C, ?> demandType;
    private final OperatorFactory<KeyEncoder> encoders;
    private final ToLongFunction<? super C> amount;
    private final long[] passing = new long[BatchProcessor.MAX_BATCH];
    private KeyEncoder encoder;
    private RecordView<C> demand;
    private Output output;
    private Counter conflated;
    private KeyedTable waiting;
    private KeyedTable places;
    private Region keys;
    private long key;
    private long place;
    private int keyLength;
    /** Records that the consumer still takes; above 0 only while none waits. */
    private long credits;
    private long firstPlace;
    private long nextPlace;
    private boolean encoding;
    private long working;

    /**
     * An operator.
     *
     * @param type       of the records, of fixed length
     * @param demandType of what asks for records
     * @param encoders   give the key of a record
     * @param amount     says for how many more records is asked, 0 or more
     */
    public ConflateOperator(
        final RecordType<V, ?> type,
        final RecordType<C, ?> demandType,
        final OperatorFactory<KeyEncoder> encoders,
        final ToLongFunction<? super C> amount)
    {
        this.recordLength = type.blockLength();
        this.demandType = demandType;
        this.encoders = encoders;
        this.amount = amount;
    }

    @Override
    public void open(final OperatorContext context)
    {
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        demand = new RecordView<>(demandType, context.name());
        output = context.output();
        conflated = context.counter("recordsConflated");
        keyLength = encoder.keyLength();
        waiting = context.state().keyedTable("waiting", keyLength, RECORD_OFFSET + recordLength);
        context.state().describe("waiting", StateForm.placed(StatePlacement.FIXED));
        context.state().describe("places", StateForm.placed(StatePlacement.FIXED));
        places = context.state().keyedTable("places", Long.BYTES, keyLength);
        keys = Region.allocate(context.account(), context.name() + " key", Long.BYTES + keyLength);
        place = keys.address();
        key = place + Long.BYTES;
    }

    @Override
    public BatchProcessor input(final int index)
    {
        return index == 0 ? new Records() : new Demand();
    }

    private boolean takeRecords(final long[] slots, final int count)
    {
        final int passed = (int)Math.min(credits, count);
        boolean goOn = true;
        if (passed > 0)
        {
            System.arraycopy(slots, 0, passing, 0, passed);
            credits -= passed;
            goOn = output.forwardBatch(passing, passed);
        }
        for (int i = passed; i < count; i++)
        {
            keep(slots[i]);
        }
        return goOn;
    }

    private void keep(final long slot)
    {
        encoding = true;
        encoder.encode(slot, key);
        encoding = false;
        working = slot;
        final long value = waiting.upsert(KeyHash.hash(key, keyLength), key);
        final boolean isNew = waiting.created();
        if (isNew)
        {
            Memory.putLong(value + PLACE_OFFSET, nextPlace);
        }
        else
        {
            conflated.increment();
        }
        Memory.putLong(value + TIME_OFFSET, SlotDescriptor.timestamp(slot));
        Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, value + RECORD_OFFSET, recordLength);
        waiting.written();
        if (isNew)
        {
            Memory.putLong(place, nextPlace);
            Memory.copyWords(key, places.upsert(KeyHash.hash(nextPlace), place), keyLength);
            places.written();
            nextPlace++;
        }
        working = 0;
    }

    private boolean takeDemand(final long[] slots, final int count)
    {
        boolean goOn = true;
        for (int i = 0; i < count; i++)
        {
            final long more = amount.applyAsLong(demand.at(slots[i]));
            if (more < 0)
            {
                throw new IllegalArgumentException("demand=" + more + " of record=" + demand.record() +
                    " must be 0 or more: what was asked for cannot be taken back");
            }
            demand.leave();
            credits = credits > Long.MAX_VALUE - more ? Long.MAX_VALUE : credits + more;
            while (credits > 0 && firstPlace < nextPlace)
            {
                credits--;
                goOn &= emitFirst(slots[i]);
            }
        }
        return goOn;
    }

    private boolean emitFirst(final long cause)
    {
        working = cause;
        Memory.putLong(place, firstPlace);
        final long placeHash = KeyHash.hash(firstPlace);
        Memory.copyWords(places.find(placeHash, place), key, keyLength);
        final long keyHash = KeyHash.hash(key, keyLength);
        final long value = waiting.find(keyHash, key);
        final long slot = output.claim();
        SlotDescriptor.inherit(cause, slot);
        SlotDescriptor.timestamp(slot, Memory.getLong(value + TIME_OFFSET));
        Memory.copyWords(value + RECORD_OFFSET, slot + SlotDescriptor.HEADER_LENGTH, recordLength);
        waiting.remove(keyHash, key);
        places.remove(placeHash, place);
        firstPlace++;
        working = 0;
        return output.commit();
    }

    @Override
    public boolean watermark(final long slot)
    {
        if (SlotDescriptor.timestamp(slot) == Long.MAX_VALUE)
        {
            for (int firings = MAX_FIRINGS; firstPlace < nextPlace; firings--)
            {
                if (firings == 0 || !emitFirst(slot))
                {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(credits).putLong(firstPlace).putLong(nextPlace);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        credits = blob.getLong();
        firstPlace = blob.getLong();
        nextPlace = blob.getLong();
    }

    @Override
    public long currentSlot()
    {
        if (encoding)
        {
            return encoder.currentSlot();
        }
        return working != 0 ? working : demand == null ? 0 : demand.slot();
    }

    @Override
    public String currentRecord()
    {
        return demand == null ? null : demand.record();
    }

    @Override
    public void close()
    {
        if (keys != null)
        {
            keys.close();
        }
    }

    /** Takes records. */
    private final class Records implements BatchProcessor
    {
        @Override
        public boolean processBatch(final long[] slots, final int count)
        {
            return takeRecords(slots, count);
        }
    }

    /** Takes what asks for records. */
    private final class Demand implements BatchProcessor
    {
        @Override
        public boolean processBatch(final long[] slots, final int count)
        {
            return takeDemand(slots, count);
        }
    }
}
