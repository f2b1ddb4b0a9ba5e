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
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * What threads may see of a {@link RecordRing} (T14): a slot that is published is whole, for each of several consumers, and
 * is not written again before all of them have released it.
 */
public final class RecordRingStress
{
    private static final int SLOT_LENGTH = 64;
    private static final int VALUE = 42;

    private RecordRingStress()
    {
    }

    /** A ring for one try; the arbiter closes it. */
    static class Ring
    {
        final RecordRing ring;

        Ring(final int capacity, final int consumers)
        {
            ring = RecordRing.create(new MemoryAccount("stress"), "stress", capacity, SLOT_LENGTH, consumers);
        }

        /** Whether there was room. */
        final boolean produce(final int value)
        {
            final RingProducer producer = ring.producer();
            final long slot = producer.claim();
            if (slot == 0)
            {
                return false;
            }
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, Long.BYTES);
            SlotDescriptor.cause(slot, value);
            Memory.putLong(slot + SlotDescriptor.HEADER_LENGTH, value);
            producer.commit();
            producer.publish();
            return true;
        }

        /** The value of the slot at hand, 0 when there is none. */
        final int read(final int consumer)
        {
            final RingConsumer reader = ring.consumer(consumer);
            if (reader.poll() == 0)
            {
                return 0;
            }
            final int value = (int)Memory.getLong(reader.address() + SlotDescriptor.HEADER_LENGTH);
            return SlotDescriptor.cause(reader.address()) == value ? value : -1;
        }

        final void release(final int consumer)
        {
            ring.consumer(consumer).consume(1);
            ring.consumer(consumer).release();
        }
    }

    /** What is published is whole. */
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = "42", expect = Expect.ACCEPTABLE, desc = "the whole slot")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a part of a slot")
    @State
    public static class Publication extends Ring
    {
        public Publication()
        {
            super(2, 1);
        }

        @Actor
        public void produce()
        {
            produce(VALUE);
        }

        @Actor
        public void consume(final I_Result result)
        {
            result.r1 = read(0);
        }

        @Arbiter
        public void close(final I_Result result)
        {
            ring.close();
        }
    }

    /** Every consumer sees each slot, whole. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 42", "42, 0", "42, 42"}, expect = Expect.ACCEPTABLE, desc = "nothing yet, or the whole slot")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a part of a slot")
    @State
    public static class TwoConsumers extends Ring
    {
        public TwoConsumers()
        {
            super(2, 2);
        }

        @Actor
        public void produce()
        {
            produce(VALUE);
        }

        @Actor
        public void first(final II_Result result)
        {
            result.r1 = read(0);
        }

        @Actor
        public void second(final II_Result result)
        {
            result.r2 = read(1);
        }

        @Arbiter
        public void close(final II_Result result)
        {
            ring.close();
        }
    }

    /** In a ring of one slot, the producer waits for both consumers before it writes the slot again. */
    @JCStressTest
    @Outcome(id = {"1, 1, 0, 1", "1, 1, 1, 2"}, expect = Expect.ACCEPTABLE, desc = "the first slot twice the same")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a slot was written while it was read, or before both had released it")
    @State
    public static class Reuse extends Ring
    {
        public Reuse()
        {
            super(1, 2);
            produce(1);
            read(0);
            read(1);
            release(0);
        }

        /** One consumer has released the slot, the other reads it twice. */
        @Actor
        public void consume(final IIII_Result result)
        {
            final long slot = ring.consumer(1).address() + SlotDescriptor.HEADER_LENGTH;
            result.r1 = (int)Memory.getLong(slot);
            result.r2 = (int)Memory.getLong(slot);
            release(1);
        }

        @Actor
        public void produce(final IIII_Result result)
        {
            result.r3 = produce(2) ? 1 : 0;
        }

        @Arbiter
        public void close(final IIII_Result result)
        {
            result.r4 = (int)ring.published() + 1;
            ring.close();
        }
    }

    /** A third thread that asks for the cause which is pending sees none, or the right one. */
    @JCStressTest
    @Outcome(id = {"-1", "42"}, expect = Expect.ACCEPTABLE, desc = "none, or that of the slot")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a cause that was never given")
    @State
    public static class PendingCause extends Ring
    {
        public PendingCause()
        {
            super(2, 1);
        }

        @Actor
        public void produce()
        {
            produce(VALUE);
        }

        @Actor
        public void consume()
        {
            if (read(0) != 0)
            {
                release(0);
            }
        }

        @Actor
        public void scan(final I_Result result)
        {
            result.r1 = (int)ring.consumer(0).pendingCause();
        }

        @Arbiter
        public void close(final I_Result result)
        {
            ring.close();
        }
    }

    /** The negative control: plain accesses of two words, each of which may pass the other. Both zero must be seen. */
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "in some order")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "reordered")
    @State
    public static class Control extends Ring
    {
        private final long first;
        private final long second;

        public Control()
        {
            super(4, 1);
            first = ring.address(0);
            second = ring.address(2);
        }

        @Actor
        public void one(final JJ_Result result)
        {
            Memory.putLong(first, 1);
            result.r1 = Memory.getLong(second);
        }

        @Actor
        public void other(final JJ_Result result)
        {
            Memory.putLong(second, 1);
            result.r2 = Memory.getLong(first);
        }

        @Arbiter
        public void close(final JJ_Result result)
        {
            ring.close();
        }
    }
}
