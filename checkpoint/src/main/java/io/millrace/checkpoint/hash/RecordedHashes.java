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
package io.millrace.checkpoint.hash;

import io.millrace.checkpoint.files.LocalFiles;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the hashes that a job has recorded, while it runs or later. Nothing is written. */
public final class RecordedHashes
{
    private RecordedHashes()
    {
    }

    /**
     * Reads all blocks in the order of the input. What a life of the job did behind the checkpoint that the next one
     * began from is left out; a file is read up to its first block that is not whole.
     *
     * @param directory of the hashes
     * @return empty when there are none
     * @throws StorageFailedException when the directory cannot be read
     */
    public static List<HashBlock> read(final Path directory)
    {
        final List<HashBlock> blocks = new ArrayList<>();
        if (Files.isDirectory(directory))
        {
            try
            {
                final StorageFiles files = new LocalFiles(directory);
                for (final HashFile file : HashFile.list(files))
                {
                    read(files, file, blocks);
                }
            }
            catch (final IOException exception)
            {
                throw new StorageFailedException("cannot read hashes=" + directory, exception);
            }
        }
        return blocks;
    }

    private static void read(final StorageFiles files, final HashFile file, final List<HashBlock> blocks) throws IOException
    {
        try (StorageFiles.ReadableFile opened = files.open(file.name()))
        {
            final long size = opened.size();
            long position = 0;
            while (size - position >= HashBlockDescriptor.HEADER_LENGTH)
            {
                final ByteBuffer header = ByteBuffer.allocate(HashBlockDescriptor.HEADER_LENGTH);
                opened.read(position, header);
                final ByteBuffer bytes = ByteBuffer.allocate(HashBlockDescriptor.length(header, size - position));
                opened.read(position, bytes);
                final HashBlock block = bytes.capacity() == 0 ? null : HashBlockDescriptor.decode(bytes.array());
                if (block == null)
                {
                    return;
                }
                blocks.removeIf(earlier -> earlier.life() != block.life() && earlier.checkpoint() > block.restored());
                blocks.add(block);
                position += bytes.capacity();
            }
        }
    }
}
