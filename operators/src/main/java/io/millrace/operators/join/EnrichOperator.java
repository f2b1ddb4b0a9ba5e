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
package io.millrace.operators.join;

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.MultipleInputOperator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.core.state.StatePlacement;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.FilterFunction;
import io.millrace.operators.function.JoinFunction;
import io.millrace.operators.transform.RecordView;
import io.millrace.operators.transform.RecordWriter;

/**
 * Joins each record of the first stream, when it comes, with the latest record of its key that the second stream, the table,
 * has brought before it. Each instance keeps the whole table, so the first stream stays as it is dealt.
 *
 * <pre>
 *   | key |  --&gt;  | latest record |
 * </pre>
 *
 * @param <V> read-only view of the records
 * @param <U> read-only view of the table's records
 * @param <W> flyweight that writes the results
 */
public final class EnrichOperator<V, U, W extends Flyweight>
    implements MultipleInputOperator, SkippingOperator
{
    private final RecordType<V, ?> recordType;
    private final RecordType<U, ?> tableType;
    private final OperatorFactory<KeyEncoder> recordEncoders;
    private final OperatorFactory<KeyEncoder> tableEncoders;
    private final FilterFunction<? super U> removal;
    private final JoinFunction<? super V, ? super U, ? super W> function;
    private final boolean outer;
    private final RecordWriter<W> writer;
    private final long[] hashes = new long[BatchProcessor.MAX_BATCH];

    private KeyEncoder recordEncoder;
    private KeyEncoder tableEncoder;
    private RecordView<V> recordView;
    private RecordView<U> tableView;
    private JoinedView<U> latestView;
    private KeyedTable table;
    private Region keys;
    private Output output;
    private Counter unmatched;
    private String name;
    private int keyLength;
    /** The encoder that is asked for a key, for messages; else null. */
    private KeyEncoder encoding;
    /** What was read ahead: kept, so that the compiler does not leave the reads out. */
    @SuppressWarnings("UnusedVariable")
    private long read;

    /**
     * An operator.
     *
     * @param recordType     of the records
     * @param tableType      of the table's records, of fixed length
     * @param outputType     of the results
     * @param recordEncoders give the key of a record
     * @param tableEncoders  give the key of a table's record
     * @param removal        says which records of the table end their key's entry
     * @param function       makes a result of a record and the latest of the table, or null
     * @param outer          whether records without one have a result, too; they are dropped and counted otherwise
     */
    public EnrichOperator(
        final RecordType<V, ?> recordType,
        final RecordType<U, ?> tableType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> recordEncoders,
        final OperatorFactory<KeyEncoder> tableEncoders,
        final FilterFunction<? super U> removal,
        final JoinFunction<? super V, ? super U, ? super W> function,
        final boolean outer)
    {
        this.recordType = recordType;
        this.tableType = tableType;
        this.recordEncoders = recordEncoders;
        this.tableEncoders = tableEncoders;
        this.removal = removal;
        this.function = function;
        this.outer = outer;
        this.writer = new RecordWriter<>(outputType);
    }

    @Override
    public void open(final OperatorContext context)
    {
        name = context.name();
        recordEncoder = IsolatedLoader.newInstance(name, KeyEncoder.class, recordEncoders);
        tableEncoder = IsolatedLoader.newInstance(name, KeyEncoder.class, tableEncoders);
        recordView = new RecordView<>(recordType, name);
        tableView = new RecordView<>(tableType, name);
        latestView = new JoinedView<>(tableType, name);
        keyLength = recordEncoder.keyLength();
        keys = Region.allocate(context.account(), name + " keys", (long)keyLength * BatchProcessor.MAX_BATCH);
        context.state().describe("broadcast/latest", StateForm.placed(StatePlacement.BROADCAST).withRecord(tableType, 0));
        table = context.state().keyedTable("broadcast/latest", keyLength, tableType.blockLength());
        output = context.output();
        unmatched = context.counter("recordsWithoutMatch");
    }

    @Override
    public BatchProcessor input(final int index)
    {
        return index == 0 ? new RecordInput() : new TableInput();
    }

    private void encode(final KeyEncoder encoder, final long[] slots, final int count)
    {
        long key = keys.address();
        encoding = encoder;
        for (int i = 0; i < count; i++)
        {
            encoder.encode(slots[i], key);
            hashes[i] = KeyHash.hash(key, keyLength);
            key += keyLength;
        }
        encoding = null;
    }

    /** Has the memory of a large table come while the keys behind are looked at. */
    private void prefetch(final int count)
    {
        long words = 0;
        for (int i = 0; i < count; i++)
        {
            words ^= table.prefetch(hashes[i]);
        }
        read = words;
    }

    private boolean enrich(final long slot, final long latest)
    {
        final W out = writer.begin(output.claim(), slot, writer.flyweight().blockLength());
        function.join(recordView.at(slot), latestView.at(latest), out);
        recordView.leave();
        latestView.leave();
        writer.end(name);
        return output.commit();
    }

    private void take(final long slot, final long hash, final long key)
    {
        final boolean removed = removal.test(tableView.at(slot));
        tableView.leave();
        if (removed)
        {
            table.remove(hash, key);
        }
        else
        {
            Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, table.upsert(hash, key), tableType.blockLength());
            table.written();
        }
    }

    @Override
    public void recordFailed(final boolean again)
    {
        encoding = null;
        recordView.leave();
        tableView.leave();
        latestView.leave();
    }

    @Override
    public long currentSlot()
    {
        return encoding != null ? encoding.currentSlot() : recordView.slot() != 0 ? recordView.slot() : tableView.slot();
    }

    @Override
    public String currentRecord()
    {
        if (recordView.slot() == 0)
        {
            return tableView.record();
        }
        return recordView.record() + " latest " + latestView.text(latestView.address());
    }

    @Override
    public void close()
    {
        if (keys != null)
        {
            keys.close();
        }
    }

    /** Takes the records. */
    private final class RecordInput implements BatchProcessor
    {
        @Override
        public boolean processBatch(final long[] slots, final int count)
        {
            encode(recordEncoder, slots, count);
            prefetch(count);
            long key = keys.address();
            boolean goOn = true;
            for (int i = 0; i < count; i++)
            {
                final long latest = table.find(hashes[i], key);
                if (latest != 0 || outer)
                {
                    goOn &= enrich(slots[i], latest);
                }
                else
                {
                    unmatched.increment();
                }
                key += keyLength;
            }
            return goOn;
        }
    }

    /** Takes the table's records. */
    private final class TableInput implements BatchProcessor
    {
        @Override
        public boolean processBatch(final long[] slots, final int count)
        {
            encode(tableEncoder, slots, count);
            long key = keys.address();
            for (int i = 0; i < count; i++)
            {
                take(slots[i], hashes[i], key);
                key += keyLength;
            }
            return true;
        }
    }
}
