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

import io.millrace.checkpoint.files.AddressBuffer;
import io.millrace.checkpoint.files.DirectoryLock;
import io.millrace.checkpoint.files.PrivateFiles;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFullException;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.memory.KillPoint;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes a journal: records are gathered in a frame in anonymous memory, and a frame is written whole. The one writer
 * of a journal holds its directory lock; each opening is a new incarnation, which goes on behind the last good frame.
 * <pre>
 *   long slot = writer.claim(length);
 *   if (slot == 0)                                // the frame is full
 *   {
 *       writer.flush();
 *       slot = writer.claim(length);
 *   }
 *   SlotDescriptor.timestamp(slot, timestamp);    // length and cause are set; an output journal overwrites the cause,
 *   SlotDescriptor.ingressTime(slot, nanos);      // and puts the ordinal here
 *   ...                                           // payload from slot + SlotDescriptor.HEADER_LENGTH
 *   writer.commit();
 *   writer.flush();                               // from here on it survives what the sync level says
 * </pre>
 * Not thread-safe, but may move between threads. It does file I/O, so it belongs to the engine's log thread. Steady
 * writing allocates nothing.
 */
public final class JournalWriter implements AutoCloseable
{
    private final JournalContext context;
    private final DirectoryLock lock;
    private final int incarnation;
    private final String cut;
    private final AddressBuffer buffer = new AddressBuffer();
    private final Region region;
    private final FrameAppender appender;
    private final long frame;
    private final long limit;

    private long frameNumber;
    private long nextSlot;
    private long claimed;
    private long lastSlot;
    private int recordCount;
    private int lastRecordCount;
    private long lastCause;
    private long lastOrdinal;
    private long clock;
    private boolean ended;
    private boolean closed;
    private StorageFailedException failure;

    private JournalWriter(final JournalContext context, final DirectoryLock lock, final JournalTail tail)
        throws IOException
    {
        this.context = context;
        this.lock = lock;
        incarnation = tail.incarnation() + 1;
        cut = tail.damage();
        lastCause = tail.lastCause();
        lastOrdinal = tail.lastOrdinal();
        frameNumber = tail.nextFrame();
        region = Region.allocate(context.account(), "journal " + context.directory(), context.frameLength());
        frame = region.address();
        limit = frame + context.frameLength();
        nextSlot = frame + FrameDescriptor.HEADER_LENGTH;
        boolean opened = false;
        try
        {
            final Incarnation next = Incarnation.of(context.directory(), incarnation, frameNumber);
            KillPoint.hit("before begin incarnation");
            PrivateFiles.createDirectories(next.path());
            KillPoint.hit("middle of begin incarnation");
            if (context.syncLevel() == SyncLevel.DURABLE)
            {
                PrivateFiles.syncDirectory(context.directory());
            }
            appender = new FrameAppender(next.path(), context);
            KillPoint.hit("after begin incarnation");
            opened = true;
        }
        finally
        {
            if (!opened)
            {
                region.close();
            }
        }
    }

    /**
     * Opens a journal for writing, and creates it when there is none. Reads the last incarnation whole, to find its
     * last good frame.
     *
     * @param context with directory, schema and account
     * @return the writer, to be closed by the caller
     * @throws IllegalStateException   when another writer is open, the schema differs, or the journal was ended
     * @throws JournalDamagedException when frames are missing that are not the tail
     * @throws StorageFullException    when there is not enough free space to begin
     * @throws StorageFailedException  when the file system fails
     */
    public static JournalWriter open(final JournalContext context)
    {
        context.concludeWriter();
        final DirectoryLock lock = DirectoryLock.acquire(context.directory(), "journal");
        JournalWriter writer = null;
        boolean opened = false;
        try
        {
            final JournalTail tail = JournalTail.find(context, lock.wasClean());
            if (tail.ended())
            {
                throw new IllegalStateException("journal=" + context.directory() + " was ended at frame=" +
                    (tail.nextFrame() - 1) + ": nothing can follow it; read it, or write to another directory");
            }
            writer = new JournalWriter(context, lock, tail);
            writer.writeSchema();
            opened = true;
            return writer;
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot begin an incarnation of journal=" + context.directory(),
                exception);
        }
        finally
        {
            if (!opened)
            {
                if (writer != null)
                {
                    writer.release();
                }
                lock.close();
            }
        }
    }

    /**
     * Makes room for a record in the frame. The slot's kind is DATA and its length is set; its cause is the input
     * journal's {@code frame number << 16 | index}, for an output journal to overwrite; everything else is the caller's
     * to write. A claim that is not committed is forgotten by the next one.
     *
     * @param length of the payload in bytes
     * @return address of the slot (layout: {@link SlotDescriptor}), valid until the next flush; 0 when the frame is
     *         full: flush first
     * @throws IllegalArgumentException when the record does not fit an empty frame
     */
    public long claim(final int length)
    {
        checkOpen();
        final long slot = nextSlot;
        if (length < 0 || length > limit - slot - SlotDescriptor.HEADER_LENGTH - FrameDescriptor.ALIGNMENT ||
            recordCount == SlotDescriptor.MAX_BATCH_RECORDS)
        {
            checkLength(length);
            return 0;
        }
        SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, length);
        SlotDescriptor.cause(slot, frameNumber << SlotDescriptor.CAUSE_INDEX_BITS | recordCount);
        final int padded = FrameDescriptor.slotLength(length);
        if ((length & FrameDescriptor.ALIGNMENT - 1) != 0)
        {
            Memory.putLong(slot + padded - Long.BYTES, 0);
        }
        claimed = slot;
        return slot;
    }

    /**
     * Adds the record that was claimed last to the frame.
     */
    public void commit()
    {
        if (claimed == 0)
        {
            throw new IllegalStateException("nothing is claimed in frame=" + frameNumber + " of journal=" +
                context.directory() + ": call claim before each commit");
        }
        nextSlot = claimed + FrameDescriptor.slotLength(SlotDescriptor.length(claimed));
        recordCount++;
        lastSlot = claimed;
        claimed = 0;
    }

    /**
     * Writes the frame, unless it is empty, and begins the next one. When it returns, the frame survives what the sync
     * level says.
     *
     * @return number of the frame that was written, -1 when there was nothing to write
     * @throws StorageFullException   when free space falls short; nothing was written, and the same flush may be tried
     *                                again
     * @throws StorageFailedException when the file system failed; the writer is of no more use
     */
    public long flush()
    {
        checkOpen();
        if (recordCount == 0)
        {
            return -1;
        }
        final long cause = lastCause;
        final long ordinal = lastOrdinal;
        lastCause = SlotDescriptor.cause(lastSlot);
        lastOrdinal = SlotDescriptor.ingressTime(lastSlot);
        try
        {
            return write(FrameDescriptor.KIND_DATA);
        }
        catch (final StorageFullException exception)
        {
            lastCause = cause;
            lastOrdinal = ordinal;
            throw exception;
        }
    }

    /**
     * Writes what is gathered, and then that nothing will follow, ever: it bounds the input.
     *
     * @return number of the END frame
     */
    public long end()
    {
        flush();
        claimed = 0;
        final long number = write(FrameDescriptor.KIND_END);
        ended = true;
        return number;
    }

    /**
     * @return number of the frame that is being gathered: the ingress batch of its records' causes
     */
    public long frameNumber()
    {
        return frameNumber;
    }

    /**
     * @return number of records that are committed and not flushed
     */
    public int recordCount()
    {
        return recordCount;
    }

    /**
     * @return this life's number, from 1
     */
    public int incarnation()
    {
        return incarnation;
    }

    /**
     * @return cause of the last record in the last written frame, of this or an earlier incarnation; 0 when there is
     *         none
     */
    public long lastCause()
    {
        return lastCause;
    }

    /**
     * @return ordinal of the last record in the last written frame; 0 when there is none
     */
    public long lastOrdinal()
    {
        return lastOrdinal;
    }

    /**
     * @return the place behind the last written frame: a sink stores it in a checkpoint, and after a restart reads on
     *         from there what the journal already holds; allocates
     */
    public JournalPosition position()
    {
        checkOpen();
        return new JournalPosition(incarnation, appender.lastPlace(), frameNumber - 1, lastRecordCount);
    }

    /**
     * @param time the engine's clock for the records of the frame, stored with it; it stays until it is set again
     */
    public void clock(final long time)
    {
        this.clock = time;
    }

    /**
     * @return what was cut off the end when this writer was opened, or null when the end was whole
     */
    public String cut()
    {
        return cut;
    }

    /** Closes the journal. Records that were not flushed are dropped. */
    @Override
    public void close()
    {
        if (!closed)
        {
            try
            {
                release();
                if (failure == null)
                {
                    lock.markClean();
                }
            }
            finally
            {
                lock.close();
            }
        }
    }

    private void release()
    {
        closed = true;
        claimed = 0;
        region.close();
        appender.close();
    }

    private void writeSchema()
    {
        final byte[] text = context.schema().getBytes(StandardCharsets.UTF_8);
        checkLength(text.length);
        final long slot = claim(text.length);
        SlotDescriptor.timestamp(slot, 0);
        SlotDescriptor.ingressTime(slot, 0);
        Memory.copyIn(text, 0, slot + SlotDescriptor.HEADER_LENGTH, text.length);
        commit();
        write(FrameDescriptor.KIND_SCHEMA);
    }

    private long write(final byte kind)
    {
        final int length = (int)(nextSlot - frame);
        FrameDescriptor.header(frame, length, kind, incarnation, frameNumber, recordCount);
        FrameDescriptor.lastIdentity(frame, lastCause, lastOrdinal);
        FrameDescriptor.clock(frame, clock);
        FrameDescriptor.seal(frame, buffer);
        try
        {
            appender.append(frame, length);
            appender.sync();
        }
        catch (final StorageFullException exception)
        {
            throw exception;
        }
        catch (final IOException | RuntimeException | AssertionError | InternalError error)
        {
            failure = new StorageFailedException("writing frame=" + frameNumber + " of journal=" + context.directory() +
                " failed, whether it is stored is unknown: stop the job; a restart goes on after the last good frame",
                error);
            throw failure;
        }
        nextSlot = frame + FrameDescriptor.HEADER_LENGTH;
        lastRecordCount = kind == FrameDescriptor.KIND_DATA ? recordCount : 0;
        recordCount = 0;
        claimed = 0;
        return frameNumber++;
    }

    private void checkLength(final int length)
    {
        final int room = context.frameLength() - FrameDescriptor.HEADER_LENGTH - SlotDescriptor.HEADER_LENGTH -
            FrameDescriptor.ALIGNMENT;
        if (length < 0 || length > room)
        {
            throw new IllegalArgumentException("record length=" + length + " does not fit frameLength=" +
                context.frameLength() + " of journal=" + context.directory() + ", room=" + room +
                ": raise the frame's length");
        }
    }

    private void checkOpen()
    {
        if (failure != null)
        {
            throw new StorageFailedException("journal=" + context.directory() + " failed before: stop the job",
                failure);
        }
        if (closed || ended)
        {
            throw new IllegalStateException("journal=" + context.directory() + (closed ? " is closed" : " was ended") +
                ": nothing can be written to it");
        }
    }
}
