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
package io.millrace.operators.testing;

import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.StreamSource;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.SingleOutputStream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * A source that a test pushes to. What was pushed is kept, so that it comes again after a restore.
 *
 * @param <V> read-only view of the records
 * @param <W> flyweight that writes them
 */
public final class TestInput<V, W extends Flyweight>
{
    private final PipelineHarness harness;
    private final String name;
    private final RecordType<V, W> type;
    private final List<byte[]> pushed = new ArrayList<>();
    /** Of each that was pushed, its number among those of all inputs. */
    private final List<Long> turns = new ArrayList<>();
    private SingleOutputStream<V> stream;
    private long watermark = Long.MIN_VALUE;
    private boolean finished;

    TestInput(final PipelineHarness harness, final String name, final RecordType<V, W> type)
    {
        this.harness = harness;
        this.name = name;
        this.type = type;
    }

    void stream(final SingleOutputStream<V> newStream)
    {
        stream = newStream;
    }

    /**
     * The stream of what is pushed.
     *
     * @return the stream, to build the pipeline on
     */
    public SingleOutputStream<V> stream()
    {
        return stream;
    }

    /**
     * Pushes a record. It enters when the pipeline is run.
     *
     * @param timestamp event time
     * @param record    writes the fields; those not written are 0
     * @return this
     */
    public TestInput<V, W> push(final long timestamp, final Consumer<? super W> record)
    {
        try (Region region = Region.allocate(new MemoryAccount("pushed"), name, type.maxLength()))
        {
            final W flyweight = type.newFlyweight();
            flyweight.wrapUnchecked(region.address());
            record.accept(flyweight);
            add(region.address(), type.fixedLength() ? type.blockLength() : flyweight.encodedLength(), timestamp, 0);
        }
        return this;
    }

    /**
     * Pushes a watermark: no record with a timestamp at or below it will follow, except late ones. Where streams meet, the
     * least of their watermarks counts.
     *
     * @param timestamp of the watermark, above the one before
     * @return this
     */
    public TestInput<V, W> watermark(final long timestamp)
    {
        if (timestamp <= watermark || timestamp == Long.MAX_VALUE)
        {
            throw new IllegalArgumentException("watermark=" + timestamp + " of input " + name + " must be above watermark=" +
                watermark + (timestamp == Long.MAX_VALUE ? " and below that of the end: call finish()" : ""));
        }
        watermark = timestamp;
        add(0, 0, timestamp, 1);
        return this;
    }

    private void add(final long record, final int length, final long timestamp, final long isWatermark)
    {
        if (finished)
        {
            throw new IllegalStateException("input " + name + " is finished: push before finish()");
        }
        final byte[] bytes = new byte[PushedDescriptor.RECORD_OFFSET + length];
        try (Region region = Region.allocate(new MemoryAccount("pushed"), name, bytes.length))
        {
            final long address = region.address();
            Memory.putLong(address + PushedDescriptor.STAMP_OFFSET,
                watermark == Long.MIN_VALUE ? watermark : watermark + 1);
            Memory.putLong(address + PushedDescriptor.TIMESTAMP_OFFSET, timestamp);
            Memory.putLong(address + PushedDescriptor.WATERMARK_OFFSET, isWatermark);
            if (length > 0)
            {
                Memory.copy(record, address + PushedDescriptor.RECORD_OFFSET, length);
            }
            Memory.copyOut(address, bytes, 0, bytes.length);
        }
        pushed.add(bytes);
        turns.add(harness.nextTurn());
    }

    /** Says that nothing will follow. */
    void finish()
    {
        finished = true;
    }

    /** Where the records come from. */
    StreamSource<PushedFlyweight> source()
    {
        final LongFunction<byte[]> records = this::released;
        final BooleanSupplier ended = () -> finished;
        return new StreamSource<>()
        {
            @Override
            public RecordType<PushedFlyweight, ?> type()
            {
                return PushedFlyweight.carrying(type.maxLength());
            }

            @Override
            public OperatorFactory<Source> factory()
            {
                return OperatorFactory.of(PushedSource.class, records, ended);
            }

            @Override
            public boolean parallel()
            {
                return false;
            }
        };
    }

    private byte[] released(final long number)
    {
        final int index = (int)number;
        return index < pushed.size() && turns.get(index) < harness.turn() ? pushed.get(index) : null;
    }
}
