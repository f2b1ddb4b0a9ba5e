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
import io.millrace.core.operator.ReadAheadOperator;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The outputs that stay in a task: {@link BatchedOutput}, {@link FanOutOutput}, {@link DiscardOutput} and the loop. */
class ChainOutputsTest
{
    private static final int STRIDE = 64;

    private final MemoryAccount account = new MemoryAccount("test");
    private final Region region = Region.allocate(account, "slots", (long)STRIDE * BatchProcessor.MAX_BATCH);
    private final Region other = Region.allocate(account, "other slot", STRIDE);
    private final Region copy = Region.allocate(account, "slot of copies", STRIDE);
    private final long[] slots = LongStream.range(0, BatchProcessor.MAX_BATCH)
        .map(i -> region.address() + i * STRIDE).toArray();
    private final Recorder recorder = new Recorder();

    @AfterEach
    void shouldFreeItsMemory()
    {
        region.close();
        other.close();
        copy.close();
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldHandEachRecordOnAtOnceWhereOneMakesABatch()
    {
        final DirectOutput output = new DirectOutput(recorder, slots);
        write(output.claim(), 1);
        assertTrue(output.commit());
        assertEquals(List.of(1L), recorder.seen);
        assertTrue(output.forward(write(other.address(), 2)));
        recorder.answer = false;
        assertFalse(output.forward(write(other.address(), 3)));
        assertEquals(List.of(1L, 2L, 3L), recorder.seen);
    }

    @Test
    void shouldCollectRecordsUntilTheyFillABatch()
    {
        final BatchedOutput output = new BatchedOutput(recorder, slots);
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
        final BatchedOutput output = new BatchedOutput(recorder, slots);
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
    void shouldHandABatchOnBehindWhatCameBefore()
    {
        final BatchedOutput output = new BatchedOutput(recorder, slots);
        write(output.claim(), 1);
        output.commit();
        final long[] claimed = output.claimBatch(3);
        for (int i = 0; i < 3; i++)
        {
            write(claimed[i], 2 + i);
        }
        assertTrue(output.commitBatch(2));
        write(output.claim(), 4);
        output.commit();
        recorder.answer = false;
        assertFalse(output.forwardBatch(new long[] {write(other.address(), 5)}, 1));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), recorder.seen, "what was claimed and not committed is given up");
        assertEquals(4, recorder.batches);
        assertTrue(output.flush());
        assertEquals(4, recorder.batches, "nothing is left");
    }

    @Test
    void shouldHandABatchOnWithoutACopy()
    {
        final BatchedOutput output = new BatchedOutput(recorder, slots);
        output.forwardBatch(new long[] {write(other.address(), 5)}, 1);
        assertEquals(other.address(), recorder.lastSlot);
    }

    @Test
    void shouldSendEachRecordToEveryOutput()
    {
        final Recorder second = new Recorder();
        final FanOutOutput output = fanOut(second, false);
        write(output.claim(), 1);
        assertTrue(output.commit());
        write(output.claimBatch(2)[0], 2);
        write(slots[1], 3);
        assertTrue(output.commitBatch(2));
        recorder.answer = false;
        assertFalse(output.forward(write(other.address(), 4)), "one of them says stop, all get it");
        assertEquals(List.of(1L, 2L, 3L, 4L), recorder.seen);
        assertEquals(List.of(1L, 2L, 3L, 4L), second.seen);
        assertEquals(3, second.batches);
    }

    @Test
    void shouldSendRecordAfterRecordWhereStreamsMeetAgain()
    {
        final List<Long> met = new ArrayList<>();
        recorder.seen = met;
        final Recorder second = new Recorder();
        second.seen = met;
        final FanOutOutput output = fanOut(second, true);
        write(output.claimBatch(2)[0], 1);
        write(slots[1], 2);
        assertTrue(output.commitBatch(2));
        assertEquals(List.of(1L, 1L, 2L, 2L), met);
    }

    private FanOutOutput fanOut(final Recorder second, final boolean meeting)
    {
        return new FanOutOutput(new Output[] {direct(recorder), direct(second)}, slots, meeting);
    }

    private DirectOutput direct(final Recorder next)
    {
        final long[] copies = new long[BatchProcessor.MAX_BATCH];
        Arrays.fill(copies, copy.address());
        return new DirectOutput(next, copies);
    }

    @Test
    void shouldProcessWhatMeetsInTheOrderInWhichItComes()
    {
        final List<Long> met = new ArrayList<>();
        recorder.seen = met;
        final Recorder second = new Recorder();
        second.seen = met;
        final List<List<Integer>> ahead = new ArrayList<>();
        final MixedBatch meeting = new MixedBatch(new BatchProcessor[] {recorder, second},
            (all, inputs, count) -> ahead.add(Arrays.stream(inputs, 0, count).boxed().toList()), slots);
        final MeetingOutput left = new MeetingOutput(meeting, 0, new long[] {copy.address()});
        final MeetingOutput right = new MeetingOutput(meeting, 1, new long[] {other.address()});
        write(left.claim(), 4);
        assertTrue(right.forward(write(other.address(), 1)));
        assertTrue(right.forward(write(other.address(), 2)));
        assertTrue(left.forward(write(other.address(), 3)));
        assertTrue(left.commit(), "what was claimed before the others keeps its place in the order of commits");
        assertTrue(right.forward(write(other.address(), 5)));
        assertEquals(List.of(), met);
        second.answer = false;
        assertFalse(left.flush(), "one of them says stop, all is processed");
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), met);
        assertEquals(List.of(List.of(1, 1, 0, 0, 1)), ahead);
        assertEquals(List.of(2, 1), List.of(second.batches, recorder.batches));
        assertTrue(right.flush());
        assertEquals(1, ahead.size(), "nothing was left");
    }

    @Test
    void shouldProcessABatchBehindWhatMetBefore()
    {
        final MixedBatch meeting = new MixedBatch(new BatchProcessor[] {recorder}, ReadAheadOperator.NONE, slots);
        final MeetingOutput output = new MeetingOutput(meeting, 0, new long[] {copy.address()});
        output.forward(write(other.address(), 1));
        assertTrue(output.forwardBatch(new long[] {write(other.address(), 2)}, 1));
        assertEquals(List.of(1L, 2L), recorder.seen);
        for (int i = 0; i < BatchProcessor.MAX_BATCH - 1; i++)
        {
            assertTrue(output.forward(write(other.address(), 3 + i)));
        }
        assertEquals(2, recorder.seen.size());
        recorder.answer = false;
        assertFalse(output.forward(write(other.address(), 200)), "what the operator says of the full batch");
        assertEquals(BatchProcessor.MAX_BATCH + 2, recorder.seen.size());
    }

    @Test
    void shouldFeedARunToAnOperatorOneByOne()
    {
        for (int i = 0; i < 3; i++)
        {
            write(region.address() + (long)i * STRIDE, i);
        }
        recorder.stopAt = 1;
        assertFalse(new RecordLoop(recorder).processBatch(slots, 3));
        assertEquals(List.of(0L, 1L, 2L), recorder.seen, "all are processed");
        recorder.stopAt = -1;
        assertTrue(new RecordLoop(recorder).processBatch(slots, 1));
    }

    @Test
    void shouldDropWhatNobodyTakes()
    {
        final DiscardOutput output = new DiscardOutput(region.address());
        assertEquals(region.address(), output.claim());
        assertTrue(output.commit());
        assertTrue(output.forward(other.address()));
        assertEquals(region.address(), output.claimBatch(2)[1]);
        assertTrue(output.commitBatch(2));
        assertTrue(output.forwardBatch(slots, 2));
    }

    private static long write(final long slot, final long value)
    {
        SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, 8);
        SlotDescriptor.timestamp(slot, value);
        return slot;
    }

    private static final class Recorder implements Operator, BatchProcessor
    {
        private List<Long> seen = new ArrayList<>();
        private boolean answer = true;
        private long stopAt = -1;
        private int batches;
        private long lastSlot;

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
        public boolean processBatch(final long[] batch, final int count)
        {
            batches++;
            boolean goOn = true;
            for (int i = 0; i < count; i++)
            {
                lastSlot = batch[i];
                goOn &= process(batch[i]);
            }
            return goOn;
        }
    }
}
