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
package io.millrace.core.runtime;

import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.PlanEdge;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;
import io.millrace.memory.ring.RingConsumer;

import java.util.ArrayList;
import java.util.List;

/**
 * The rings of one edge between chains: a ring for each pair of tasks that it joins; for a broadcast, a ring with
 * several consumers for each task that sends.
 */
final class ChannelRings implements AutoCloseable
{
    private static final int MAX_SLOT_LENGTH = 1024;

    private final PlanEdge edge;
    private final RecordType<?, ?> type;
    private final RecordRing[][] rings;

    ChannelRings(final PlanEdge edge, final int capacity, final MemoryAccount account)
    {
        this.edge = edge;
        this.type = edge.from().outputType(edge.tag());
        final int senders = edge.from().parallelism();
        final int receivers = edge.to().parallelism();
        final boolean shared = isShared(edge);
        final int consumers = edge.exchange() == Exchange.BROADCAST ? receivers : 1;
        final int slotLength = slotLength(type);
        final int recordSlots = (SlotDescriptor.HEADER_LENGTH + type.maxLength() + slotLength - 1) / slotLength;
        if (recordSlots > capacity / 2)
        {
            throw new IllegalArgumentException("record=" + type + " of maxLength=" + type.maxLength() +
                " takes slots=" +
                recordSlots + ", more than half of ringCapacity=" + capacity +
                ": raise ringCapacity or lower the record's bound");
        }
        this.rings = new RecordRing[senders][shared ? 1 : receivers];
        try
        {
            for (int i = 0; i < senders; i++)
            {
                for (int j = 0; j < rings[i].length; j++)
                {
                    final String name =
                        edge.from().name() + '-' + i + " to " + edge.to().name() + '-' + (shared ? i : j);
                    rings[i][j] = RecordRing.create(account, name, capacity, slotLength, consumers);
                }
            }
        }
        catch (final RuntimeException | Error failure)
        {
            close();
            throw failure;
        }
    }

    /** What the rings of an edge take. */
    static long bytes(final PlanEdge edge, final int capacity)
    {
        final long rings = (long)edge.from().parallelism() * (isShared(edge) ? 1 : edge.to().parallelism());
        return rings * RecordRing.bytes(capacity, slotLength(edge.from().outputType(edge.tag())));
    }

    private static boolean isShared(final PlanEdge edge)
    {
        return edge.exchange() == Exchange.BROADCAST || edge.exchange() == Exchange.FORWARD;
    }

    private static int slotLength(final RecordType<?, ?> type)
    {
        return Math.min(MAX_SLOT_LENGTH, SlotDescriptor.slotLength(type.maxLength(), 64));
    }

    PlanEdge edge()
    {
        return edge;
    }

    RecordType<?, ?> type()
    {
        return type;
    }

    /** The rings that one task writes, in the order of their receivers. */
    RecordRing[] from(final int subtask)
    {
        return rings[subtask];
    }

    /** The channels that one task reads, in the order of their senders. */
    List<Channel> to(final int subtask)
    {
        final List<Channel> consumers = new ArrayList<>();
        for (int i = 0; i < rings.length; i++)
        {
            if (edge.exchange() == Exchange.BROADCAST)
            {
                consumers.add(new Channel(i, rings[i][0].consumer(subtask)));
            }
            else if (edge.exchange() != Exchange.FORWARD)
            {
                consumers.add(new Channel(i, rings[i][subtask].consumer(0)));
            }
            else if (i == subtask)
            {
                consumers.add(new Channel(i, rings[i][0].consumer(0)));
            }
        }
        return consumers;
    }

    /**
     * One way into a task.
     *
     * @param sender   subtask that writes the ring
     * @param consumer of the ring
     */
    record Channel(int sender, RingConsumer consumer)
    {
    }

    @Override
    public void close()
    {
        for (final RecordRing[] sender : rings)
        {
            for (final RecordRing ring : sender)
            {
                if (ring != null)
                {
                    ring.close();
                }
            }
        }
    }
}
