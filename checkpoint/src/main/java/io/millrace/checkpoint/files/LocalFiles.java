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

import io.millrace.memory.KillPoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of a directory of the local file system. The directory is created with mode 0700, files with 0600; links are
 * not followed. Around every step there is a {@link KillPoint}, named after the step and the kind of file.
 */
public final class LocalFiles implements StorageFiles
{
    private final Path directory;

    /**
     * @param directory to work in
     * @throws IOException when it cannot be created
     */
    public LocalFiles(final Path directory) throws IOException
    {
        PrivateFiles.createDirectories(directory);
        this.directory = directory;
    }

    @Override
    public WritableFile create(final String name) throws IOException
    {
        passing("before create ", name);
        final Channel channel = new Channel(name,
            PrivateFiles.open(directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        passing("after create ", name);
        return channel;
    }

    @Override
    public ReadableFile open(final String name) throws IOException
    {
        return new Channel(name, PrivateFiles.open(directory.resolve(name), StandardOpenOption.READ));
    }

    @Override
    public void sync(final String name) throws IOException
    {
        try (FileChannel channel = PrivateFiles.open(directory.resolve(name), StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }

    @Override
    public void rename(final String from, final String to) throws IOException
    {
        passing("before rename ", to);
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        passing("after rename ", to);
    }

    @Override
    public void delete(final String name) throws IOException
    {
        passing("before delete ", name);
        Files.deleteIfExists(directory.resolve(name));
        passing("after delete ", name);
    }

    @Override
    public void syncDirectory() throws IOException
    {
        final String name = String.valueOf(directory.getFileName());
        passing("before sync of directory ", name);
        PrivateFiles.syncDirectory(directory);
        passing("after sync of directory ", name);
    }

    @Override
    public List<String> list() throws IOException
    {
        final List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory))
        {
            for (final Path entry : entries)
            {
                if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS))
                {
                    names.add(String.valueOf(entry.getFileName()));
                }
            }
        }
        return names;
    }

    @Override
    public long usableSpace()
    {
        return directory.toFile().getUsableSpace();
    }

    @Override
    public String toString()
    {
        return directory.toString();
    }

    /** The kind of a file is what its name has before the first hyphen. */
    private static void passing(final String step, final String name)
    {
        if (KillPoint.ENABLED)
        {
            KillPoint.hit(step + name.split("-", 2)[0]);
        }
    }

    private static final class Channel implements WritableFile, ReadableFile
    {
        private final String name;
        private final FileChannel channel;

        Channel(final String name, final FileChannel channel)
        {
            this.name = name;
            this.channel = channel;
        }

        @Override
        public void write(final ByteBuffer bytes) throws IOException
        {
            passing("before write ", name);
            if (KillPoint.ENABLED)
            {
                writeFirstHalf(bytes);
                passing("middle of write ", name);
            }
            while (bytes.hasRemaining())
            {
                channel.write(bytes);
            }
            passing("after write ", name);
        }

        /** As a write that was torn leaves it. */
        private void writeFirstHalf(final ByteBuffer bytes) throws IOException
        {
            final int limit = bytes.limit();
            bytes.limit(bytes.position() + bytes.remaining() / 2);
            while (bytes.hasRemaining())
            {
                channel.write(bytes);
            }
            bytes.limit(limit);
        }

        @Override
        public void sync() throws IOException
        {
            passing("before sync ", name);
            channel.force(true);
            passing("after sync ", name);
        }

        @Override
        public long size() throws IOException
        {
            return channel.size();
        }

        @Override
        public void read(final long position, final ByteBuffer bytes) throws IOException
        {
            long next = position;
            while (bytes.hasRemaining())
            {
                final int read = channel.read(bytes, next);
                if (read < 0)
                {
                    throw new EOFException("the file ends at " + channel.size() + ", before the byte at " + next);
                }
                next += read;
            }
        }

        @Override
        public void close() throws IOException
        {
            channel.close();
        }
    }
}
