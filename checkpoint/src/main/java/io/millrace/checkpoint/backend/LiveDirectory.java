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
package io.millrace.checkpoint.backend;

import io.millrace.checkpoint.files.DirectoryLock;
import io.millrace.checkpoint.files.PrivateFiles;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.core.state.StateContext;
import io.millrace.core.state.StateIds;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Where the live state of one operator instance lies while the job runs. It is a cache of the latest checkpoint and
 * what came after, so whatever an earlier run left there is deleted, never opened.
 * <pre>
 *   directory/                          what the user named; several jobs may share it
 *     seconds-0-1f3a9c07/               of an operator instance: its uid, its index, a hash with the job's name
 *       lock                            one owner
 *       live/                           0700, deleted at the start and at the end
 * </pre>
 */
final class LiveDirectory implements AutoCloseable
{
    /** What the state lies in, within the directory of an operator instance. */
    static final String LIVE = "live";

    private static final int MAX_NAME_LENGTH = 80;

    private final Path live;
    private final DirectoryLock lock;

    private LiveDirectory(final Path live, final DirectoryLock lock)
    {
        this.live = live;
        this.lock = lock;
    }

    /**
     * Locks the directory of an operator instance and empties it.
     *
     * @throws IllegalStateException when somebody else has it
     */
    static LiveDirectory open(final Path directory, final StateContext context)
    {
        final Path own = directory.resolve(name(context.job(), context.operator(), context.subtask()));
        final DirectoryLock lock = DirectoryLock.acquire(own, "live state");
        final Path live = own.resolve(LIVE);
        try
        {
            delete(live);
            PrivateFiles.createDirectories(live);
            return new LiveDirectory(live, lock);
        }
        catch (final IOException exception)
        {
            lock.close();
            throw new StorageFailedException("cannot empty the directory of the live state " + live +
                ": this user must be able to write and delete in it", exception);
        }
        catch (final RuntimeException | Error failure)
        {
            lock.close();
            throw failure;
        }
    }

    /** Name of a directory that no other instance has, however uids are spelled. */
    static String name(final String job, final String operator, final int subtask)
    {
        final String readable = operator.replaceAll("[^A-Za-z0-9_-]", "_");
        return readable.substring(0, Math.min(readable.length(), MAX_NAME_LENGTH)) + "-" + subtask + "-" +
            String.format("%08x", StateIds.of(job, operator, subtask));
    }

    /** An empty directory, 0700. */
    Path path()
    {
        return live;
    }

    private static void delete(final Path directory) throws IOException
    {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS))
        {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>()
        {
            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException
            {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path visited, final IOException failure) throws IOException
            {
                if (failure != null)
                {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close()
    {
        try (lock)
        {
            delete(live);
            lock.markClean();
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot delete the live state in " + live +
                ": it is not needed any more, delete it by hand", exception);
        }
    }
}
