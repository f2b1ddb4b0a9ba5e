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
package io.millrace.operators.source;

import io.millrace.core.checkpoint.IngressFrame;
import io.millrace.core.checkpoint.IngressJournal;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.record.FieldCodec;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RingConsumer;

/**
 * Takes what an application published into an {@link Ingress}, has it journaled where the job has a journal, and emits
 * it.
 *
 * <pre>
 *   ring    | emitted, released | in flight: with the journal | not taken yet |
 *                               ^ the consumer is here        ^ in flight slots further
 * </pre>
 *
 * A frame is a run of slots as it was found in the ring. It is shown to the journal where it lies; its slots are
 * released when its records are emitted, which is after the journal has it. The cause of a record is {@code frame
 * number << 16 | index}.
 */
public final class IngressSource implements Source
{
    /** Keeps a frame below 1 MiB for records of up to 1 KiB, and the journal from waiting for a long one. */
    private static final int MAX_FRAME_RECORDS = 1024;
    /** More frames than a life without a journal takes between two checkpoints. */
    private static final long RESTART_GAP = 1L << 30;

    private final IngressChannel channel;
    private final boolean fixedLength;
    private final int blockLength;
    private final IngressFrame frame = new IngressFrame();
    private String name;
    private IngressJournal journal;
    private RingConsumer consumer;
    private FrameQueue inFlight;
    private FrameQueue undurable;
    private Counter lost;
    private int slotLength;
    private boolean attached;
    private boolean restored;
    private boolean begun;
    private boolean replaying;
    private boolean goOn;
    private boolean endReached;

    /**
     * The next record to emit: its frame, its index there, and how many were emitted before it since the job's first
     * one.
     */
    private long frameNumber;
    private int index;
    private long emitted;
    private long emittedBytes;

    private long nextFrame;
    private long replaySlot;
    private int replayRecords;
    private int inFlightSlots;
    private int frameSlots;
    private boolean endAppended;

    /**
     * A source.
     *
     * @param channel that it reads
     * @param type    of the records
     */
    public IngressSource(final IngressChannel channel, final RecordType<?, ?> type)
    {
        this.channel = channel;
        this.fixedLength = type.fixedLength();
        this.blockLength = type.blockLength();
    }

    @Override
    public void open(final OperatorContext context)
    {
        name = context.name();
        lost = context.counter("recordsNotReplayed");
        consumer = channel.attach("source " + name + " of job " + context.jobName()).consumer(0);
        slotLength = consumer.slotLength();
        inFlight = channel.inFlight();
        undurable = channel.undurable();
        try
        {
            journal = context.openJournal();
            attached = true;
        }
        finally
        {
            if (!attached)
            {
                channel.detach();
            }
        }
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        if (!begun)
        {
            begin();
        }
        goOn = true;
        int done = 0;
        if (replaying)
        {
            done = replay(output, limit);
        }
        if (!replaying && goOn && !endReached)
        {
            done += live(output, limit - done);
        }
        if (!undurable.isEmpty() && !replaying && journal != null)
        {
            tellDurable();
        }
        return done;
    }

    private void begin()
    {
        begun = true;
        if (journal == null)
        {
            lost.add(Math.max(0, channel.emitted() - emitted));
            // What was emitted since the checkpoint has causes that must not be used again for other records.
            frameNumber += restored ? RESTART_GAP : 0;
            nextFrame = frameNumber;
            index = 0;
            forget(inFlight);
            return;
        }
        replaying = true;
        if (frameNumber > 0 || index > 0)
        {
            journal.seek(frameNumber);
        }
    }

    /** Emits what earlier lives journaled, from the position of the checkpoint on. */
    private int replay(final SourceOutput output, final int limit)
    {
        int done = 0;
        while (goOn && done < limit)
        {
            if (index >= replayRecords && !nextReplayed())
            {
                break;
            }
            output.nextCause(frameNumber << SlotDescriptor.CAUSE_INDEX_BITS | index);
            while (goOn && done < limit && index < replayRecords)
            {
                goOn = emit(output, replaySlot);
                replaySlot = frame.next(replaySlot);
                index++;
                done++;
            }
        }
        return done;
    }

    /** Moves to the next frame of the replay; at its end the live ring is next. */
    private boolean nextReplayed()
    {
        if (replayRecords > 0)
        {
            frameNumber++;
            index = 0;
            replayRecords = 0;
        }
        if (!journal.replay(frame))
        {
            endReplay();
            return false;
        }
        if (frame.number() != frameNumber)
        {
            throw new IllegalStateException("journal of source " + name + " brings frame=" + frame.number() +
                " where frame=" + frameNumber + " is next: it is not the one that the checkpoint was made with");
        }
        if (frame.records() == 0)
        {
            endReached = true;
            frameNumber++;
            return nextReplayed();
        }
        replaySlot = frame.first();
        replayRecords = frame.records();
        for (int i = 0; i < index; i++)
        {
            replaySlot = frame.next(replaySlot);
        }
        return index < replayRecords || nextReplayed();
    }

    private void endReplay()
    {
        replaying = false;
        final long last = journal.lastFrame();
        if (frameNumber != last + 1 || index > 0)
        {
            throw new IllegalStateException("journal of source " + name + " ends with frame=" + last +
                " but record=" + index + " of frame=" + frameNumber +
                " is next: it is not the one that the checkpoint was made with");
        }
        nextFrame = frameNumber;
        channel.recovered(emitted);
        skipJournaled(last);
    }

    /** What an earlier life in this process gave to the journal is in it or not; only what is not, is taken again. */
    private void skipJournaled(final long last)
    {
        while (!inFlight.isEmpty() && inFlight.number() <= last)
        {
            consume((int)inFlight.word());
            inFlight.remove();
        }
        forget(undurable);
        final long taken = channel.take(-forget(inFlight));
        if (taken > 0)
        {
            undurable.add(last, taken, 0);
        }
        consumer.release();
    }

    /** Empties a queue; returns what its counts add up to. */
    private static int forget(final FrameQueue queue)
    {
        int count = 0;
        while (!queue.isEmpty())
        {
            count += queue.count();
            queue.remove();
        }
        return count;
    }

    /** Consumes slots that lie together; padding before them is passed over by the poll. */
    private void consume(final int slots)
    {
        if (slots > 0)
        {
            consumer.poll();
            consumer.consume(slots);
        }
    }

    /** Emits what the application publishes now. */
    private int live(final SourceOutput output, final int limit)
    {
        append();
        final long written = journal == null ? Long.MAX_VALUE : journal.written();
        int done = 0;
        while (goOn && done < limit && !inFlight.isEmpty() && inFlight.number() <= written)
        {
            if (inFlight.count() == 0)
            {
                endReached = true;
                frameNumber = inFlight.number() + 1;
                inFlight.remove();
                break;
            }
            done += emitFrame(output, limit - done);
        }
        if (done > 0)
        {
            consumer.release();
        }
        return done;
    }

    /** Makes frames of what lies behind those in flight, and gives them to the journal. */
    private void append()
    {
        while (!inFlight.isFull() && !endAppended)
        {
            final boolean last = channel.ended();
            final int available = consumer.poll();
            if (available == inFlightSlots)
            {
                // Padding, or the ring's end, is passed when what is in flight has gone.
                if (last && available == 0)
                {
                    frame.wrap(nextFrame, 0, 0, slotLength, consumer.stride());
                    endAppended = appended(0, 0);
                }
                return;
            }
            final int records = wrapFrame(inFlightSlots, MAX_FRAME_RECORDS);
            if (records == 0 || !appended(records, frameSlots))
            {
                return;
            }
        }
    }

    private boolean appended(final int records, final int slots)
    {
        if (journal != null)
        {
            if (!journal.append(frame))
            {
                return false;
            }
            undurable.add(nextFrame, channel.take(records), records);
        }
        inFlight.add(nextFrame, slots, records);
        inFlightSlots += slots;
        nextFrame++;
        return true;
    }

    /** Moves the frame to records that lie some slots behind the consumer's place. */
    private int wrapFrame(final int skip, final int limit)
    {
        final int stride = consumer.stride();
        final int available = consumer.poll();
        final long first = consumer.address() + (long)skip * stride;
        frame.wrap(nextFrame, first, 0, slotLength, stride);
        long slot = first;
        int records = 0;
        int slots = 0;
        while (skip + slots < available && records < limit && SlotDescriptor.kind(slot) == SlotDescriptor.KIND_DATA)
        {
            slots += frame.slots(slot);
            slot = frame.next(slot);
            records++;
        }
        frame.wrap(nextFrame, first, records, slotLength, stride);
        frameSlots = slots;
        return records;
    }

    /** Emits what is left of the first frame in flight. */
    private int emitFrame(final SourceOutput output, final int limit)
    {
        frameNumber = inFlight.number();
        final int records = Math.min(limit, inFlight.count());
        consumer.poll();
        frame.wrap(frameNumber, consumer.address(), inFlight.count(), slotLength, consumer.stride());
        output.nextCause(frameNumber << SlotDescriptor.CAUSE_INDEX_BITS | index);
        long slot = frame.first();
        int count = 0;
        int slots = 0;
        try
        {
            while (goOn && count < records)
            {
                goOn = emit(output, slot);
                slots += frame.slots(slot);
                slot = frame.next(slot);
                count++;
            }
        }
        finally
        {
            emittedOfFrame(count, slots);
        }
        return count;
    }

    private void emittedOfFrame(final int count, final int slots)
    {
        consumer.consume(slots);
        inFlightSlots -= slots;
        index += count;
        if (journal == null)
        {
            channel.durable(channel.take(count));
        }
        if (count == inFlight.count())
        {
            inFlight.remove();
            frameNumber++;
            index = 0;
        }
        else
        {
            inFlight.update(inFlight.word() - slots, inFlight.count() - count);
        }
    }

    private boolean emit(final SourceOutput output, final long from)
    {
        final long to = output.claim();
        final int length = fixedLength ? blockLength : SlotDescriptor.length(from);
        FieldCodec.copy(from + SlotDescriptor.HEADER_LENGTH, to + SlotDescriptor.HEADER_LENGTH, length);
        if (!fixedLength)
        {
            SlotDescriptor.kindAndLength(to, SlotDescriptor.KIND_DATA, length);
            emittedBytes += length;
        }
        final boolean more = output.commit();
        emitted++;
        return more;
    }

    private void tellDurable()
    {
        final long durable = journal.durable();
        while (!undurable.isEmpty() && undurable.number() <= durable)
        {
            channel.durable(undurable.word());
            undurable.remove();
        }
    }

    @Override
    public long emittedBytes()
    {
        return emittedBytes;
    }

    @Override
    public boolean replayable()
    {
        return journal != null;
    }

    @Override
    public boolean finished()
    {
        return endReached && !replaying && undurable.isEmpty();
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(frameNumber).putInt(index).putLong(emitted).putInt(endReached ? 1 : 0);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        frameNumber = reader.getLong();
        index = reader.getInt();
        emitted = reader.getLong();
        endReached = reader.getInt() != 0;
        restored = true;
    }

    @Override
    public void close()
    {
        if (journal != null)
        {
            journal.close();
        }
        if (attached)
        {
            attached = false;
            channel.emitted(emitted);
            channel.detach();
        }
    }
}
