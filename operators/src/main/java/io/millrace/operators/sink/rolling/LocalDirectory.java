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
package io.millrace.operators.sink.rolling;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * A directory of the local file system. New directories have mode 0700 and new files 0600, from the moment that they are
 * created; links are not followed.
 */
final class LocalDirectory implements OutputDirectory
{
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int PIECE = 64 * 1024;
    private static final int MAX_OWNER_LENGTH = 4096;

    private final Path path;
    private final boolean posix;
    private FileChannel lock;
    private boolean wasThere;

    LocalDirectory(final Path path)
    {
        this.path = path;
        this.posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    @Override
    public String lock(final String name, final String owner) throws IOException
    {
        createDirectories();
        lock = channel(name, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try
        {
            if (lock.tryLock() == null)
            {
                return null;
            }
        }
        catch (final OverlappingFileLockException exception)
        {
            return null;
        }
        final ByteBuffer text = ByteBuffer.allocate(MAX_OWNER_LENGTH);
        lock.read(text, 0);
        wasThere = text.position() > 0;
        if (wasThere)
        {
            return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
        }
        lock.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
        lock.force(true);
        syncDirectory();
        return owner;
    }

    private void createDirectories() throws IOException
    {
        if (Files.isDirectory(path))
        {
            return;
        }
        Path existing = path.toAbsolutePath().getParent();
        while (existing != null && !Files.isDirectory(existing))
        {
            existing = existing.getParent();
        }
        if (posix)
        {
            Files.createDirectories(path, DIRECTORY);
        }
        else
        {
            Files.createDirectories(path);
        }
        for (Path each = path.toAbsolutePath(); existing != null && !each.equals(existing);)
        {
            each = each.getParent();
            sync(each);
        }
    }

    @Override
    public boolean wasThere()
    {
        return wasThere;
    }

    @Override
    public OutputFile open(final String name) throws IOException
    {
        final FileChannel channel = channel(name, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.position(channel.size());
        return new Opened(channel);
    }

    private FileChannel channel(final String name, final StandardOpenOption... options) throws IOException
    {
        final Set<OpenOption> all = new HashSet<>(Set.<OpenOption>of(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        return posix ? FileChannel.open(path.resolve(name), all, FILE) : FileChannel.open(path.resolve(name), all);
    }

    @Override
    public long size(final String name) throws IOException
    {
        try
        {
            final BasicFileAttributes attributes =
                Files.readAttributes(path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile())
            {
                throw new IOException(path.resolve(name) + " is no regular file");
            }
            return attributes.size();
        }
        catch (final NoSuchFileException exception)
        {
            return -1;
        }
    }

    @Override
    public void checksum(final String name, final long length, final CRC32C checksum) throws IOException
    {
        try (FileChannel channel = channel(name, StandardOpenOption.READ))
        {
            final ByteBuffer piece = ByteBuffer.allocate(PIECE);
            long rest = length;
            while (rest > 0)
            {
                rest -= readPiece(channel, piece, rest, name);
                checksum.update(piece);
            }
        }
    }

    @Override
    public void copy(final String from, final String to, final long length) throws IOException
    {
        try (FileChannel source = channel(from, StandardOpenOption.READ);
            FileChannel target = channel(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
        {
            final ByteBuffer piece = ByteBuffer.allocate(PIECE);
            long rest = length;
            while (rest > 0)
            {
                rest -= readPiece(source, piece, rest, from);
                while (piece.hasRemaining())
                {
                    target.write(piece);
                }
            }
        }
    }

    private static int readPiece(final FileChannel channel, final ByteBuffer piece, final long rest, final String name)
        throws IOException
    {
        piece.clear().limit((int)Math.min(PIECE, rest));
        final int read = channel.read(piece);
        if (read < 0)
        {
            throw new EOFException(name + " ends " + rest + " bytes too early");
        }
        piece.flip();
        return read;
    }

    @Override
    public void rename(final String from, final String to) throws IOException
    {
        Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(final String name) throws IOException
    {
        Files.deleteIfExists(path.resolve(name));
    }

    @Override
    public void syncDirectory() throws IOException
    {
        sync(path);
    }

    private static void sync(final Path directory) throws IOException
    {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }

    @Override
    public List<String> list() throws IOException
    {
        final List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path))
        {
            for (final Path entry : entries)
            {
                names.add(String.valueOf(entry.getFileName()));
            }
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public long usableSpace()
    {
        return path.toFile().getUsableSpace();
    }

    @Override
    public void close() throws IOException
    {
        if (lock != null)
        {
            lock.close();
        }
    }

    @Override
    public String toString()
    {
        return path.toString();
    }

    private static final class Opened implements OutputFile
    {
        private final FileChannel channel;
        private byte[] wrapped;
        private ByteBuffer source;

        Opened(final FileChannel channel)
        {
            this.channel = channel;
        }

        @Override
        public void write(final byte[] bytes, final int count) throws IOException
        {
            if (wrapped != bytes)
            {
                wrapped = bytes;
                source = ByteBuffer.wrap(bytes);
            }
            source.clear().limit(count);
            while (source.hasRemaining())
            {
                channel.write(source);
            }
        }

        @Override
        public void truncate(final long length) throws IOException
        {
            channel.truncate(length);
            channel.position(length);
        }

        @Override
        public void force() throws IOException
        {
            channel.force(true);
        }

        @Override
        public void close() throws IOException
        {
            channel.close();
        }
    }
}
