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

import io.millrace.checkpoint.files.AddressBuffer;
import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.memory.Region;

import java.io.Closeable;
import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * Reads the blocks of one data file, and believes nothing: every length is checked against the file's size before it is
 * used, every block against its place, and the whole against the manifest.
 */
final class BlockFileReader implements Closeable
{
    private final DataFile expected;
    private final int magic;
    private final long job;
    private final long number;
    private final int maxLength;
    private final long block;
    private final AddressBuffer buffer = new AddressBuffer();
    private final CRC32C fileChecksum = new CRC32C();
    private final StorageFiles.ReadableFile file;
    private long position;
    private long blocks;

    /**
     * @param region that holds a header and the longest payload
     */
    BlockFileReader(
        final SnapshotStoreContext context, final StorageFiles files, final DataFile expected, final Region region)
        throws IOException, DamagedFileException
    {
        this.expected = expected;
        final long base = FileNames.baseNumber(expected.name());
        magic = base >= 0 ? BlockDescriptor.MAGIC_BASE : BlockDescriptor.MAGIC_DELTA;
        number = base >= 0 ? base : FileNames.deltaNumber(expected.name());
        job = Manifest.jobHash(context.jobName());
        block = region.address();
        maxLength = (int)region.length() - BlockDescriptor.HEADER_LENGTH;
        file = files.open(expected.name());
        boolean fits = false;
        try
        {
            final long size = file.size();
            if (size != expected.size())
            {
                throw new DamagedFileException(expected.name() + " has size=" + size + ", expected size=" +
                    expected.size());
            }
            fits = true;
        }
        finally
        {
            if (!fits)
            {
                file.close();
            }
        }
    }

    /**
     * Reads the next block.
     *
     * @return false at the end of the file, which then is what the manifest says
     */
    boolean next() throws IOException, DamagedFileException
    {
        if (position == expected.size())
        {
            if (blocks != expected.blocks() || (int)fileChecksum.getValue() != expected.checksum())
            {
                throw damaged("blocks=" + blocks + " or the file's CRC32C is not what the manifest says, blocks=" +
                    expected.blocks());
            }
            return false;
        }
        final long available = expected.size() - position - BlockDescriptor.HEADER_LENGTH;
        if (available < 0)
        {
            throw damaged("no room for a header");
        }
        file.read(position, buffer.wrap(block, BlockDescriptor.HEADER_LENGTH));
        final int length = length();
        if (length < 0 || length > available || length > maxLength)
        {
            throw damaged("payload length=" + length + ", available=" + available + ", the most is " + maxLength);
        }
        file.read(position + BlockDescriptor.HEADER_LENGTH, buffer.wrap(address(), length));
        if (BlockDescriptor.checksum(block) != BlockDescriptor.computeChecksum(block, address(), buffer))
        {
            throw damaged("its CRC32C does not match");
        }
        if (BlockDescriptor.magic(block) != magic || BlockDescriptor.job(block) != job ||
            BlockDescriptor.number(block) != number || BlockDescriptor.blockNumber(block) != blocks)
        {
            throw damaged("it belongs to another place: number=" + BlockDescriptor.number(block) + " block=" +
                BlockDescriptor.blockNumber(block));
        }
        fileChecksum.update(buffer.wrap(block, BlockDescriptor.HEADER_LENGTH + length));
        position += BlockDescriptor.HEADER_LENGTH + length;
        blocks++;
        return true;
    }

    int task()
    {
        return BlockDescriptor.task(block);
    }

    long address()
    {
        return block + BlockDescriptor.HEADER_LENGTH;
    }

    int length()
    {
        return BlockDescriptor.length(block);
    }

    @Override
    public void close() throws IOException
    {
        file.close();
    }

    private DamagedFileException damaged(final String reason)
    {
        return new DamagedFileException(expected.name() + " block=" + blocks + " at " + position + ": " + reason);
    }
}
