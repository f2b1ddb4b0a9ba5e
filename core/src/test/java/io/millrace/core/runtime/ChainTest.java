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

import io.millrace.core.chain.BatchedOutput;
import io.millrace.core.chain.BufferedOutput;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Output;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChainTest
{
    private static final int STRIDE = 64;

    private final MemoryAccount account = new MemoryAccount("test");
    private final Region control = Region.allocate(account, "control", 64);
    private final Region slots = Region.allocate(account, "slots", (long)STRIDE * BatchProcessor.MAX_BATCH);
    private final List<String> events = new ArrayList<>();
    private final Step first = new Step("first");
    private final Step second = new Step("second");

    @AfterEach
    void shouldFreeItsMemory()
    {
        control.close();
        slots.close();
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldWalkControlFromOperatorToOperator()
    {
        final Chain chain = chain();
        assertFalse(chain.walking());
        walk(chain, SlotDescriptor.KIND_WATERMARK, 42);
        walk(chain, SlotDescriptor.KIND_BARRIER, 7);
        walk(chain, SlotDescriptor.KIND_END_OF_STREAM, 0);
        assertEquals(List.of("first watermark 42", "second watermark 42", "first barrier 7", "second barrier 7",
            "first finish", "second finish"), events);
    }

    @Test
    void shouldGoOnWhereTheOutputsWereFull()
    {
        first.refusals = 1;
        second.refusals = 2;
        final Chain chain = chain();
        chain.beginWalk(SlotDescriptor.KIND_WATERMARK, 5, 1, 1);
        assertFalse(chain.walk());
        assertFalse(chain.walk());
        assertFalse(chain.walk());
        assertTrue(chain.walking());
        assertTrue(chain.walk());
        assertFalse(chain.walking());
        assertEquals(List.of("first watermark 5", "first watermark 5", "second watermark 5", "second watermark 5",
            "second watermark 5"), events, "first is not called again when second was full");
    }

    @Test
    void shouldSendWhatAnOperatorEmitsBeforeTheNextSeesTheControl()
    {
        final Chain chain = buffered();
        walk(chain, SlotDescriptor.KIND_WATERMARK, 9);
        assertEquals(List.of("first watermark 9", "second record", "second watermark 9"), events);
    }

    @Test
    void shouldSendWhatAnIdleOperatorShows()
    {
        final Chain chain = buffered();
        chain.idle();
        assertEquals(List.of("first idle", "second record", "second idle"), events);
    }

    @Test
    void shouldTellEveryOperatorOfACompletedCheckpoint()
    {
        chain().checkpointComplete(3);
        assertEquals(List.of("first complete 3", "second complete 3"), events);
    }

    @Test
    void shouldCloseTheOthersWhenOneFails()
    {
        first.failsToClose = true;
        final IllegalStateException failure = assertThrows(IllegalStateException.class, chain()::close);
        assertEquals("operator first could not be closed: java.lang.IllegalStateException: broken",
            failure.getMessage());
        assertEquals(List.of("first close", "second close"), events);
    }

    private static void walk(final Chain chain, final byte kind, final long value)
    {
        chain.beginWalk(kind, value, 1, 1);
        assertTrue(chain.walking());
        assertTrue(chain.walk());
    }

    private Chain chain()
    {
        return chain(new ChainNode("first", "first", first, context()), new BufferedOutput[0]);
    }

    private Chain buffered()
    {
        final BatchedOutput output = new BatchedOutput(second,
            LongStream.range(0, BatchProcessor.MAX_BATCH).map(i -> slots.address() + i * STRIDE).toArray());
        first.output = output;
        final ChainNode node = new ChainNode("first", "first", first, context());
        node.buffered.add(output);
        return chain(node, new BufferedOutput[] {output});
    }

    private Chain chain(final ChainNode node, final BufferedOutput[] buffers)
    {
        final ChainNode[] nodes = {node, new ChainNode("second", "second", second, context())};
        return new Chain(nodes, new BufferedOutput[0], buffers, SilentSnapshot.create(account),
            control.address());
    }

    private NodeContext context()
    {
        return new NodeContext("job", null, null, 0, 128, null, null, account, null, new ArrayList<>(), false);
    }

    private final class Step implements Operator, BatchProcessor
    {
        private final String name;
        private int refusals;
        private boolean failsToClose;
        private Output output;

        private Step(final String name)
        {
            this.name = name;
        }

        @Override
        public void open(final OperatorContext context)
        {
        }

        @Override
        public boolean process(final long slot)
        {
            events.add(name + " record");
            return true;
        }

        @Override
        public boolean processBatch(final long[] batch, final int count)
        {
            return process(batch[0]);
        }

        @Override
        public boolean watermark(final long slot)
        {
            events.add(name + " watermark " + SlotDescriptor.timestamp(slot));
            emit();
            return refusals-- <= 0;
        }

        @Override
        public boolean finish(final long slot)
        {
            events.add(name + " finish");
            return true;
        }

        @Override
        public void idle()
        {
            events.add(name + " idle");
            emit();
        }

        @Override
        public void prepareSnapshot(final long checkpointId)
        {
            events.add(name + " barrier " + checkpointId);
        }

        @Override
        public void checkpointComplete(final long checkpointId)
        {
            events.add(name + " complete " + checkpointId);
        }

        @Override
        public void close()
        {
            events.add(name + " close");
            if (failsToClose)
            {
                throw new IllegalStateException("broken");
            }
        }

        private void emit()
        {
            if (output != null)
            {
                output.claim();
                output.commit();
            }
        }
    }
}
