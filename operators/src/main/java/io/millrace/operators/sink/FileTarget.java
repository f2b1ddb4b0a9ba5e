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
package io.millrace.operators.sink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;

/**
 * One file that grows at its end, from a length that is known to be good. Where there are checkpoints it gets its name
 * with the first complete one; before that, it is called so with {@value #UNNAMED} behind it, and may be begun anew.
 * Used by one thread, once. Not for applications.
 */
public final class FileTarget implements AutoCloseable
{
    /** Behind the name of a file that no checkpoint covers yet. */
    static final String UNNAMED = ".part";

    private final Path path;
    private final boolean overwriting;
    private Path current;
    private FileChannel channel;
    private byte[] wrapped;
    private ByteBuffer source;
    private long length;

    /**
     * A file that is not open yet.
     *
     * @param path        of the file
     * @param overwriting whether it may be there already
     */
    public FileTarget(final Path path, final boolean overwriting)
    {
        this.path = path;
        this.overwriting = overwriting;
    }

    /**
     * Looks whether a file can be there.
     *
     * @throws IllegalStateException when it cannot
     */
    public void check()
    {
        final Path parent = path.toAbsolutePath().getParent();
        if (Files.isDirectory(path))
        {
            throw new IllegalStateException("file=" + path + " of the sink is a directory: name a file in it");
        }
        if (parent == null || !Files.isDirectory(parent))
        {
            throw new IllegalStateException("file=" + path + " of the sink cannot be written, there is no directory=" +
                parent + ": create it first");
        }
    }

    /**
     * Begins an empty file.
     *
     * @param named false to give it its name later, with {@link #name(boolean)}
     * @throws IllegalStateException when that cannot be
     */
    public void begin(final boolean named)
    {
        if (!overwriting && Files.exists(path))
        {
            throw exists(null);
        }
        current = named ? path : unnamed();
        final boolean fresh = named && !overwriting;
        open(fresh ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
        cut(0);
    }

    /**
     * Goes on with a file, and cuts off what is beyond a length.
     *
     * @param goodLength of what is kept
     * @param named      whether it had its name then
     * @throws IllegalStateException when it is shorter, or not there
     */
    public void resume(final long goodLength, final boolean named)
    {
        current = !named && Files.exists(unnamed()) ? unnamed() : path;
        if (!Files.exists(current))
        {
            throw new IllegalStateException("file=" + current + " is gone, of which the checkpoint holds length=" +
                goodLength + ": put it back, or start afresh without the checkpoints");
        }
        open(StandardOpenOption.WRITE);
        final long size = size();
        if (size < goodLength)
        {
            throw new IllegalStateException("file=" + current + " has length=" + size +
                ", but the checkpoint holds length=" + goodLength + ": it was cut or replaced, or lost its end with " +
                "the power since the sink is not forced(); put it back, or start afresh without the checkpoints");
        }
        cut(goodLength);
    }

    private void open(final StandardOpenOption how)
    {
        try
        {
            channel = FileChannel.open(current, EnumSet.of(StandardOpenOption.WRITE, how));
            // Pipes and devices have no locks.
            if (Files.isRegularFile(current) && channel.tryLock() == null)
            {
                throw locked("another process", null);
            }
        }
        catch (final FileAlreadyExistsException exception)
        {
            throw exists(exception);
        }
        catch (final OverlappingFileLockException exception)
        {
            throw locked("another sink of this process", exception);
        }
        catch (final IOException exception)
        {
            throw new IllegalStateException("file=" + current + " of the sink cannot be opened: " + exception, exception);
        }
    }

    private IllegalStateException exists(final IOException cause)
    {
        return new IllegalStateException("file=" + path + " of the sink exists, and no checkpoint was restored that " +
            "says where to go on: move it away, or let the sink replace it with overwriting()", cause);
    }

    private IllegalStateException locked(final String by, final RuntimeException cause)
    {
        return new IllegalStateException("file=" + current + " is being written by " + by +
            ": give each sink a file of its own", cause);
    }

    private long size()
    {
        try
        {
            return channel.size();
        }
        catch (final IOException exception)
        {
            throw new IllegalStateException("file=" + current + " of the sink has no length: " + exception, exception);
        }
    }

    private void cut(final long goodLength)
    {
        try
        {
            if (Files.isRegularFile(current))
            {
                channel.truncate(goodLength);
                channel.position(goodLength);
            }
            length = goodLength;
        }
        catch (final IOException exception)
        {
            throw new IllegalStateException("file=" + current + " of the sink cannot be cut to length=" + goodLength +
                ": " + exception, exception);
        }
    }

    /**
     * Writes bytes behind the others. When that fails, the file is as long as before, where that is possible.
     *
     * @param bytes to write, from index 0
     * @param count of bytes
     * @throws IllegalStateException when they cannot be written
     */
    public void write(final byte[] bytes, final int count)
    {
        if (wrapped != bytes)
        {
            wrapped = bytes;
            source = ByteBuffer.wrap(bytes);
        }
        source.clear().limit(count);
        try
        {
            while (source.hasRemaining())
            {
                channel.write(source);
            }
        }
        catch (final IOException exception)
        {
            throw notWritten(count, exception);
        }
        length += count;
    }

    private IllegalStateException notWritten(final int count, final IOException cause)
    {
        final IllegalStateException failure = new NotWrittenException("file=" + current + " of the sink cannot take " +
            "bytes=" + count + " behind length=" + length + ": " + cause.getMessage() + "; usable=" + usable() +
            " bytes: make room and start the job again", cause);
        try
        {
            cut(length);
        }
        catch (final IllegalStateException exception)
        {
            failure.addSuppressed(exception);
        }
        return failure;
    }

    private String usable()
    {
        try
        {
            return Long.toString(Files.getFileStore(current).getUsableSpace());
        }
        catch (final IOException exception)
        {
            return "unknown (" + exception.getMessage() + ")";
        }
    }

    /**
     * Makes what is written survive a loss of power. Blocks.
     *
     * @throws IllegalStateException when that fails: what is lost then nobody knows
     */
    public void force()
    {
        try
        {
            channel.force(true);
        }
        catch (final IOException exception)
        {
            throw new IllegalStateException("file=" + current + " of the sink cannot be forced to storage at length=" +
                length + ": " + exception.getMessage() + "; look after the storage, then start the job again", exception);
        }
    }

    /**
     * Gives the file its name; does nothing when it has it.
     *
     * @param forced whether the name must survive a loss of power
     * @throws IllegalStateException when another file has taken the name
     */
    public void name(final boolean forced)
    {
        if (named())
        {
            return;
        }
        try
        {
            if (overwriting)
            {
                Files.move(current, path, StandardCopyOption.ATOMIC_MOVE);
            }
            else
            {
                Files.move(current, path);
            }
            current = path;
            if (forced)
            {
                try (FileChannel directory = FileChannel.open(path.toAbsolutePath().getParent()))
                {
                    directory.force(true);
                }
            }
        }
        catch (final FileAlreadyExistsException exception)
        {
            throw new IllegalStateException("file=" + path + " has appeared since the sink began file=" + current +
                ": move it away, and start the job again", exception);
        }
        catch (final IOException exception)
        {
            throw new IllegalStateException("file=" + current + " of the sink cannot be named file=" + path + ": " +
                exception, exception);
        }
    }

    /**
     * Whether the file has its name.
     *
     * @return false while it is called {@value #UNNAMED}
     */
    public boolean named()
    {
        return current == path;
    }

    /**
     * How long the file is.
     *
     * @return in bytes
     */
    public long length()
    {
        return length;
    }

    /**
     * Whether the file was opened and not closed.
     *
     * @return true when it can be written
     */
    public boolean isOpen()
    {
        return channel != null && channel.isOpen();
    }

    private Path unnamed()
    {
        return path.resolveSibling(path.getFileName() + UNNAMED);
    }

    @Override
    public void close()
    {
        if (channel == null)
        {
            return;
        }
        try
        {
            channel.close();
        }
        catch (final IOException exception)
        {
            throw new IllegalStateException("file=" + current + " of the sink cannot be closed: " + exception, exception);
        }
    }
}
