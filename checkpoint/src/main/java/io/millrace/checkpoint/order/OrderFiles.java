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
package io.millrace.checkpoint.order;

import io.millrace.checkpoint.files.LocalFiles;
import io.millrace.checkpoint.files.SpaceWait;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.checkpoint.files.StorageFullException;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.core.checkpoint.OrderJournal;
import io.millrace.core.checkpoint.OrderRecording;
import io.millrace.core.ordering.OrderLogHandler;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The order log in files of a directory. Each life begins a file of its own, which goes on behind the last good entry;
 * what lies there in the file before is cut off by its name. The directory's owner sees to it that there is one writer.
 * <p>
 * A frame for which there is no space is kept, grows until it is full, and is written again into a file of its own, which
 * cuts off what was torn. Any other failure is final.
 */
public final class OrderFiles implements OrderJournal
{
    /** A file as long as this is followed by another, so that old ones can go. */
    private static final long FILE_LENGTH = 16L << 20;
    /** Free space that a frame is tried again with: itself, and what a new file takes. */
    private static final long NEED = 2L * OrderFrameDescriptor.MAX_FRAME_LENGTH;
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final StorageFiles files;
    private final Object directory;
    private final SyncLevel syncLevel;
    private final boolean whole;
    private final long plan;
    private final long fileLength;
    private final List<OrderFile> listed;
    private final OrderFileReader reader;
    private final Region region;
    private final OrderFrameEncoder encoder;
    private final SpaceWait space;
    private StorageFiles.WritableFile file;
    private OrderFile current;
    private long written;
    private long nextBatch;
    private long flushed;
    private boolean unsynced;
    private boolean mayBeLost;
    private StorageFailedException failure;

    OrderFiles(
        final StorageFiles files,
        final Object directory,
        final SyncLevel syncLevel,
        final boolean whole,
        final long plan,
        final long fileLength,
        final MemoryAccount account) throws IOException
    {
        this.files = files;
        this.directory = directory;
        this.syncLevel = syncLevel;
        this.whole = whole;
        this.plan = plan;
        this.fileLength = fileLength;
        this.listed = new ArrayList<>(OrderFile.list(files));
        this.reader = new OrderFileReader(files, directory, plan, account);
        this.region = Region.allocate(account, "order log " + directory, OrderFrameDescriptor.MAX_FRAME_LENGTH);
        this.encoder = new OrderFrameEncoder(region.address());
        this.space = new SpaceWait("order log=" + directory, System::nanoTime);
        boolean opened = false;
        try
        {
            if (!listed.isEmpty())
            {
                final OrderFile last = listed.get(listed.size() - 1);
                nextBatch = reader.read(List.of(last), last.firstBatch(), OrderFiles::ignore);
                // Some of what was read may never have been synced; the file that follows is built on it.
                files.sync(last.name());
                files.syncDirectory();
            }
            opened = true;
        }
        finally
        {
            if (!opened)
            {
                reader.close();
                region.close();
            }
        }
        flushed = nextBatch;
    }

    /**
     * Opens the log of a job.
     *
     * @param directory   of the log alone, made when it is not there
     * @param syncLevel   what a flushed entry survives
     * @param whole       true to keep all entries, whatever {@link #trim} allows
     * @param fingerprint of the plan
     * @param account     that memory is counted in
     * @return the log, to be closed by the caller
     * @throws IllegalStateException  when the log is damaged or another plan's
     * @throws StorageFailedException when the directory cannot be made or read
     */
    public static OrderFiles open(
        final Path directory,
        final SyncLevel syncLevel,
        final boolean whole,
        final String fingerprint,
        final MemoryAccount account)
    {
        try
        {
            return open(new LocalFiles(directory), directory, syncLevel, whole, fingerprint, account);
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot open order log=" + directory, exception);
        }
    }

    /**
     * Opens the log of a job on storage of any kind.
     *
     * @param files       of the log alone
     * @param directory   what they are called in messages
     * @param syncLevel   what a flushed entry survives
     * @param whole       true to keep all entries, whatever {@link #trim} allows
     * @param fingerprint of the plan
     * @param account     that memory is counted in
     * @return the log, to be closed by the caller
     * @throws IllegalStateException  when the log is damaged or another plan's
     * @throws StorageFailedException when the files cannot be read
     */
    public static OrderFiles open(
        final StorageFiles files,
        final Path directory,
        final SyncLevel syncLevel,
        final boolean whole,
        final String fingerprint,
        final MemoryAccount account)
    {
        try
        {
            return new OrderFiles(files, directory, syncLevel, whole, hash(fingerprint), FILE_LENGTH, account);
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot open order log=" + directory, exception);
        }
    }

    /**
     * The log of a run, to be followed by another job with the same sources. It is read while that replays.
     *
     * @param directory of the log; its writer may be open
     * @return the recording
     */
    public static OrderRecording recording(final Path directory)
    {
        return recording(directory, 0);
    }

    /**
     * The same from a batch on, for a job that begins at a checkpoint.
     *
     * @param directory  of the log; its writer may be open
     * @param firstBatch behind the checkpoint
     * @return the recording
     */
    public static OrderRecording recording(final Path directory, final long firstBatch)
    {
        return new RecordedOrder(directory, firstBatch);
    }

    /**
     * Whether a log is there.
     *
     * @param directory that it would be in
     * @return true when it has a file
     */
    public static boolean exists(final Path directory)
    {
        try
        {
            return Files.isDirectory(directory) && !OrderFile.list(new LocalFiles(directory)).isEmpty();
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot list order log=" + directory, exception);
        }
    }

    @Override
    public long nextBatch()
    {
        return nextBatch;
    }

    /**
     * Lets the log begin behind a checkpoint when nothing of it is there.
     *
     * @return this
     */
    public OrderFiles mayBeLost()
    {
        mayBeLost = true;
        return this;
    }

    @Override
    public boolean beginAt(final long batch)
    {
        final boolean begins = mayBeLost && listed.isEmpty() && nextBatch == 0;
        if (begins)
        {
            nextBatch = batch;
            flushed = batch;
        }
        return begins;
    }

    @Override
    public void startAt(final long batch)
    {
        if (nextBatch != 0 || !listed.isEmpty())
        {
            throw new IllegalStateException("order log=" + directory + " has batches up to " + (nextBatch - 1) +
                ", and cannot begin at batch=" + batch + ": begin with an empty checkpoint directory");
        }
        nextBatch = batch;
        flushed = batch;
    }

    @Override
    public void replay(final long firstBatch, final OrderLogHandler handler)
    {
        checkKept();
        if (firstBatch < flushed)
        {
            reader.read(listed, firstBatch, handler);
        }
    }

    @Override
    public void onEntry(
        final long batch, final byte kind, final int source, final int count, final long value, final long clock)
    {
        if (batch != nextBatch)
        {
            throw new IllegalStateException("batch=" + batch + " appended to order log=" + directory + " where batch=" + nextBatch +
                " is next: append every batch, in order");
        }
        if (encoder.room() == 0)
        {
            write();
            checkKept();
        }
        encoder.add(batch, kind, source, count, value, clock);
        nextBatch++;
    }

    @Override
    public int room()
    {
        return encoder.room();
    }

    @Override
    public String waiting()
    {
        return space.reason();
    }

    /** What a caller needs written now, and cannot come back for. */
    private void checkKept()
    {
        if (space.isWaiting() && encoder.entries() > 0)
        {
            throw new StorageFullException(space.reason(), null);
        }
    }

    @Override
    public long flush()
    {
        if (encoder.entries() > 0 && space.isDue())
        {
            write();
        }
        if (unsynced && syncLevel == SyncLevel.DURABLE)
        {
            try
            {
                file.sync();
            }
            catch (final IOException exception)
            {
                throw failed(exception);
            }
        }
        unsynced = false;
        return flushed - 1;
    }

    private void write()
    {
        if (failure != null)
        {
            throw new StorageFailedException("order log=" + directory + " failed before: stop the job", failure);
        }
        try
        {
            if (space.isWaiting() && files.usableSpace() < NEED)
            {
                space.goesOn();
                return;
            }
            if (file != null && written >= fileLength)
            {
                end();
            }
            if (file == null && !begin() || !append())
            {
                return;
            }
        }
        catch (final IOException exception)
        {
            throw failed(exception);
        }
        flushed += encoder.entries();
        encoder.begin();
        unsynced = true;
        space.ends();
    }

    private void end() throws IOException
    {
        if (unsynced && syncLevel == SyncLevel.DURABLE)
        {
            file.sync();
        }
        unsynced = false;
        final StorageFiles.WritableFile ended = file;
        file = null;
        ended.close();
    }

    /** Begins a file; false when there is no space for it. */
    private boolean begin() throws IOException
    {
        final long number = Math.max(current == null ? 0 : current.number(),
            listed.isEmpty() ? 0 : listed.get(listed.size() - 1).number()) + 1;
        final OrderFile next = new OrderFile(number, flushed);
        try
        {
            file = files.create(next.name());
        }
        catch (final IOException exception)
        {
            waitForSpace(exception);
            return false;
        }
        current = next;
        listed.add(next);
        written = 0;
        if (syncLevel == SyncLevel.DURABLE)
        {
            files.syncDirectory();
        }
        return true;
    }

    /** Writes the frame; false when there is no space for it, and the file may end with a part of it. */
    private boolean append() throws IOException
    {
        final ByteBuffer frame = encoder.seal(current.number(), plan);
        final int length = frame.remaining();
        try
        {
            file.write(frame);
        }
        catch (final IOException exception)
        {
            waitForSpace(exception);
            abandon();
            return false;
        }
        written += length;
        return true;
    }

    /** Lets go of a file that may end with a part of a frame: the next one cuts that off. */
    private void abandon() throws IOException
    {
        if (written > 0)
        {
            end();
            return;
        }
        final StorageFiles.WritableFile empty = file;
        file = null;
        empty.discard();
        files.delete(current.name());
        listed.remove(current);
    }

    private void waitForSpace(final IOException exception) throws IOException
    {
        final long usable = files.usableSpace();
        if (!SpaceWait.isFull(exception, usable, NEED))
        {
            throw exception;
        }
        space.begins("writing batch=" + flushed + " of order log=" + directory + " waits for space: entries=" +
            encoder.entries() + " bytes=" + encoder.length() + " need usable=" + NEED + " bytes, usable=" +
            usable + " (" + exception.getMessage() + "): output and checkpoints wait, and sources when " +
            "their order fills its buffer; free space on its file system, and the job goes on");
    }

    private StorageFailedException failed(final IOException exception)
    {
        failure = new StorageFailedException("writing batch=" + flushed + " of order log=" + directory +
            " failed, whether it is stored is unknown: see that the disk works, then start the job again; it goes on " +
            "behind the last good entry", exception);
        return failure;
    }

    @Override
    public void trim(final long batch)
    {
        try
        {
            while (!whole && listed.size() > 1 && listed.get(1).firstBatch() <= batch)
            {
                files.delete(listed.get(0).name());
                listed.remove(0);
            }
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot delete file=" + listed.get(0).name() + " of order log=" + directory, exception);
        }
    }

    @Override
    public void close()
    {
        try
        {
            if (file != null)
            {
                file.close();
            }
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot close order log=" + directory, exception);
        }
        finally
        {
            reader.close();
            region.close();
        }
    }

    private static void ignore(
        final long batch, final byte kind, final int source, final int count, final long value, final long clock)
    {
        // Only the end is looked for.
    }

    /** FNV-1a of the text; never {@link OrderFileReader#ANY_PLAN} but by a chance of 1 to 2^64. */
    private static long hash(final String text)
    {
        long hash = FNV_BASIS;
        for (int i = 0; i < text.length(); i++)
        {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }
}
