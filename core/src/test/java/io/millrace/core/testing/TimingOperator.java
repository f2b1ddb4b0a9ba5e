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
package io.millrace.core.testing;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Output;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.time.ProcessingClock;
import io.millrace.memory.record.SlotDescriptor;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Passes each reading on with its event time as time and processing time as value, and sets a timer for a few milliseconds
 * later, some of them for now. Emits each timer that fires with key {@value #TIMER}, and each watermark with key
 * {@value #WATERMARK}; the time is processing time then. Stops after three timers, as if the output was full.
 */
public final class TimingOperator implements Operator
{
    /** Key of what a timer emits. */
    public static final long TIMER = -1;
    /** Key of what a watermark emits. */
    public static final long WATERMARK = -2;

    private final ReadingFlyweight in = new ReadingFlyweight();
    private final ReadingFlyweight out = new ReadingFlyweight();
    private final PriorityQueue<long[]> timers =
        new PriorityQueue<>(Comparator.<long[]>comparingLong(timer -> timer[0]).thenComparingLong(timer -> timer[1]));
    private final long spread;
    private long sequence;
    private long lastWatermark = Long.MIN_VALUE;
    private Output output;
    private ProcessingClock clock;

    /**
     * An operator.
     *
     * @param spread timers are set for 0 to {@code spread} - 1 milliseconds later, by the value of the reading; 0 for no
     *               timers
     */
    public TimingOperator(final Long spread)
    {
        this.spread = spread;
    }

    @Override
    public void open(final OperatorContext context)
    {
        output = context.output();
        clock = context.processingClock();
    }

    @Override
    public void start()
    {
        wake();
    }

    @Override
    public boolean process(final long slot)
    {
        in.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        if (spread > 0)
        {
            timers.add(new long[] {clock.time() + Math.floorMod(in.value(), spread), sequence++});
            wake();
        }
        return emit(slot, SlotDescriptor.timestamp(slot), in.key(), clock.time());
    }

    @Override
    public boolean processingTime(final long slot)
    {
        if (SlotDescriptor.timestamp(slot) != clock.time())
        {
            throw new IllegalStateException("tick=" + SlotDescriptor.timestamp(slot) + " clock=" + clock.time());
        }
        int fired = 0;
        while (!timers.isEmpty() && timers.peek()[0] <= clock.time())
        {
            if (fired == 3)
            {
                return false;
            }
            fired++;
            emit(slot, clock.time(), TIMER, timers.poll()[0]);
        }
        wake();
        return true;
    }

    @Override
    public boolean watermark(final long slot)
    {
        final long watermark = SlotDescriptor.timestamp(slot);
        if (watermark <= lastWatermark)
        {
            // The last one of a source that had ended before a restart comes again.
            return true;
        }
        lastWatermark = watermark;
        return emit(slot, clock.time(), WATERMARK, watermark);
    }

    private void wake()
    {
        clock.wakeAt(timers.isEmpty() ? ProcessingClock.NEVER : timers.peek()[0]);
    }

    private boolean emit(final long slot, final long time, final long key, final long value)
    {
        final long claimed = output.claim();
        SlotDescriptor.inherit(slot, claimed);
        SlotDescriptor.timestamp(claimed, time);
        out.wrapUnchecked(claimed + SlotDescriptor.HEADER_LENGTH);
        out.time(time).key(key).value(value);
        return output.commit();
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(sequence).putLong(lastWatermark).putInt(timers.size());
        timers.forEach(timer -> writer.putLong(timer[0]).putLong(timer[1]));
    }

    @Override
    public void restore(final BlobReader reader)
    {
        sequence = reader.getLong();
        lastWatermark = reader.getLong();
        for (int i = reader.getInt(); i > 0; i--)
        {
            timers.add(new long[] {reader.getLong(), reader.getLong()});
        }
    }
}
