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

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

import static io.millrace.memory.record.SlotDescriptor.HEADER_LENGTH;
import static io.millrace.memory.record.SlotDescriptor.KIND_DATA;
import static io.millrace.memory.record.SlotDescriptor.KIND_WATERMARK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Random steps of one producer and several consumers against queues that say what each consumer must see. */
class RecordRingModelTest
{
    private static final int SLOT_LENGTH = 48;
    private static final int STEPS = 20_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void shouldShowEveryConsumerEverySlotInOrder(final long seed)
    {
        final Model model = new Model(seed, false);
        model.run();
        assertTrue(model.wraps > 10, "wraps");
        assertTrue(model.full > 10, "full");
    }

    @Test
    void shouldNoticeAConsumerThatReleasesBeforeItReads()
    {
        assertThrows(AssertionError.class, () -> new Model(1, true).run());
    }

    private static final class Model
    {
        private final MemoryAccount account = new MemoryAccount("test");
        private final Random random;
        private final boolean releasesEarly;
        private final List<Deque<long[]>> expected = new ArrayList<>();
        private final List<long[]> batch = new ArrayList<>();
        private RecordRing ring;
        private long cause;
        private long value;
        private int wraps;
        private int full;

        private Model(final long seed, final boolean releasesEarly)
        {
            this.random = new Random(seed);
            this.releasesEarly = releasesEarly;
        }

        private void run()
        {
            final int consumers = 1 + random.nextInt(4);
            try (RecordRing created = RecordRing.create(account, "model", 4 << random.nextInt(5), SLOT_LENGTH, consumers))
            {
                ring = created;
                for (int i = 0; i < consumers; i++)
                {
                    expected.add(new ArrayDeque<>());
                }
                for (int step = 0; step < STEPS; step++)
                {
                    step(random.nextInt(6 + consumers));
                }
                publish();
                wraps = (int)(ring.published() / ring.capacity());
                for (int i = 0; i < consumers; i++)
                {
                    while (consume(i) > 0)
                    {
                    }
                    ring.consumer(i).release();
                    assertEquals(0, expected.get(i).size());
                    assertEquals(RecordRing.NO_CAUSE, ring.consumer(i).pendingCause());
                }
                assertEquals(ring.capacity(), ring.producer().free());
            }
            assertEquals(0, account.allocatedBytes());
        }

        private void step(final int choice)
        {
            switch (choice)
            {
                case 0, 1 -> putRecord(1);
                case 2 -> putRecord(1 + random.nextInt(ring.maxRecordSlots()));
                case 3 -> putControl();
                case 4 -> ring.producer().claim(1 + random.nextInt(ring.maxRecordSlots()));
                case 5 -> publish();
                default -> consume(choice - 6);
            }
        }

        private void putRecord(final int slots)
        {
            final RingProducer producer = ring.producer();
            final int claimed = slots == 1 ? 1 : Math.min(ring.maxRecordSlots(), slots + random.nextInt(2));
            final long slot = claimed == 1 && random.nextBoolean() ? producer.claim() : producer.claim(claimed);
            if (slot == 0)
            {
                full++;
                return;
            }
            cause += random.nextInt(2);
            final int length = slots * SLOT_LENGTH - HEADER_LENGTH;
            SlotDescriptor.kindAndLength(slot, KIND_DATA, length);
            SlotDescriptor.timestamp(slot, ++value);
            SlotDescriptor.cause(slot, cause);
            for (int offset = 0; offset < length; offset += 8)
            {
                Memory.putLong(slot + HEADER_LENGTH + offset, value * 31 + offset);
            }
            if (slots == 1 && random.nextBoolean())
            {
                producer.commit();
            }
            else
            {
                producer.commit(slots);
            }
            batch.add(new long[]{KIND_DATA, value, cause, slots});
        }

        private void putControl()
        {
            if (ring.producer().control(KIND_WATERMARK, value + 1, cause, 0))
            {
                value++;
                batch.add(new long[]{KIND_WATERMARK, value, cause, 1});
            }
            else
            {
                full++;
            }
        }

        private void publish()
        {
            ring.producer().publish();
            expected.forEach(queue -> queue.addAll(batch));
            batch.clear();
        }

        private int consume(final int index)
        {
            final RingConsumer consumer = ring.consumer(index);
            final Deque<long[]> queue = expected.get(index);
            final int polled = consumer.poll();
            if (polled == 0)
            {
                assertEquals(0, queue.size());
                consumer.release();
                return 0;
            }
            if (releasesEarly)
            {
                // The mutant: what was polled is the producer's before it was read.
                final long first = consumer.address();
                consumer.consume(polled);
                consumer.release();
                putRecord(1);
                check(first, queue.peek());
                return polled;
            }
            int slots = 0;
            int wanted = 1 + random.nextInt(polled);
            while (slots < polled && wanted-- > 0 && SlotDescriptor.kind(consumer.address()) != SlotDescriptor.KIND_PADDING)
            {
                final long[] record = queue.remove();
                check(consumer.address(), record);
                consumer.consume((int)record[3]);
                slots += (int)record[3];
            }
            if (random.nextBoolean())
            {
                consumer.release();
                assertEquals(queue.isEmpty() ? RecordRing.NO_CAUSE : queue.peek()[2], consumer.pendingCause());
            }
            return slots;
        }

        private void check(final long slot, final long[] record)
        {
            assertEquals(record[0], SlotDescriptor.kind(slot));
            assertEquals(record[1], SlotDescriptor.timestamp(slot));
            assertEquals(record[2], SlotDescriptor.cause(slot));
            final int length = SlotDescriptor.length(slot);
            assertEquals(record[0] == KIND_DATA ? record[3] * SLOT_LENGTH - HEADER_LENGTH : 0, length);
            for (int offset = 0; offset < length; offset += 8)
            {
                assertEquals(record[1] * 31 + offset, Memory.getLong(slot + HEADER_LENGTH + offset));
            }
        }
    }
}
