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
package io.millrace.checkpoint.store;

import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.memory.Region;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * Reads the payloads of a chain's files, one after the other, and checks every one.
 */
final class ChainReader implements Closeable
{
    private final SnapshotStoreContext context;
    private final StorageFiles files;
    private final List<DataFile> chain;
    private final Region region;
    private int nextFile;
    private boolean closed;
    private BlockFileReader reader;

    ChainReader(final SnapshotStoreContext context, final StorageFiles files, final List<DataFile> chain)
    {
        this.context = context;
        this.files = files;
        this.chain = chain;
        region = Region.allocate(context.account(), "chain reader", BlockDescriptor.HEADER_LENGTH +
            (long)context.maxChunkLength());
    }

    /** Goes to the next payload; false when all files were read and are what the manifest says. */
    boolean next() throws IOException, DamagedFileException
    {
        if (closed)
        {
            throw new IllegalStateException("the chain's reader is closed: restore or compact again");
        }
        while (reader == null || !reader.next())
        {
            closeReader();
            if (nextFile == chain.size())
            {
                return false;
            }
            reader = new BlockFileReader(context, files, chain.get(nextFile), region);
            nextFile++;
        }
        return true;
    }

    int task()
    {
        return reader.task();
    }

    long address()
    {
        return reader.address();
    }

    int length()
    {
        return reader.length();
    }

    /** Starts again. */
    void rewind() throws IOException
    {
        closeReader();
        nextFile = 0;
    }

    @Override
    public void close() throws IOException
    {
        closed = true;
        region.close();
        closeReader();
    }

    private void closeReader() throws IOException
    {
        if (reader != null)
        {
            final BlockFileReader closing = reader;
            reader = null;
            closing.close();
        }
    }
}
