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
package io.millrace.core.chain;

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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The outputs that stay in a task: {@link ChainedOutput}, {@link BatchedOutput}, {@link FanOutOutput} and the loop. */
class ChainedOutputTest
{
    private static final int STRIDE = 64;

    private final MemoryAccount account = new MemoryAccount("test");
    private final Region region = Region.allocate(account, "slots", (long)STRIDE * BatchProcessor.MAX_BATCH);
    private final Region other = Region.allocate(account, "other slot", STRIDE);
    private final Recorder recorder = new Recorder();

    @AfterEach
    void shouldFreeItsMemory()
    {
        region.close();
        other.close();
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldHandEachRecordOnAtOnce()
    {
        final ChainedOutput output = new ChainedOutput(recorder, region.address());
        write(output.claim(), 1);
        assertTrue(output.commit());
        assertTrue(output.forward(write(other.address(), 2)));
        recorder.answer = false;
        assertFalse(output.forward(write(other.address(), 3)));
        assertEquals(List.of(1L, 2L, 3L), recorder.seen);
    }

    @Test
    void shouldCollectRecordsUntilTheyFillABatch()
    {
        final BatchedOutput output = new BatchedOutput(recorder, region.address(), STRIDE);
        for (int i = 0; i < BatchProcessor.MAX_BATCH - 1; i++)
        {
            write(output.claim(), i);
            assertTrue(output.commit());
        }
        assertEquals(List.of(), recorder.seen);
        recorder.answer = false;
        assertFalse(output.forward(write(other.address(), 127)), "what the operator says of the full batch");
        assertEquals(BatchProcessor.MAX_BATCH, recorder.seen.size());
        assertEquals(127L, recorder.seen.get(127));
        assertEquals(region.address(), output.claim(), "starts over");
    }

    @Test
    void shouldSendAPartOfABatchWhenFlushed()
    {
        final BatchedOutput output = new BatchedOutput(recorder, region.address(), STRIDE);
        assertTrue(output.flush());
        assertEquals(0, recorder.batches);
        write(output.claim(), 7);
        assertEquals(output.claim(), output.claim(), "claiming again gives the same slot");
        output.commit();
        assertTrue(output.flush());
        assertTrue(output.flush());
        assertEquals(List.of(7L), recorder.seen);
        assertEquals(1, recorder.batches);
    }

    @Test
    void shouldSendEachRecordToEveryOutput()
    {
        final Recorder second = new Recorder();
        final FanOutOutput output = new FanOutOutput(new Output[] {new ChainedOutput(recorder, 0L),
            new ChainedOutput(second, 0L)}, region.address());
        write(output.claim(), 1);
        assertTrue(output.commit());
        recorder.answer = false;
        assertFalse(output.forward(write(other.address(), 2)), "one of them says stop, all get it");
        assertEquals(List.of(1L, 2L), recorder.seen);
        assertEquals(List.of(1L, 2L), second.seen);
    }

    @Test
    void shouldFeedARunToAnOperatorOneByOne()
    {
        for (int i = 0; i < 3; i++)
        {
            write(region.address() + (long)i * STRIDE, i);
        }
        recorder.stopAt = 1;
        assertFalse(new RecordLoop(recorder).processBatch(region.address(), 3, STRIDE));
        assertEquals(List.of(0L, 1L, 2L), recorder.seen, "all are processed");
        recorder.stopAt = -1;
        assertTrue(new RecordLoop(recorder).processBatch(region.address(), 1, STRIDE));
    }

    @Test
    void shouldDropWhatNobodyTakes()
    {
        final DiscardOutput output = new DiscardOutput(region.address());
        assertEquals(region.address(), output.claim());
        assertTrue(output.commit());
        assertTrue(output.forward(other.address()));
    }

    private static long write(final long slot, final long value)
    {
        SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, 8);
        SlotDescriptor.timestamp(slot, value);
        return slot;
    }

    private static final class Recorder implements Operator, BatchProcessor
    {
        private final List<Long> seen = new ArrayList<>();
        private boolean answer = true;
        private long stopAt = -1;
        private int batches;

        @Override
        public void open(final OperatorContext context)
        {
        }

        @Override
        public boolean process(final long slot)
        {
            seen.add(SlotDescriptor.timestamp(slot));
            return answer && SlotDescriptor.timestamp(slot) != stopAt;
        }

        @Override
        public boolean processBatch(final long slot, final int count, final int stride)
        {
            batches++;
            boolean goOn = true;
            for (int i = 0; i < count; i++)
            {
                goOn &= process(slot + (long)i * stride);
            }
            return goOn;
        }
    }
}
