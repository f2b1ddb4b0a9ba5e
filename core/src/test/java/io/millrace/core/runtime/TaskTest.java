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

import io.millrace.core.chain.BufferedOutput;
import io.millrace.core.chain.RecordLoop;
import io.millrace.core.exchange.ForwardOutput;
import io.millrace.core.exchange.RingWriter;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Output;
import io.millrace.core.testing.MessageFlyweight;
import io.millrace.core.testing.ReadingFlyweight;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;
import io.millrace.memory.ring.RingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A {@link Task} between two rings of 4 slots, with its {@link RingInput}. */
class TaskTest
{
    private final MemoryAccount account = new MemoryAccount("test");
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Region scratch = Region.allocate(account, "scratch", 4096);
    private final List<Throwable> failures = new ArrayList<>();
    private RecordRing in;
    private RecordRing out;
    private Forwarding operator;
    private RingWriter upstream;

    @AfterEach
    void shouldFreeItsMemory() throws Exception
    {
        for (final AutoCloseable closeable : opened)
        {
            closeable.close();
        }
        scratch.close();
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldPassRecordsAndControlOn()
    {
        final Task task = task(ReadingFlyweight.TYPE, 64);
        send(SlotDescriptor.KIND_DATA, 1, 24);
        send(SlotDescriptor.KIND_WATERMARK, 1, 0);
        send(SlotDescriptor.KIND_DATA, 2, 24);
        assertEquals(List.of(), received());
        step(task, 3);
        assertEquals(List.of("1:1", "2:1", "1:2"), received());
    }

    @Test
    void shouldReportNoWorkWhenItsOutputIsFull()
    {
        final Task task = task(ReadingFlyweight.TYPE, 64);
        for (int i = 0; i < 4; i++)
        {
            send(SlotDescriptor.KIND_DATA, i, 24);
        }
        step(task, 4);
        send(SlotDescriptor.KIND_DATA, 4, 24);
        assertEquals(0, task.doWork(), "blocked");
        assertEquals(0, task.doWork(), "blocked");
        assertEquals(0, operator.idles, "blocked is not idle");
        assertEquals(List.of("1:0", "1:1", "1:2", "1:3"), received());
        assertTrue(task.doWork() > 0);
        assertEquals(List.of("1:4"), received());
    }

    @Test
    void shouldTellOnceThatTheInputRanEmpty()
    {
        final Task task = task(ReadingFlyweight.TYPE, 64);
        step(task, 2);
        assertEquals(0, operator.idles, "there was no input yet");
        send(SlotDescriptor.KIND_DATA, 1, 24);
        step(task, 5);
        assertEquals(1, operator.idles);
        send(SlotDescriptor.KIND_DATA, 2, 24);
        step(task, 5);
        assertEquals(2, operator.idles);
    }

    @Test
    void shouldKeepItsInputUntilWhatItCausedIsPublished()
    {
        final Task task = task(ReadingFlyweight.TYPE, 64);
        operator.copies = 6;
        send(SlotDescriptor.KIND_DATA, 1, 24);
        assertEquals(1, task.doWork());
        assertEquals(-1, in.consumer(0).consumed(), "2 of 6 are in the overflow buffer");
        assertEquals(4, received().size());
        assertEquals(2, task.doWork(), "what overflowed comes first");
        assertEquals(0, in.consumer(0).consumed());
        assertEquals(2, received().size());
    }

    @Test
    void shouldSendOverflowBeforeTheControlBehindIt()
    {
        final Task task = task(ReadingFlyweight.TYPE, 64);
        operator.copies = 9;
        send(SlotDescriptor.KIND_DATA, 1, 24);
        send(SlotDescriptor.KIND_WATERMARK, 1, 0);
        send(SlotDescriptor.KIND_DATA, 2, 24);
        final List<String> all = new ArrayList<>();
        for (int i = 0; i < 20; i++)
        {
            task.doWork();
            all.addAll(received());
        }
        final List<String> expected = new ArrayList<>(Collections.nCopies(9, "1:1"));
        expected.add("2:1");
        expected.addAll(Collections.nCopies(9, "1:2"));
        assertEquals(expected, all);
    }

    @Test
    void shouldEndBehindTheEndOfItsInput()
    {
        final Task task = task(ReadingFlyweight.TYPE, 64);
        send(SlotDescriptor.KIND_DATA, 1, 24);
        send(SlotDescriptor.KIND_END_OF_STREAM, 1, 0);
        step(task, 2);
        assertTrue(task.stopped());
        assertEquals(0, task.doWork());
        assertEquals(List.of("1:1", "6:1"), received());
    }

    @Test
    void shouldStopWhenItFails()
    {
        final Task task = task(ReadingFlyweight.TYPE, 64);
        operator.failure = new AssertionError("broken");
        send(SlotDescriptor.KIND_DATA, 1, 24);
        assertFalse(task.stopped());
        assertEquals(0, task.doWork());
        assertTrue(task.stopped());
        assertEquals(List.of(operator.failure), failures);
        assertEquals(0, task.doWork());
    }

    @Test
    void shouldPassRecordsOfSeveralSlotsOn()
    {
        final Task task = task(MessageFlyweight.TYPE, 1024);
        final List<String> expected = new ArrayList<>();
        final List<String> all = new ArrayList<>();
        for (int i = 0; i < 50; i++)
        {
            send(SlotDescriptor.KIND_DATA, i, 20 + i * 59 % 2_900);
            send(SlotDescriptor.KIND_WATERMARK, i, 0);
            expected.add("1:" + i);
            expected.add("2:" + i);
            while (all.size() < expected.size())
            {
                upstream.drain();
                upstream.publish();
                task.doWork();
                all.addAll(received());
            }
        }
        assertEquals(expected, all);
    }

    private static void step(final Task task, final int times)
    {
        for (int i = 0; i < times; i++)
        {
            task.doWork();
        }
    }

    private Task task(final RecordType<?, ?> type, final int slotLength)
    {
        final int capacity = slotLength == 64 ? 4 : 8;
        in = open(RecordRing.create(account, "in", capacity, slotLength, 1));
        out = open(RecordRing.create(account, "out", capacity, slotLength, 1));
        upstream = open(new RingWriter(in.producer(), type, account));
        final RingWriter writer = new RingWriter(out.producer(), type, account);
        operator = new Forwarding(new ForwardOutput(writer, new long[0]));
        final TaskSnapshot snapshot =
            new TaskSnapshot(0, 0, null, null, List.of(), account, List.of(), null, null);
        final ChainNode node = new ChainNode("operator", "operator", operator,
            new NodeContext("job", null, null, 0, 128, null, null, account, null, new ArrayList<>(), false));
        final Region control = Region.allocate(account, "control", 64);
        final Chain chain = new Chain(new ChainNode[] {node}, new BufferedOutput[0], new BufferedOutput[0],
            snapshot, control.address());
        return open(new Task("task", 0, null, chain, new RingInput(in.consumer(0), chain, new RecordLoop(operator), type.maxLength(), null),
            new RingWriter[] {writer}, snapshot, List.of(control), List.of(), null, failures::add));
    }

    private <T extends AutoCloseable> T open(final T closeable)
    {
        opened.add(0, closeable);
        return closeable;
    }

    private void send(final byte kind, final long value, final int length)
    {
        final long slot = scratch.address();
        SlotDescriptor.kindAndLength(slot, kind, length);
        SlotDescriptor.timestamp(slot, value);
        SlotDescriptor.cause(slot, value);
        SlotDescriptor.ingressTime(slot, 1);
        upstream.copy(slot);
        upstream.publish();
    }

    private List<String> received()
    {
        final RingConsumer consumer = out.consumer(0);
        final List<String> received = new ArrayList<>();
        while (consumer.poll() > 0)
        {
            final long slot = consumer.address();
            if (SlotDescriptor.kind(slot) == SlotDescriptor.KIND_PADDING)
            {
                consumer.consume(1);
                continue;
            }
            received.add(SlotDescriptor.kind(slot) + ":" + SlotDescriptor.timestamp(slot));
            consumer.consume((SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot) + consumer.slotLength() - 1) /
                consumer.slotLength());
        }
        consumer.release();
        return received;
    }

    private static final class Forwarding implements Operator
    {
        private final Output output;
        private int copies = 1;
        private int idles;
        private AssertionError failure;

        private Forwarding(final Output output)
        {
            this.output = output;
        }

        @Override
        public void open(final OperatorContext context)
        {
        }

        @Override
        public boolean process(final long slot)
        {
            if (failure != null)
            {
                throw failure;
            }
            boolean goOn = true;
            for (int i = 0; i < copies; i++)
            {
                goOn &= output.forward(slot);
            }
            return goOn;
        }

        @Override
        public void idle()
        {
            idles++;
        }
    }
}
