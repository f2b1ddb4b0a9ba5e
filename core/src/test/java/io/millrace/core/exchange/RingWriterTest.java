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
package io.millrace.core.exchange;

import io.millrace.core.testing.MessageFlyweight;
import io.millrace.core.testing.ReadingFlyweight;
import io.millrace.core.testing.ReadingKeyEncoder;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;
import io.millrace.memory.ring.RingConsumer;
import io.millrace.memory.table.KeyGroups;
import io.millrace.memory.table.KeyHash;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@link RingWriter} and its {@link OverflowBuffer}, and the outputs in front of them. */
class RingWriterTest
{
    private final MemoryAccount account = new MemoryAccount("test");
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Region scratch = Region.allocate(account, "scratch", 4096);

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
    void shouldKeepWhatDoesNotFitInOrder()
    {
        final RecordRing ring = ring(4, 64);
        final RingWriter writer = writer(ring, ReadingFlyweight.TYPE);
        final List<Long> expected = new ArrayList<>();
        assertEquals(4, writer.room());
        for (long i = 0; i < 100; i++)
        {
            assertEquals(i < 4, writer.copy(record(i, 24)), "record " + i);
            expected.add(i);
        }
        assertEquals(0, writer.room());
        assertFalse(writer.drained());
        final List<Long> actual = new ArrayList<>();
        while (actual.size() < 100)
        {
            writer.publish();
            actual.addAll(consume(ring, Integer.MAX_VALUE));
            final int moved = writer.drain();
            assertTrue(moved > 0 || actual.size() >= 96, "moved=" + moved);
        }
        assertEquals(expected, actual);
        assertTrue(writer.drained());
        assertEquals(0, writer.drain());
        assertEquals(4, writer.room());
    }

    @Test
    void shouldKeepControlBehindTheRecordsBeforeIt()
    {
        final RecordRing ring = ring(4, 64);
        final RingWriter writer = writer(ring, ReadingFlyweight.TYPE);
        for (long i = 0; i < 6; i++)
        {
            writer.copy(record(i, 24));
        }
        SlotDescriptor.kindAndLength(scratch.address(), SlotDescriptor.KIND_BARRIER, 0);
        SlotDescriptor.timestamp(scratch.address(), 99);
        assertFalse(writer.copy(scratch.address()));
        final List<Long> actual = new ArrayList<>();
        for (int i = 0; i < 3; i++)
        {
            writer.publish();
            actual.addAll(consume(ring, Integer.MAX_VALUE));
            writer.drain();
        }
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 99L), actual);
    }

    @Test
    void shouldPublishAFullBatchByItself()
    {
        final RecordRing ring = ring(256, 64);
        final RingWriter writer = writer(ring, ReadingFlyweight.TYPE);
        for (long i = 0; i < 63; i++)
        {
            writer.copy(record(i, 24));
        }
        assertEquals(-1, ring.published());
        writer.copy(record(63, 24));
        assertEquals(63, ring.published());
    }

    @Test
    void shouldSetKindAndLengthOfAClaimedSlot()
    {
        final RecordRing ring = ring(4, 64);
        final RingWriter writer = writer(ring, ReadingFlyweight.TYPE);
        final long slot = writer.claim();
        assertEquals(slot, writer.claim(), "claiming again gives the same slot");
        assertEquals(SlotDescriptor.KIND_DATA, SlotDescriptor.kind(slot));
        assertEquals(ReadingFlyweight.TYPE.blockLength(), SlotDescriptor.length(slot));
        assertTrue(writer.commit(slot));
    }

    @Test
    void shouldCarryRecordsOfSeveralSlotsThroughAFullRing()
    {
        final long seed = 42;
        final Random random = new Random(seed);
        final RecordRing ring = ring(8, 1024);
        final RingWriter writer = writer(ring, MessageFlyweight.TYPE);
        final int blockLength = MessageFlyweight.TYPE.blockLength();
        final List<Long> expected = new ArrayList<>();
        final List<Long> actual = new ArrayList<>();
        for (long i = 0; i < 1_000; i++)
        {
            final int length = blockLength + random.nextInt(MessageFlyweight.TYPE.maxLength() - blockLength);
            writer.copy(record(i, length));
            expected.add(i);
            if (random.nextInt(3) == 0)
            {
                writer.publish();
                actual.addAll(consume(ring, 1 + random.nextInt(4)));
                writer.drain();
            }
        }
        while (!writer.drained() || actual.size() < expected.size())
        {
            writer.drain();
            writer.publish();
            actual.addAll(consume(ring, Integer.MAX_VALUE));
        }
        assertEquals(expected, actual, "seed=" + seed);
    }

    @Test
    void shouldSendEachKeyToTheOwnerOfItsKeyGroup()
    {
        final RecordRing[] rings = {ring(64, 64), ring(64, 64), ring(64, 64)};
        final RingWriter[] writers = writers(rings);
        final Region key = Region.allocate(account, "key", 8);
        opened.add(key);
        final HashOutput output =
            new HashOutput(writers, new ReadingKeyEncoder(), new long[] {scratch.address()}, key.address(), 128);
        final ReadingFlyweight reading = new ReadingFlyweight();
        final List<List<Long>> expected = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (long i = 0; i < 150; i++)
        {
            record(i, 24);
            reading.wrapUnchecked(scratch.address() + SlotDescriptor.HEADER_LENGTH);
            reading.time(i).key(i).value(i);
            assertEquals(scratch.address(), output.claim());
            output.commit();
            // SEMANTICS KG-1: subtask = group * parallelism / maxParallelism, group = top bits of the hash.
            final int group = (int)(KeyHash.hash(i) >>> 57);
            assertEquals(group, KeyGroups.of(KeyHash.hash(i), 128));
            expected.get(group * 3 / 128).add(i);
        }
        for (int i = 0; i < 3; i++)
        {
            assertEquals(expected.get(i), drain(rings[i], writers[i]));
        }
    }

    @Test
    void shouldDealInTurnAndGoOnFromASnapshot()
    {
        final RecordRing[] rings = {ring(8, 64), ring(8, 64), ring(8, 64)};
        final RingWriter[] writers = writers(rings);
        final RebalanceOutput first = new RebalanceOutput(writers, new long[] {scratch.address()});
        for (long i = 0; i < 4; i++)
        {
            record(i, 24);
            first.claim();
            first.commit();
        }
        assertEquals(1, first.turn());
        final RebalanceOutput restored = new RebalanceOutput(writers, new long[] {scratch.address()});
        restored.turn(first.turn());
        restored.forward(record(4, 24));
        restored.forward(record(5, 24));
        assertEquals(List.of(0L, 3L), drain(rings[0], writers[0]));
        assertEquals(List.of(1L, 4L), drain(rings[1], writers[1]));
        assertEquals(List.of(2L, 5L), drain(rings[2], writers[2]));
    }

    @Test
    void shouldForwardEverythingToOneRing()
    {
        final RecordRing ring = ring(4, 64);
        final RingWriter writer = writer(ring, ReadingFlyweight.TYPE);
        final ForwardOutput output = new ForwardOutput(writer, new long[] {scratch.address()});
        for (long i = 0; i < 5; i++)
        {
            SlotDescriptor.timestamp(output.claim(), i);
            assertEquals(i < 4, output.commit());
        }
        assertFalse(output.forward(record(5, 24)));
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L), drain(ring, writer));
    }

    @Test
    void shouldForwardBatchesInOrderWhetherTheyFitOrNot()
    {
        final long seed = 20_261_126;
        final Random random = new Random(seed);
        final RecordRing ring = ring(16, 64);
        final RingWriter writer = writer(ring, ReadingFlyweight.TYPE);
        final long[] staged = LongStream.range(0, 10).map(i -> scratch.address() + 128 + i * 64).toArray();
        final ForwardOutput output = new ForwardOutput(writer, staged);
        final List<Long> expected = new ArrayList<>();
        final List<Long> actual = new ArrayList<>();
        int direct = 0;
        int copied = 0;
        long next = 0;
        for (int round = 0; round < 2_000; round++)
        {
            final int count = 1 + random.nextInt(10);
            final long[] slots = output.claimBatch(count);
            direct += slots == staged ? 0 : 1;
            copied += slots == staged ? 1 : 0;
            final int written = 1 + random.nextInt(count);
            for (int i = 0; i < written; i++)
            {
                assertEquals(24, slots == staged ? 24 : SlotDescriptor.length(slots[i]), "block length is set");
                SlotDescriptor.kindAndLength(slots[i], SlotDescriptor.KIND_DATA, 24);
                SlotDescriptor.cause(slots[i], next);
                SlotDescriptor.timestamp(slots[i], next);
                expected.add(next++);
            }
            output.commitBatch(written);
            output.forwardBatch(new long[] {record(next, 24)}, 1);
            expected.add(next++);
            if (random.nextInt(3) == 0)
            {
                writer.publish();
                actual.addAll(random.nextBoolean() ? drain(ring, writer) : consume(ring, 1 + random.nextInt(16)));
                writer.drain();
            }
        }
        actual.addAll(drain(ring, writer));
        assertEquals(expected, actual, "seed=" + seed);
        assertTrue(direct > 100 && copied > 100, "direct=" + direct + " copied=" + copied);
    }

    @Test
    void shouldDealABatchAsItDealsItsRecords()
    {
        final RecordRing[] rings = {ring(8, 64), ring(8, 64)};
        final RingWriter[] writers = writers(rings);
        final long[] slots = LongStream.range(0, 3).map(i -> scratch.address() + i * 64).toArray();
        final RebalanceOutput output = new RebalanceOutput(writers, slots);
        for (long i = 0; i < 3; i++)
        {
            final long slot = output.claimBatch(3)[(int)i];
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, 24);
            SlotDescriptor.timestamp(slot, i);
        }
        assertTrue(output.commitBatch(3));
        assertEquals(1, output.turn());
        assertEquals(List.of(0L, 2L), drain(rings[0], writers[0]));
        assertEquals(List.of(1L), drain(rings[1], writers[1]));
    }

    private List<Long> drain(final RecordRing ring, final RingWriter writer)
    {
        final List<Long> all = new ArrayList<>();
        boolean more = true;
        while (more)
        {
            writer.publish();
            all.addAll(consume(ring, Integer.MAX_VALUE));
            more = !writer.drained();
            writer.drain();
        }
        return all;
    }

    private List<Long> consume(final RecordRing ring, final int records)
    {
        final RingConsumer consumer = ring.consumer(0);
        final List<Long> consumed = new ArrayList<>();
        while (consumed.size() < records && consumer.poll() > 0)
        {
            final long slot = consumer.address();
            final byte kind = SlotDescriptor.kind(slot);
            if (kind == SlotDescriptor.KIND_PADDING)
            {
                consumer.consume(1);
                continue;
            }
            final int length = SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot);
            if (length > 64)
            {
                assertEquals((byte)SlotDescriptor.timestamp(slot), Memory.getByte(slot + length - 1), "its last byte");
            }
            consumed.add(SlotDescriptor.timestamp(slot));
            consumer.consume((length + consumer.slotLength() - 1) / consumer.slotLength());
        }
        consumer.release();
        return consumed;
    }

    private long record(final long number, final int length)
    {
        final long slot = scratch.address();
        SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, length);
        SlotDescriptor.timestamp(slot, number);
        SlotDescriptor.cause(slot, number);
        Memory.fill(slot + SlotDescriptor.HEADER_LENGTH, length, (byte)number);
        return slot;
    }

    private RecordRing ring(final int capacity, final int slotLength)
    {
        final RecordRing ring = RecordRing.create(account, "ring", capacity, slotLength, 1);
        opened.add(ring);
        return ring;
    }

    private RingWriter writer(final RecordRing ring, final RecordType<?, ?> type)
    {
        final RingWriter writer = new RingWriter(ring.producer(), type, account);
        opened.add(writer);
        return writer;
    }

    private RingWriter[] writers(final RecordRing[] rings)
    {
        final RingWriter[] writers = new RingWriter[rings.length];
        for (int i = 0; i < rings.length; i++)
        {
            writers[i] = writer(rings[i], ReadingFlyweight.TYPE);
        }
        return writers;
    }
}
