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
package io.millrace.checkpoint.journal;

import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads a journal in order, from its start or a position, and goes on as it grows. Records are handed out where they
 * lie, in a file mapping that only engine threads may touch: an address is valid until the next call of
 * {@link #poll()}, {@link #seek} or {@link #close()}.
 * <p>
 * What is good: frame n of incarnation k, when its checksum, incarnation and number are right, every frame before it is
 * good, and no higher incarnation starts at n or before. The starts are the names of the incarnations' directories, so
 * one pass decides. Behind the last good frame of the last incarnation nothing is there <i>yet</i>, whatever lies in
 * the file: only a writer can cut, and it does so when it opens. A frame that is missing <i>before</i> the next
 * incarnation's start is damage, and an error.
 * <pre>
 *   while (reader.poll() == JournalReader.FRAME)
 *   {
 *       for (long slot = reader.nextRecord(); slot != 0; slot = reader.nextRecord())
 *       {
 *           view.wrap(slot + SlotDescriptor.HEADER_LENGTH, SlotDescriptor.length(slot));
 *       }
 *   }
 * </pre>
 * Not thread-safe, but may move between threads. Any number of readers may run beside one writer. Steady reading
 * allocates nothing.
 */
public final class JournalReader implements AutoCloseable
{
    /** {@link #poll()}: a frame with records is at hand. */
    public static final int FRAME = 1;
    /** {@link #poll()}: nothing yet, call again later. */
    public static final int NOTHING = 0;
    /** {@link #poll()}: the journal was ended, nothing will follow. */
    public static final int END = -1;

    private static final int REFRESH_MASK = 1023;

    private final JournalContext context;
    private List<Incarnation> incarnations;
    private int current = -1;
    private FrameCursor cursor;
    private boolean ended;
    private boolean sought;
    private int emptyPolls;

    private long frame;
    private int incarnation;
    private long frameNumber;
    private long framePlace;
    private long limit;
    private int recordCount;
    private int record;
    private long nextSlot;

    private JournalReader(final JournalContext context)
    {
        this.context = context;
        this.incarnations = Incarnation.list(context.directory());
    }

    /**
     * Opens a journal at its start. It may not exist yet: then there is nothing yet.
     *
     * @param context with directory and schema
     * @return the reader, to be closed by the caller
     */
    public static JournalReader open(final JournalContext context)
    {
        context.concludeReader();
        return new JournalReader(context);
    }

    /**
     * Goes to the next frame that has records. Costs one pass over the frame, for its checksum.
     *
     * @return {@link #FRAME}, {@link #NOTHING} or {@link #END}
     * @throws JournalDamagedException when frames are missing that the next incarnation was built on
     * @throws IllegalStateException   when the journal's schema is another one than the context's
     */
    public int poll()
    {
        if (sought)
        {
            sought = false;
            if (record < recordCount)
            {
                return FRAME;
            }
        }
        frame = 0;
        // What the caller has left of the frame is skipped; until there is another one, the position is behind it.
        record = recordCount;
        while (!ended)
        {
            final boolean superseded = current + 1 < incarnations.size();
            if (superseded && (cursor == null || cursor.expected() >= incarnations.get(current + 1).firstFrame()))
            {
                enter(current + 1);
            }
            else if (cursor != null && cursor.next())
            {
                if (accept())
                {
                    return FRAME;
                }
            }
            else if (superseded)
            {
                throw missing();
            }
            else if ((emptyPolls++ & REFRESH_MASK) != 0 || !refresh())
            {
                return NOTHING;
            }
        }
        return END;
    }

    /**
     * Looks whether a writer has been opened since. {@link #poll()} does so by itself at the first of every 1,024 times
     * that there is nothing.
     *
     * @return true when there is a new incarnation
     */
    public boolean refresh()
    {
        final List<Incarnation> listed = Incarnation.list(context.directory());
        if (listed.equals(incarnations))
        {
            return false;
        }
        incarnations = listed;
        current = cursor == null ? -1 : indexOf(cursor.incarnation().number());
        return true;
    }

    /**
     * Goes to a place that {@link #position()} has named; {@link #poll()} and {@link #nextRecord()} go on there.
     *
     * @param position to read from
     * @throws JournalDamagedException when the journal no longer holds the frame: the checkpoint is ahead of the
     *                                 journal
     */
    public void seek(final JournalPosition position)
    {
        refresh();
        close();
        incarnation = 0;
        ended = false;
        sought = false;
        current = -1;
        if (position.equals(JournalPosition.START))
        {
            return;
        }
        final int wanted = indexOf(position.incarnation());
        if (wanted < 0 || wanted + 1 < incarnations.size() &&
            position.frameNumber() >= incarnations.get(wanted + 1).firstFrame())
        {
            throw lost(position);
        }
        enter(wanted);
        if (!cursor.seek(position.queuePlace(), position.frameNumber()))
        {
            throw lost(position);
        }
        sought = accept();
        if (!sought)
        {
            identify(cursor.frame());
        }
        if (position.record() < 0 || position.record() > recordCount)
        {
            throw lost(position);
        }
        for (int i = 0; i < position.record(); i++)
        {
            nextRecord();
        }
    }

    /**
     * @return address of the next record's slot (layout: {@link SlotDescriptor}), or 0 when the frame has no more
     */
    public long nextRecord()
    {
        if (record == recordCount)
        {
            return 0;
        }
        final long slot = nextSlot;
        final int length = SlotDescriptor.length(slot);
        if (length < 0 || length > limit - slot - SlotDescriptor.HEADER_LENGTH)
        {
            throw new JournalDamagedException("record=" + record + " of frame=" + frameNumber + " of journal=" +
                context.directory() + " has length=" + length + ", beyond the end of its frame: report it");
        }
        nextSlot = slot + FrameDescriptor.slotLength(length);
        record++;
        return slot;
    }

    /**
     * @return the place behind the latest {@link #nextRecord()}, or before the frame at hand when there was none yet;
     *         allocates
     */
    public JournalPosition position()
    {
        return incarnation == 0 ? JournalPosition.START :
            new JournalPosition(incarnation, framePlace, frameNumber, record);
    }

    /**
     * @return cause of the latest record in an input journal: {@code frame number << 16 | index}
     */
    public long cause()
    {
        return frameNumber << SlotDescriptor.CAUSE_INDEX_BITS | record - 1;
    }

    /**
     * @return number of the frame at hand
     */
    public long frameNumber()
    {
        return frameNumber;
    }

    /**
     * @return incarnation of the writer that wrote the frame at hand
     */
    public int incarnation()
    {
        return incarnation;
    }

    /**
     * @return number of records in the latest frame
     */
    public int recordCount()
    {
        return recordCount;
    }

    /**
     * @return address of the first slot of the frame at hand; slots follow each other, each on a multiple of 8 bytes
     */
    public long frameAddress()
    {
        return checkedFrame() + FrameDescriptor.HEADER_LENGTH;
    }

    /**
     * @return bytes of all slots of the frame at hand
     */
    public int frameLength()
    {
        return (int)(limit - checkedFrame()) - FrameDescriptor.HEADER_LENGTH;
    }

    /**
     * @return the engine's clock that the writer gave the frame at hand
     */
    public long clock()
    {
        return FrameDescriptor.clock(checkedFrame());
    }

    /**
     * @return cause of the last record of the frame at hand, with {@link #lastOrdinal()} the last output identity
     */
    public long lastCause()
    {
        return FrameDescriptor.lastCause(checkedFrame());
    }

    /**
     * @return ordinal of the last record of the frame at hand within its cause
     */
    public long lastOrdinal()
    {
        return FrameDescriptor.lastOrdinal(checkedFrame());
    }

    /**
     * @return what is wrong with the frame behind the last good one, or null. After a crash it is no error: the next
     *         writer cuts such a tail off. While a writer is open there can be none, so that a reader that follows one
     *         should fail with this text
     */
    public String damage()
    {
        return cursor == null ? null : cursor.damage();
    }

    @Override
    public void close()
    {
        frame = 0;
        record = 0;
        recordCount = 0;
        closeCursor();
    }

    private void closeCursor()
    {
        if (cursor != null)
        {
            final FrameCursor closing = cursor;
            cursor = null;
            closing.close();
        }
    }

    static String readSchema(final long frame)
    {
        final long slot = frame + FrameDescriptor.HEADER_LENGTH;
        final int length = SlotDescriptor.length(slot);
        final int most = FrameDescriptor.length(frame) - FrameDescriptor.HEADER_LENGTH - SlotDescriptor.HEADER_LENGTH;
        if (length < 0 || length > most)
        {
            throw new JournalDamagedException("frame=" + FrameDescriptor.frameNumber(frame) + " has a schema of length=" +
                length + ", beyond its end: report it");
        }
        final byte[] text = new byte[length];
        Memory.copyOut(slot + SlotDescriptor.HEADER_LENGTH, text, 0, text.length);
        return new String(text, StandardCharsets.UTF_8);
    }

    static void checkSchema(final JournalContext context, final String found)
    {
        if (!found.equals(context.schema()))
        {
            throw new IllegalStateException("journal=" + context.directory() + " holds schema=" + found +
                ", expected schema=" + context.schema() +
                ": give the changed record a journal of its own, or read this one with the record that wrote it");
        }
    }

    /**
     * Takes the cursor's frame; false when it is one without records for the caller. Such a frame does not move the
     * position: the same records read give the same position, whether their reader has looked behind them or not.
     */
    private boolean accept()
    {
        final long address = cursor.frame();
        final byte kind = FrameDescriptor.kind(address);
        if (kind == FrameDescriptor.KIND_DATA)
        {
            identify(address);
            frame = address;
            limit = address + FrameDescriptor.length(address);
            recordCount = FrameDescriptor.recordCount(address);
            nextSlot = address + FrameDescriptor.HEADER_LENGTH;
            return true;
        }
        if (kind == FrameDescriptor.KIND_SCHEMA)
        {
            checkSchema(context, readSchema(address));
        }
        ended = kind == FrameDescriptor.KIND_END;
        return false;
    }

    private void identify(final long address)
    {
        incarnation = FrameDescriptor.incarnation(address);
        frameNumber = FrameDescriptor.frameNumber(address);
        framePlace = cursor.framePlace();
        record = 0;
        recordCount = 0;
    }

    private long checkedFrame()
    {
        if (frame == 0)
        {
            throw new IllegalStateException("no frame is at hand in journal=" + context.directory() +
                ": ask only after poll has returned FRAME, and before the next poll, seek or close");
        }
        return frame;
    }

    private void enter(final int index)
    {
        closeCursor();
        current = index;
        cursor = new FrameCursor(incarnations.get(index), context.checksums());
    }

    private int indexOf(final int number)
    {
        for (int i = 0; i < incarnations.size(); i++)
        {
            if (incarnations.get(i).number() == number)
            {
                return i;
            }
        }
        return -1;
    }

    private JournalDamagedException missing()
    {
        return missing(
            context, cursor.incarnation(), cursor.expected(), cursor.damage(), incarnations.get(current + 1));
    }

    static JournalDamagedException missing(
        final JournalContext context,
        final Incarnation incarnation,
        final long frameNumber,
        final String damage,
        final Incarnation next)
    {
        return new JournalDamagedException("journal=" + context.directory() + " lacks frame=" + frameNumber +
            " of incarnation=" + incarnation.number() + ", but incarnation=" + next.number() + " goes on at frame=" +
            next.firstFrame() + (damage == null ? "" : ": " + damage) + ": restore " + incarnation.path() +
            " from a copy");
    }

    private JournalDamagedException lost(final JournalPosition position)
    {
        final String reason = damage();
        close();
        return new JournalDamagedException("journal=" + context.directory() + " no longer holds " + position +
            (reason == null ? "" : ": " + reason) + ": restore it from a copy, or start from an older checkpoint");
    }
}
