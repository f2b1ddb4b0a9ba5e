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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/**
 * Files and directories that only their owner can read, from the moment that they are created.
 */
public final class PrivateFiles
{
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private PrivateFiles()
    {
    }

    /**
     * Creates a directory and its parents with mode 0700 (of new ones only), and makes their names durable; an existing
     * one is left as it is.
     *
     * @param directory to create
     * @throws IOException when it cannot be created, or is something else than a directory
     */
    public static void createDirectories(final Path directory) throws IOException
    {
        if (!Files.isDirectory(directory))
        {
            Path existing = directory.toAbsolutePath().getParent();
            while (existing != null && !Files.isDirectory(existing))
            {
                existing = existing.getParent();
            }
            if (isPosix(directory))
            {
                Files.createDirectories(directory, DIRECTORY);
            }
            else
            {
                Files.createDirectories(directory);
            }
            for (Path path = directory.toAbsolutePath(); existing != null && !path.equals(existing);)
            {
                path = path.getParent();
                syncDirectory(path);
            }
        }
    }

    /**
     * Opens a file; a new one gets mode 0600. A symbolic link is refused.
     *
     * @param file    to open
     * @param options as for {@link FileChannel#open}
     * @return the open channel, to be closed by the caller
     * @throws IOException when it cannot be opened
     */
    public static FileChannel open(final Path file, final StandardOpenOption... options) throws IOException
    {
        final Set<OpenOption> all = new HashSet<>(Set.<OpenOption>of(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        return isPosix(file) ? FileChannel.open(file, all, FILE) : FileChannel.open(file, all);
    }

    /**
     * Makes the entries of a directory durable: what was created, renamed or deleted in it.
     *
     * @param directory to sync
     * @throws IOException when the sync fails
     */
    public static void syncDirectory(final Path directory) throws IOException
    {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }

    private static boolean isPosix(final Path path)
    {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
