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
package io.millrace.memory.ring;

import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.millrace.memory.record.SlotDescriptor.HEADER_LENGTH;
import static io.millrace.memory.record.SlotDescriptor.KIND_DATA;
import static io.millrace.memory.record.SlotDescriptor.KIND_PADDING;
import static io.millrace.memory.record.SlotDescriptor.KIND_WATERMARK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecordRingTest
{
    private static final int SLOT_LENGTH = 64;

    private final MemoryAccount account = new MemoryAccount("test");

    @AfterEach
    void offHeapBytesReturnToTheStart()
    {
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldPassARecordWithItsHeader()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 8, SLOT_LENGTH, 1))
        {
            final RingProducer producer = ring.producer();
            final RingConsumer consumer = ring.consumer(0);
            final long slot = producer.claim();
            SlotDescriptor.kindAndLength(slot, KIND_DATA, 8);
            SlotDescriptor.timestamp(slot, 1_000);
            SlotDescriptor.cause(slot, 42);
            SlotDescriptor.ingressTime(slot, 7);
            Memory.putLong(slot + HEADER_LENGTH, 99);
            assertEquals(0, consumer.poll());
            producer.commit();
            assertEquals(0, consumer.poll());
            assertEquals(1, producer.batch());
            producer.publish();

            assertEquals(0, producer.batch());
            assertEquals(1, consumer.poll());
            final long read = consumer.address();
            assertEquals(KIND_DATA, SlotDescriptor.kind(read));
            assertEquals(8, SlotDescriptor.length(read));
            assertEquals(1_000, SlotDescriptor.timestamp(read));
            assertEquals(42, SlotDescriptor.cause(read));
            assertEquals(7, SlotDescriptor.ingressTime(read));
            assertEquals(99, Memory.getLong(read + HEADER_LENGTH));
            consumer.consume(1);
            assertEquals(0, consumer.poll());
        }
    }

    @Test
    void shouldStartOnACacheLine()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 8, SLOT_LENGTH, 1))
        {
            assertEquals(0, ring.address(0) % Memory.CACHE_LINE_LENGTH);
            assertEquals(ring.address(0), ring.address(8));
            assertEquals(ring.address(0) + ring.stride(), ring.address(1));
        }
    }

    @Test
    void shouldReturnZeroWhenFullAndGoOnAfterRelease()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 4, SLOT_LENGTH, 1))
        {
            final RingProducer producer = ring.producer();
            final RingConsumer consumer = ring.consumer(0);
            for (int i = 0; i < 4; i++)
            {
                assertEquals(4 - i, producer.free());
                assertTrue(put(producer, i));
            }
            assertEquals(0, producer.free());
            assertFalse(producer.hasRoom(1));
            assertEquals(0, producer.claim());
            producer.publish();
            assertEquals(4, consumer.poll());
            consumer.consume(2);
            assertEquals(0, producer.claim());
            consumer.release();
            assertTrue(producer.hasRoom(2));
            assertFalse(producer.hasRoom(3));
            assertTrue(put(producer, 4));
            producer.publish();
            assertEquals(2, consumer.poll());
            consumer.consume(2);
            assertEquals(1, consumer.poll());
            assertEquals(4, value(consumer.address()));
        }
    }

    @Test
    void shouldWaitForTheSlowestConsumer()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 4, SLOT_LENGTH, 3))
        {
            final RingProducer producer = ring.producer();
            for (int i = 0; i < 4; i++)
            {
                put(producer, i);
            }
            producer.publish();
            for (int i = 0; i < 2; i++)
            {
                ring.consumer(i).poll();
                ring.consumer(i).consume(4);
                ring.consumer(i).release();
                assertEquals(0, producer.claim());
            }
            ring.consumer(2).poll();
            ring.consumer(2).consume(1);
            ring.consumer(2).release();
            assertEquals(1, producer.free());
        }
    }

    @Test
    void shouldClaimTheSameSlotAgainWhenNothingWasCommitted()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 4, SLOT_LENGTH, 1))
        {
            final long slot = ring.producer().claim();
            assertEquals(slot, ring.producer().claim());
            assertEquals(slot, ring.producer().claim(2));
            ring.producer().publish();
            assertEquals(-1, ring.published());
        }
    }

    @Test
    void shouldClaimABatchAroundTheEnd()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 8, SLOT_LENGTH, 1))
        {
            final RingProducer producer = ring.producer();
            final RingConsumer consumer = ring.consumer(0);
            final long[] slots = new long[8];
            for (int round = 0; round < 10; round++)
            {
                assertTrue(producer.claimBatch(slots, 5));
                for (int i = 0; i < 3; i++)
                {
                    header(slots[i], round);
                    Memory.putLong(slots[i] + HEADER_LENGTH, round * 3L + i);
                }
                producer.commitBatch(3);
                assertFalse(producer.claimBatch(slots, 6), "two were given up, five are free");
                producer.publish();
                for (int taken = 0; taken < 3; taken++)
                {
                    assertTrue(consumer.poll() > 0);
                    assertEquals(round * 3L + taken, value(consumer.address()));
                    consumer.consume(1);
                }
                consumer.release();
            }
        }
    }

    @Test
    void shouldKeepARecordOfSeveralSlotsInOnePieceBehindPadding()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 8, SLOT_LENGTH, 1))
        {
            final RingProducer producer = ring.producer();
            final RingConsumer consumer = ring.consumer(0);
            for (int i = 0; i < 6; i++)
            {
                put(producer, i);
            }
            producer.publish();
            consumer.consume(consumer.poll());
            consumer.release();

            final long slot = producer.claim(3);
            assertEquals(ring.address(0), slot);
            final int length = 3 * SLOT_LENGTH - HEADER_LENGTH;
            SlotDescriptor.kindAndLength(slot, KIND_DATA, length);
            SlotDescriptor.cause(slot, 77);
            Memory.fill(slot + HEADER_LENGTH, length, (byte)5);
            producer.commit(3);
            producer.publish();
            assertEquals(10, ring.published());
            assertEquals(77, consumer.pendingCause());
            assertEquals(KIND_PADDING, SlotDescriptor.kind(ring.address(6)));
            assertEquals(KIND_PADDING, SlotDescriptor.kind(ring.address(7)));

            assertEquals(3, consumer.poll());
            assertEquals(slot, consumer.address());
            assertEquals(length, SlotDescriptor.length(slot));
            consumer.consume(3);
            consumer.release();
            assertEquals(10, consumer.consumed());
            assertEquals(8, producer.free());
        }
    }

    @Test
    void shouldCommitFewerSlotsThanClaimedAndForgetAnAbandonedClaim()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 8, SLOT_LENGTH, 1))
        {
            final RingProducer producer = ring.producer();
            SlotDescriptor.kindAndLength(producer.claim(4), KIND_DATA, 2 * SLOT_LENGTH - HEADER_LENGTH);
            SlotDescriptor.cause(producer.claim(4), 1);
            producer.commit(2);
            for (int i = 1; i < 6; i++)
            {
                put(producer, i);
            }
            assertEquals(0, producer.claim(2));
            producer.publish();
            ring.consumer(0).consume(ring.consumer(0).poll());
            ring.consumer(0).release();
            assertEquals(ring.address(0), producer.claim(2));
            final long slot = producer.claim();
            assertEquals(ring.address(7), slot);
            header(slot, 6);
            producer.commit();
            producer.publish();
            assertEquals(7, ring.published());
            assertEquals(1, ring.consumer(0).poll());
            assertEquals(KIND_DATA, SlotDescriptor.kind(ring.consumer(0).address()));
        }
    }

    @Test
    void shouldCarryControlSlotsInOrder()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 2, SLOT_LENGTH, 1))
        {
            final RingProducer producer = ring.producer();
            assertTrue(put(producer, 3));
            assertTrue(producer.control(KIND_WATERMARK, 500, 3, 9));
            assertFalse(producer.control(KIND_WATERMARK, 501, 3, 9));
            producer.publish();
            assertEquals(2, ring.consumer(0).poll());
            ring.consumer(0).consume(1);
            final long slot = ring.consumer(0).address();
            assertEquals(KIND_WATERMARK, SlotDescriptor.kind(slot));
            assertEquals(500, SlotDescriptor.timestamp(slot));
            assertEquals(3, SlotDescriptor.cause(slot));
            assertEquals(9, SlotDescriptor.ingressTime(slot));
            assertEquals(0, SlotDescriptor.length(slot));
        }
    }

    @Test
    void shouldShowToOthersWhatIsPending()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 4, SLOT_LENGTH, 2))
        {
            final RingConsumer consumer = ring.consumer(0);
            assertEquals(RecordRing.NO_CAUSE, consumer.pendingCause());
            put(ring.producer(), 10);
            put(ring.producer(), 11);
            assertEquals(RecordRing.NO_CAUSE, consumer.pendingCause());
            ring.producer().publish();
            assertEquals(10, consumer.pendingCause());
            consumer.poll();
            consumer.consume(1);
            assertEquals(10, consumer.pendingCause());
            consumer.release();
            assertEquals(11, consumer.pendingCause());
            assertEquals(0, consumer.consumed());
            assertEquals(1, consumer.published());
            assertEquals(10, ring.consumer(1).pendingCause());
            consumer.consume(1);
            consumer.release();
            assertEquals(RecordRing.NO_CAUSE, consumer.pendingCause());
        }
    }

    @Test
    void shouldSignalOncePerPublication()
    {
        final int[] signals = new int[1];
        try (RecordRing ring = RecordRing.create(account, "edge", 4, SLOT_LENGTH, 1, () -> signals[0]++))
        {
            ring.producer().publish();
            assertEquals(0, signals[0]);
            put(ring.producer(), 1);
            put(ring.producer(), 2);
            ring.producer().publish();
            ring.producer().publish();
            assertEquals(1, signals[0]);
        }
    }

    @Test
    void shouldRefuseWrongNumbersWithValuesAndRemedy()
    {
        assertMessage("capacitySlots=100 of ring=edge is not a power of two: round it up to 128", 100, SLOT_LENGTH, 1);
        assertMessage("capacitySlots=0 of ring=edge is not a power of two: use at least 1", 0, SLOT_LENGTH, 1);
        assertMessage("capacitySlots=-2147483648 of ring=edge is not a power of two: use at least 1", Integer.MIN_VALUE, SLOT_LENGTH, 1);
        assertMessage("slotLength=100 of ring=edge is not a multiple of 8: round it up to 104", 128, 100, 1);
        assertMessage("slotLength=24 of ring=edge is shorter than the header: use at least 32", 128, 24, 1);
        assertMessage("consumers=0 of ring=edge: a ring without a consumer would overwrite what nobody read, use at least 1", 8, 64, 0);
    }

    @Test
    void shouldRefuseARecordThatNeverFits()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 4, SLOT_LENGTH, 1))
        {
            final Exception exception = assertThrows(IllegalArgumentException.class, () -> ring.producer().claim(3));
            assertEquals("slots=3 claimed from ring=edge of capacity=4: a record takes 1 to 2 slots, use a capacity of at least 8",
                exception.getMessage());
        }
    }

    @Test
    void shouldBeClosedTwiceAndRefuseClaimsThen()
    {
        final RecordRing ring = RecordRing.create(account, "edge", 4, SLOT_LENGTH, 1);
        assertNotEquals(0, account.allocatedBytes());
        put(ring.producer(), 1);
        ring.producer().publish();
        ring.close();
        ring.close();
        assertEquals(0, ring.consumer(0).poll());
        assertThrows(IllegalStateException.class, () -> ring.producer().claim());
    }

    @Test
    void shouldPoisonReleasedSlotsAndFindOverwrittenCanaries()
    {
        assertTrue(DebugMode.ENABLED);
        try (RecordRing ring = RecordRing.create(account, "edge", 4, SLOT_LENGTH, 1))
        {
            final RingProducer producer = ring.producer();
            final RingConsumer consumer = ring.consumer(0);
            assertEquals(SLOT_LENGTH + 8, ring.stride());
            put(producer, 1);
            producer.publish();
            consumer.poll();
            final long late = consumer.address();
            consumer.consume(1);
            producer.claim();
            assertEquals(1, value(late));
            consumer.release();
            producer.claim();
            assertEquals(0xDBDB_DBDB_DBDB_DBDBL, value(late));

            final long slot = producer.claim();
            header(slot, 2);
            Memory.putByte(slot + SLOT_LENGTH, (byte)0);
            final Exception early = assertThrows(IllegalStateException.class, producer::commit);
            assertEquals("canary overwritten behind sequence=1 slots=1 of ring=edge before it was committed: a writer left its slot of " +
                "slotLength=64, claim more slots or raise the slot length", early.getMessage());
        }
    }

    @Test
    void shouldFindACanaryOverwrittenAfterPublicationOneLapLater()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 4, SLOT_LENGTH, 1))
        {
            final long slot = ring.producer().claim();
            put(ring.producer(), 1);
            ring.producer().publish();
            Memory.putByte(slot + SLOT_LENGTH, (byte)0);
            ring.consumer(0).consume(ring.consumer(0).poll());
            ring.consumer(0).release();
            final Exception exception = assertThrows(IllegalStateException.class, () -> ring.producer().claim());
            assertTrue(exception.getMessage().contains("sequence=0 slots=1 of ring=edge after it was published"), exception.getMessage());
        }
    }

    @Test
    void shouldRefuseMisuseInDebugMode()
    {
        try (RecordRing ring = RecordRing.create(account, "edge", 4, SLOT_LENGTH, 1))
        {
            final RingProducer producer = ring.producer();
            producer.claim();
            assertThrows(IllegalStateException.class, producer::commit, "no header");
            put(producer, 5);
            assertThrows(IllegalStateException.class, producer::commit, "no claim");
            header(producer.claim(), 4);
            assertThrows(IllegalStateException.class, producer::commit, "decreasing cause");
            final long[] slots = new long[2];
            producer.claimBatch(slots, 1);
            assertThrows(IllegalStateException.class, () -> producer.commitBatch(2), "more than was claimed");
            producer.claimBatch(slots, 2);
            header(slots[0], 6);
            assertThrows(IllegalStateException.class, () -> producer.commitBatch(2), "no header of the second");
            producer.publish();
            ring.consumer(0).poll();
            assertThrows(IllegalStateException.class, () -> ring.consumer(0).consume(2));
        }
    }

    private static boolean put(final RingProducer producer, final long value)
    {
        final long slot = producer.claim();
        if (slot == 0)
        {
            return false;
        }
        header(slot, value);
        Memory.putLong(slot + HEADER_LENGTH, value);
        producer.commit();
        return true;
    }

    private static void header(final long slot, final long cause)
    {
        SlotDescriptor.kindAndLength(slot, KIND_DATA, 8);
        SlotDescriptor.cause(slot, cause);
    }

    private static long value(final long slot)
    {
        return Memory.getLong(slot + HEADER_LENGTH);
    }

    private void assertMessage(final String message, final int capacity, final int slotLength, final int consumers)
    {
        final Exception exception = assertThrows(IllegalArgumentException.class,
            () -> RecordRing.create(account, "edge", capacity, slotLength, consumers).close());
        assertEquals(message, exception.getMessage());
    }
}
