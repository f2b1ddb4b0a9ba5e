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
package io.millrace.memory.record;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.lang.management.ManagementFactory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** Getters and setters of every kind of field allocate nothing, in debug mode either. */
class AllocationTest
{
    private static final int WARM_UP_ROUNDS = 3;
    private static final int RECORDS = 1_000_000;
    private static final byte[] BYTES = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final Order.State[] STATES = Order.State.values();

    @RegisterExtension
    final RecordFixture memory = new RecordFixture();

    @Test
    void shouldNotAllocate()
    {
        final OrderFlyweight order = memory.newRecord(OrderFlyweight.TYPE);
        final OrderFlyweight other = memory.newRecord(OrderFlyweight.TYPE);
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (int i = 0; i < WARM_UP_ROUNDS; i++)
        {
            sum += writeAndRead(order, other, RECORDS / 2) + threads.getCurrentThreadAllocatedBytes();
        }

        final long before = threads.getCurrentThreadAllocatedBytes();
        sum += writeAndRead(order, other, RECORDS);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertEquals(0, allocated);
        assertNotEquals(0, sum);
    }

    private static long writeAndRead(final OrderFlyweight order, final OrderFlyweight other, final int count)
    {
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            order.wrap(order.address(), OrderFlyweight.MAX_LENGTH);
            order.clear();
            order.live((i & 1) == 0).time(i).flags((byte)i).lots((short)i).side((char)i).quantity(i)
                .weight(i).yield(i).price(i).state(STATES[i % STATES.length])
                .symbol("VOD.L").note("Grüße 🌍").id(BYTES, 0, 16)
                .head(BYTES, 0, i & 7).body(BYTES, 1, i & 3);
            order.venue().mic("XLON").latency(i);
            other.set(order);
            other.symbol(order.symbol()).note(order.note()).id(order.id()).venue(order.venue())
                .head(order.head()).body(order.body());
            sum += read(other) + (other.equals(order) ? 1 : 0) + other.hashCode();
        }
        return sum;
    }

    private static long read(final Order order)
    {
        return order.time() + order.flags() + order.lots() + order.side() + order.quantity() + order.price() +
            (long)(order.weight() + order.yield()) + (order.live() ? 1 : 0) + order.state().ordinal() +
            sum(order.symbol()) + sum(order.note()) + sum(order.id()) + sum(order.head()) + sum(order.body()) +
            sum(order.venue().mic()) + order.venue().latency();
    }

    private static long sum(final CharSequence text)
    {
        long sum = 0;
        for (int i = 0; i < text.length(); i++)
        {
            sum += text.charAt(i);
        }
        return sum;
    }

    private static long sum(final ByteView bytes)
    {
        long sum = 0;
        for (int i = 0; i < bytes.length(); i++)
        {
            sum += bytes.byteAt(i);
        }
        return sum;
    }
}
