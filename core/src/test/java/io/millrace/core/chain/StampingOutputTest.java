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
import io.millrace.core.operator.Output;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.testing.Reading;
import io.millrace.core.testing.ReadingFlyweight;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StampingOutputTest
{
    private static final int SLOTS = 16;
    private static final int TIME_OFFSET = SlotDescriptor.HEADER_LENGTH + ReadingFlyweight.TYPE.eventTime().offset();

    private final MemoryAccount account = new MemoryAccount("test");
    private final Region region = Region.allocate(account, "slots", 128 * SLOTS);
    private final List<List<Long>> stamped = new ArrayList<>();
    private final ReadingFlyweight reading = new ReadingFlyweight();

    @AfterEach
    void shouldFreeItsMemory()
    {
        region.close();
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldStampEventTimeCauseAndIngressTime()
    {
        final StampingOutput output = bounded(5, 1);
        output.ingressTime(99);
        output.nextCause(40);
        emit(output, 10);
        emit(output, 11);
        assertEquals(List.of(List.of(10L, 40L, 99L), List.of(11L, 41L, 99L)), stamped);
        assertEquals(41, output.lastCause());
    }

    @Test
    void shouldLagBehindTheLatestByTheBoundAndOne()
    {
        // SEMANTICS WM-2: b=5: event 10 -> W4; then event 3 -> still W4
        final StampingOutput output = bounded(5, 1);
        assertFalse(output.watermarkDue());
        assertFalse(emit(output, 10), "a watermark is due, so the source returns");
        assertTrue(output.watermarkDue());
        assertEquals(4, output.takeWatermark());
        assertFalse(output.watermarkDue());
        assertTrue(emit(output, 3));
        assertFalse(output.watermarkDue());
    }

    @Test
    void shouldLagByOneWhenTimestampsNeverGoDown()
    {
        // SEMANTICS WM-2: event 10 -> W9
        final StampingOutput output = bounded(0, 1);
        emit(output, 10);
        assertEquals(9, output.takeWatermark());
    }

    @Test
    void shouldWaitUntilTheWatermarkHasGrownByTheStep()
    {
        final StampingOutput output = bounded(0, 10);
        emit(output, 100);
        assertEquals(99, output.takeWatermark());
        assertTrue(emit(output, 109));
        assertFalse(output.watermarkDue());
        assertFalse(emit(output, 110));
        assertEquals(109, output.takeWatermark());
    }

    @Test
    void shouldTakeABatchUpToTheRecordThatAWatermarkIsDueBehind()
    {
        final StampingOutput output = bounded(0, 10);
        output.ingressTime(99);
        output.nextCause(40);
        assertEquals(1, emitBatch(output, 100, 101));
        assertFalse(output.goesOn());
        assertEquals(99, output.takeWatermark());
        assertEquals(2, emitBatch(output, 101, 109));
        assertTrue(output.goesOn());
        assertFalse(output.watermarkDue());
        assertEquals(2, emitBatch(output, 105, 110, 130));
        assertTrue(output.watermarkDue());
        assertEquals(109, output.takeWatermark());
        assertEquals(1, emitBatch(output, 130));
        assertEquals(List.of(List.of(100L, 40L, 99L), List.of(101L, 41L, 99L), List.of(109L, 42L, 99L),
            List.of(105L, 43L, 99L), List.of(110L, 44L, 99L), List.of(130L, 45L, 99L)), stamped);
        assertEquals(45, output.lastCause());
        assertEquals(130, maxTimestamp(output));
    }

    @Test
    void shouldAskForNoMoreThanGoesBeforeTheNextWatermark()
    {
        final StampingOutput output = bounded(0, 10);
        assertEquals(BatchProcessor.MAX_BATCH, output.batchLimit());
        emitBatch(output, 100, 101, 102);
        assertEquals(1, output.batchLimit());
        output.takeWatermark();
        emitBatch(output, 101);
        assertEquals(2, output.batchLimit());
        emitBatch(output, 102, 103);
        assertEquals(4, output.batchLimit());
        emitBatch(output, 104, 105, 106, 110);
        assertEquals(4, output.batchLimit(), "as many go before the next, if it comes alike");
        output.takeWatermark();
        for (int i = 0; i < 10; i++)
        {
            emitBatch(output, 111);
        }
        assertEquals(BatchProcessor.MAX_BATCH, output.batchLimit());
    }

    @Test
    void shouldStampABatchAsItStampsItsRecords()
    {
        final Random random = new Random(7);
        final StampingOutput single = bounded(3, 10);
        final StampingOutput batched = bounded(3, 10);
        final long[] times = new long[1_000];
        for (int i = 0; i < times.length; i++)
        {
            times[i] = (long)i / 4 + random.nextInt(8);
            if (!emit(single, times[i]))
            {
                stamped.add(List.of(single.takeWatermark()));
            }
        }
        final List<List<Long>> expected = List.copyOf(stamped);
        stamped.clear();
        int at = 0;
        while (at < times.length)
        {
            final int count = Math.min(times.length - at, 1 + random.nextInt(SLOTS));
            at += emitBatch(batched, Arrays.copyOfRange(times, at, at + count));
            if (batched.watermarkDue())
            {
                stamped.add(List.of(batched.takeWatermark()));
            }
        }
        assertEquals(expected, stamped);
    }

    @Test
    void shouldNotWrapAroundAtTheEndsOfTime()
    {
        final StampingOutput early = bounded(5, 1);
        emit(early, Long.MIN_VALUE + 3);
        assertTrue(early.watermarkDue());
        assertEquals(Long.MIN_VALUE, early.takeWatermark());

        final StampingOutput late = bounded(5, 1);
        emit(late, Long.MAX_VALUE);
        assertTrue(late.watermarkDue());
        assertEquals(Long.MAX_VALUE - 6, late.takeWatermark());
        assertFalse(late.watermarkDue(), "no later watermark can be due");
    }

    @Test
    void shouldGoOnFromASnapshot()
    {
        final StampingOutput before = bounded(0, 10);
        emit(before, 100);
        before.takeWatermark();
        emit(before, 105);
        final StampingOutput after = bounded(0, 10);
        after.restore(snapshot(before));
        assertFalse(after.watermarkDue());
        assertTrue(emit(after, 109));
        assertFalse(emit(after, 110));
        assertTrue(after.watermarkDue());
    }

    @Test
    void shouldHaveNoWatermarks()
    {
        final StampingOutput output = output(TIME_OFFSET, 0, 1, false);
        emit(output, 5);
        emit(output, Long.MAX_VALUE);
        assertFalse(output.watermarkDue());
        final StampingOutput without = output(-1, 0, 1, false);
        emit(without, 5);
        assertEquals(Long.MIN_VALUE, stamped.get(2).get(0));
    }

    @Test
    void shouldAskTheAssigner()
    {
        final StampingOutput output = output(0, 0, 1, true);
        emit(output, 5);
        assertEquals(1_005, stamped.get(0).get(0));
    }

    @Test
    void shouldTakeABatchUpToTheRecordThatTheAssignerFailsAt()
    {
        final StampingOutput output = new StampingOutput(new Capture(), slot ->
        {
            reading.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
            final Reading seen = reading;
            if (seen.time() == 7)
            {
                throw new IllegalArgumentException("bad luck");
            }
            return seen.time();
        }, 0, 1L, 1L, false);
        output.nextCause(40);
        assertEquals(2, emitBatch(output, 5, 6, 7, 8));
        assertEquals(List.of(List.of(5L, 40L, 0L), List.of(6L, 41L, 0L)), stamped);
        assertEquals(41, output.lastCause());
        assertEquals(6, maxTimestamp(output));
        assertThrows(IllegalArgumentException.class, () -> emitBatch(output, 7, 8));
        assertEquals(2, stamped.size());
        assertEquals(41, output.lastCause());
    }

    @Test
    void shouldClaimOnceForEachRecord()
    {
        final int[] claims = {0};
        final Output next = new Capture()
        {
            @Override
            public long claim()
            {
                claims[0]++;
                return super.claim();
            }
        };
        final StampingOutput output = new StampingOutput(next, slot -> 0, TIME_OFFSET, 1L, 1L, true);
        emit(output, 5);
        assertEquals(1, claims[0], "a second claim would reset the length that the source has set");
    }

    private static BlobReader snapshot(final StampingOutput output)
    {
        final BlobWriter writer = new BlobWriter();
        output.snapshot(writer);
        return new BlobReader("source", writer.bytes());
    }

    private static long maxTimestamp(final StampingOutput output)
    {
        return snapshot(output).getLong();
    }

    private boolean emit(final StampingOutput output, final long time)
    {
        reading.wrapUnchecked(output.claim() + SlotDescriptor.HEADER_LENGTH);
        reading.time(time).key(0).value(0);
        return output.commit();
    }

    private int emitBatch(final StampingOutput output, final long... times)
    {
        final long[] slots = output.claimBatch(times.length);
        for (int i = 0; i < times.length; i++)
        {
            reading.wrapUnchecked(slots[i] + SlotDescriptor.HEADER_LENGTH);
            reading.time(times[i]).key(0).value(0);
        }
        return output.commitBatch(times.length);
    }

    private StampingOutput bounded(final long bound, final long step)
    {
        return output(TIME_OFFSET, bound, step, true);
    }

    private StampingOutput output(final int offset, final long bound, final long step, final boolean watermarks)
    {
        final ReadingFlyweight view = new ReadingFlyweight();
        return new StampingOutput(new Capture(), slot ->
        {
            view.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
            final Reading seen = view;
            return seen.time() + 1_000;
        }, offset, bound + 1, step, watermarks);
    }

    private class Capture implements Output
    {
        @Override
        public long claim()
        {
            return region.address();
        }

        @Override
        public boolean commit()
        {
            return forward(region.address());
        }

        @Override
        public long[] claimBatch(final int count)
        {
            final long[] slots = new long[count];
            Arrays.setAll(slots, i -> region.address() + i * 128L);
            return slots;
        }

        @Override
        public boolean commitBatch(final int count)
        {
            return forwardBatch(claimBatch(count), count);
        }

        @Override
        public boolean forwardBatch(final long[] slots, final int count)
        {
            for (int i = 0; i < count; i++)
            {
                forward(slots[i]);
            }
            return true;
        }

        @Override
        public boolean forward(final long slot)
        {
            stamped.add(List.of(SlotDescriptor.timestamp(slot), SlotDescriptor.cause(slot),
                SlotDescriptor.ingressTime(slot)));
            return true;
        }
    }
}
