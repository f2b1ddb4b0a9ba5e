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
package io.millrace.core.testing;

import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.Output;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** Keeps a copy of every record, and says stop after as many as there is room for. */
final class CapturedOutput implements Output, AutoCloseable
{
    private final RecordType<?, ?> type;
    private final Region region;
    private final long[] slots = new long[BatchProcessor.MAX_BATCH];
    private final List<byte[]> records = new ArrayList<>();
    private IntSupplier room = () -> Integer.MAX_VALUE;
    private int left = Integer.MAX_VALUE;

    CapturedOutput(final RecordType<?, ?> type, final MemoryAccount account)
    {
        this.type = type;
        final int stride = SlotDescriptor.slotLength(type.maxLength(), 64);
        this.region = Region.allocate(account, "captured output", (long)stride * slots.length);
        Arrays.setAll(slots, i -> region.address() + (long)i * stride);
    }

    void room(final int newRoom)
    {
        room(() -> newRoom);
    }

    /** Room for so many records, asked anew for each call of the operator. */
    void room(final IntSupplier newRoom)
    {
        room = newRoom;
        makeRoom();
    }

    void makeRoom()
    {
        left = room.getAsInt();
    }

    /** Whether it has said stop since it was given room. */
    boolean full()
    {
        return left <= 0;
    }

    @Override
    public long claim()
    {
        return claimBatch(1)[0];
    }

    @Override
    public boolean commit()
    {
        return forward(slots[0]);
    }

    @Override
    public boolean forward(final long from)
    {
        final byte[] bytes = new byte[SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(from)];
        Memory.copyOut(from, bytes, 0, bytes.length);
        records.add(bytes);
        left--;
        return left > 0;
    }

    @Override
    public long[] claimBatch(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            SlotDescriptor.kindAndLength(slots[i], SlotDescriptor.KIND_DATA, type.blockLength());
        }
        return slots;
    }

    @Override
    public boolean commitBatch(final int count)
    {
        return forwardBatch(slots, count);
    }

    @Override
    public boolean forwardBatch(final long[] batch, final int count)
    {
        boolean goOn = true;
        for (int i = 0; i < count; i++)
        {
            goOn = forward(batch[i]);
        }
        return goOn;
    }

    /** Shows every record, and forgets it. */
    <R, F extends Flyweight, T> List<Emitted<T>> take(final RecordType<R, F> shown, final Function<? super R, T> copy)
    {
        final F view = shown.newFlyweight();
        final long address = slots[0];
        final List<Emitted<T>> taken = new ArrayList<>();
        for (final byte[] bytes : records)
        {
            Memory.copyIn(bytes, 0, address, bytes.length);
            view.wrapUnchecked(address + SlotDescriptor.HEADER_LENGTH);
            taken.add(new Emitted<>(SlotDescriptor.timestamp(address), SlotDescriptor.cause(address),
                copy.apply(shown.view(view))));
        }
        records.clear();
        return taken;
    }

    @Override
    public void close()
    {
        region.close();
    }
}
