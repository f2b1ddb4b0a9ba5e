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
package io.millrace.checkpoint.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to write in a directory: one owner at a time, in this process or any other. The file {@code lock} in it
 * says who, and whether the owner before stopped cleanly. The lock goes with the process, however that ends.
 * <pre>
 *   acquire -> "state=open pid=1 started=..." synced -> ... -> markClean() -> close()   next owner: wasClean() == true
 *                                                    -> ... -> killed, or close()       next owner: wasClean() == false
 * </pre>
 * Any thread may call it.
 */
public final class DirectoryLock implements AutoCloseable
{
    /** Name of the lock file. */
    public static final String FILE_NAME = "lock";

    private static final int MAX_LENGTH = 512;
    private static final String CLEAN = "state=clean";

    // Closing any channel of a file drops the locks of the whole process on it, so a second attempt must not even open
    // the file.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;
    private final boolean wasClean;
    private boolean closed;

    private DirectoryLock(final Path directory, final FileChannel channel, final boolean wasClean)
    {
        this.directory = directory;
        this.channel = channel;
        this.wasClean = wasClean;
    }

    /**
     * Takes the lock, and creates the directory (0700) when there is none.
     *
     * @param directory to own
     * @param purpose   of the directory, for messages: "journal", "checkpoint"
     * @return the lock, to be closed by the caller
     * @throws IllegalStateException when somebody else holds it; the message says who
     */
    public static DirectoryLock acquire(final Path directory, final String purpose)
    {
        Path real = null;
        boolean acquired = false;
        try
        {
            PrivateFiles.createDirectories(directory);
            real = directory.toRealPath();
            if (!HELD_HERE.add(real))
            {
                final Path held = real;
                real = null;
                throw inUse(held, purpose, "this process, pid=" + ProcessHandle.current().pid());
            }
            final DirectoryLock lock = lock(real, purpose);
            acquired = true;
            return lock;
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot lock " + purpose + " directory=" + directory +
                ": it must be a directory that this user can write", exception);
        }
        finally
        {
            if (!acquired && real != null)
            {
                HELD_HERE.remove(real);
            }
        }
    }

    /**
     * @return false when the owner before was killed or failed; true when it stopped cleanly or there was none
     */
    public boolean wasClean()
    {
        return wasClean;
    }

    /**
     * Says that everything was written and closed. To be called last before {@link #close()}.
     */
    public synchronized void markClean()
    {
        try
        {
            write(channel, CLEAN + " " + owner());
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot mark the clean stop in " + directory.resolve(FILE_NAME), exception);
        }
    }

    @Override
    public synchronized void close()
    {
        if (!closed)
        {
            closed = true;
            try
            {
                channel.close();
            }
            catch (final IOException exception)
            {
                throw new StorageFailedException("cannot close " + directory.resolve(FILE_NAME), exception);
            }
            finally
            {
                HELD_HERE.remove(directory);
            }
        }
    }

    private static DirectoryLock lock(final Path directory, final String purpose) throws IOException
    {
        final FileChannel channel = PrivateFiles.open(directory.resolve(FILE_NAME),
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = false;
        try
        {
            final FileLock lock = channel.tryLock();
            final String text = read(channel);
            if (lock == null)
            {
                throw inUse(directory, purpose, text);
            }
            write(channel, "state=open " + owner());
            if (text.isEmpty())
            {
                PrivateFiles.syncDirectory(directory);
            }
            locked = true;
            return new DirectoryLock(directory, channel, text.isEmpty() || text.startsWith(CLEAN));
        }
        finally
        {
            if (!locked)
            {
                channel.close();
            }
        }
    }

    private static IllegalStateException inUse(final Path directory, final String purpose, final String owner)
    {
        return new IllegalStateException(purpose + " directory=" + directory + " is in use by another writer: " +
            owner + ": stop it first, or give this one a directory of its own");
    }

    private static String owner()
    {
        final ProcessHandle process = ProcessHandle.current();
        return "pid=" + process.pid() + " started=" +
            process.info().startInstant().map(Instant::toString).orElse("unknown");
    }

    private static String read(final FileChannel channel) throws IOException
    {
        final ByteBuffer bytes = ByteBuffer.allocate(MAX_LENGTH);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).trim();
    }

    private static void write(final FileChannel channel, final String text) throws IOException
    {
        // One write of a fixed length: a reader sees the old line or the new one.
        final byte[] line = new byte[MAX_LENGTH];
        Arrays.fill(line, (byte)' ');
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, line, 0, Math.min(bytes.length, MAX_LENGTH - 1));
        line[MAX_LENGTH - 1] = '\n';
        channel.write(ByteBuffer.wrap(line), 0);
        channel.force(true);
    }

    @Override
    public String toString()
    {
        return "lock of " + directory + (Files.exists(directory) ? "" : " (gone)");
    }
}
