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
package io.millrace.laboratory;

import io.millrace.checkpoint.files.LocalFiles;
import io.millrace.checkpoint.files.StorageFiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of a job whose operations are counted, noted, and fail where that is asked for. A sync that does not fail does
 * nothing: the power does not either.
 */
final class FaultyFiles
{
    /** How an operation fails. */
    enum Failure
    {
        /** No space for what is created or written; other operations do not fail. */
        NO_SPACE,
        /** Half of a write is done, then there is no space. */
        SHORT_WRITE,
        /** The disk fails. */
        INPUT_OUTPUT
    }

    private final List<String> trace = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final Failure error;
    private final int from;
    private final int to;
    private boolean full;
    private boolean lies;

    /**
     * Files that fail.
     *
     * @param error that they have
     * @param from  number of the first operation that fails, from 0
     * @param to    number of the last one
     */
    FaultyFiles(final Failure error, final int from, final int to)
    {
        this.error = error;
        this.from = from;
        this.to = to;
    }

    /** Files that do not fail. */
    static FaultyFiles none()
    {
        return new FaultyFiles(Failure.NO_SPACE, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** Fills the disk, or frees space: what is created or written fails meanwhile. */
    void full(final boolean now)
    {
        full = now;
    }

    StorageFiles in(final Path directory)
    {
        try
        {
            return new Directory(String.valueOf(directory.getFileName()), new LocalFiles(directory));
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException(exception);
        }
    }

    /** Has writes say that they are done, and do nothing. */
    void lies(final boolean now)
    {
        lies = now;
    }

    Failure error()
    {
        return error;
    }

    /** The operations so far: kind, directory, name. */
    List<String> trace()
    {
        return trace;
    }

    /** Those of them that have failed. */
    List<String> failed()
    {
        return failed;
    }

    private boolean fails(final String kind, final String directory, final String name)
    {
        final int number = trace.size();
        final String operation = kind + " " + directory + " " + name;
        trace.add(operation);
        final boolean space = kind.equals("create") || kind.equals("write");
        final boolean fails = full && space || number >= from && number <= to && switch (error)
        {
            case NO_SPACE -> space;
            case SHORT_WRITE -> kind.equals("write");
            case INPUT_OUTPUT -> true;
        };
        if (fails)
        {
            failed.add(operation);
        }
        return fails;
    }

    private void step(final String kind, final String directory, final String name) throws IOException
    {
        if (fails(kind, directory, name))
        {
            throw failure();
        }
    }

    private IOException failure()
    {
        return new IOException(error == Failure.INPUT_OUTPUT ? "Input/output error" : "No space left on device");
    }

    private final class Directory implements StorageFiles
    {
        private final String directory;
        private final StorageFiles files;

        Directory(final String directory, final StorageFiles files)
        {
            this.directory = directory;
            this.files = files;
        }

        @Override
        public WritableFile create(final String name) throws IOException
        {
            step("create", directory, name);
            return new Written(directory, name, files.create(name));
        }

        @Override
        public ReadableFile open(final String name) throws IOException
        {
            step("open", directory, name);
            final ReadableFile file = files.open(name);
            return new ReadableFile()
            {
                @Override
                public long size() throws IOException
                {
                    return file.size();
                }

                @Override
                public void read(final long position, final ByteBuffer bytes) throws IOException
                {
                    step("read", directory, name);
                    file.read(position, bytes);
                }

                @Override
                public void close() throws IOException
                {
                    file.close();
                }
            };
        }

        @Override
        public void sync(final String name) throws IOException
        {
            step("sync", directory, name);
        }

        @Override
        public void rename(final String from, final String to) throws IOException
        {
            step("rename", directory, to);
            files.rename(from, to);
        }

        @Override
        public void delete(final String name) throws IOException
        {
            step("delete", directory, name);
            files.delete(name);
        }

        @Override
        public void syncDirectory() throws IOException
        {
            step("syncDirectory", directory, "");
        }

        @Override
        public List<String> list() throws IOException
        {
            step("list", directory, "");
            return files.list();
        }

        @Override
        public long usableSpace() throws IOException
        {
            return files.usableSpace();
        }

        @Override
        public String toString()
        {
            return files.toString();
        }
    }

    private final class Written implements StorageFiles.WritableFile
    {
        private final String directory;
        private final String name;
        private final StorageFiles.WritableFile file;

        Written(final String directory, final String name, final StorageFiles.WritableFile file)
        {
            this.directory = directory;
            this.name = name;
            this.file = file;
        }

        @Override
        public void write(final ByteBuffer bytes) throws IOException
        {
            if (fails("write", directory, name))
            {
                if (error == Failure.SHORT_WRITE)
                {
                    bytes.limit(bytes.position() + bytes.remaining() / 2);
                    file.write(bytes);
                }
                throw failure();
            }
            if (lies)
            {
                bytes.position(bytes.limit());
                return;
            }
            file.write(bytes);
        }

        @Override
        public void sync() throws IOException
        {
            step("sync", directory, name);
        }

        @Override
        public void close() throws IOException
        {
            file.close();
        }
    }
}
