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

import io.millrace.core.checkpoint.BarrierHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Hashes are read as they were written, up to what is damaged, and without what a restart took back. */
class HashFilesTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldReadWhatWasWritten()
    {
        final BarrierHash second = hash(1, 17, "sums", 1);
        final BarrierHash first = hash(1, 17, "sums", 0);
        try (HashFiles files = HashFiles.open(directory, 99, true))
        {
            files.add(second);
            files.add(first);
            files.settled(1, true);
            files.add(hash(2, 30, "sums", 0));
            files.settled(2, false);
        }
        final List<HashBlock> blocks = RecordedHashes.read(directory);
        assertEquals(List.of(1L, 2L), blocks.stream().map(HashBlock::checkpoint).toList());
        assertEquals(new HashBlock(1, 17, true, 1, 0, 99, List.of(first, second)), blocks.get(0));
        assertTrue(!blocks.get(1).completed() && blocks.get(1).cause() == 30);
        assertEquals(List.of(), RecordedHashes.read(directory.resolve("nowhere")));
    }

    @Test
    void shouldLeaveOutWhatARestartTookBack()
    {
        write(0, 1, 2, 3);
        write(2, 4, 5);
        assertEquals(List.of(1L, 2L, 4L, 5L), ids());
        write(2, 6);
        assertEquals(List.of(1L, 2L, 6L), ids());
    }

    @Test
    void shouldReadUpToWhatIsDamaged() throws IOException
    {
        write(0, 1, 2, 3);
        final Path file = file();
        final byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length < bytes.length; length += 7)
        {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertEquals(length * 3 / bytes.length, ids().size(), "length=" + length);
        }
        for (int i = 0; i < bytes.length; i++)
        {
            final byte[] flipped = bytes.clone();
            flipped[i] ^= 1;
            Files.write(file, flipped);
            assertEquals(i * 3 / bytes.length, ids().size(), "flipped=" + i);
        }
    }

    @Test
    void shouldDropWhatBelongsToNoCheckpointThatIsKept()
    {
        write(0, 1, 2);
        write(2, 3, 4);
        try (HashFiles files = HashFiles.open(directory, 0, false))
        {
            files.restored(4);
            files.add(hash(5, 50, "sums", 0));
            files.settled(5, true);
            files.trim(2);
            assertEquals(List.of(1L, 2L, 3L, 4L, 5L), ids());
            files.trim(4);
            assertEquals(List.of(3L, 4L, 5L), ids());
        }
    }

    private void write(final long restored, final long... checkpoints)
    {
        try (HashFiles files = HashFiles.open(directory, 0, true))
        {
            files.restored(restored);
            for (final long checkpoint : checkpoints)
            {
                files.add(hash(checkpoint, checkpoint * 10, "sums", 0));
                files.settled(checkpoint, true);
            }
        }
    }

    private List<Long> ids()
    {
        return RecordedHashes.read(directory).stream().map(HashBlock::checkpoint).toList();
    }

    private Path file() throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.findFirst().orElseThrow();
        }
    }

    private static BarrierHash hash(final long checkpoint, final long cause, final String operator, final int subtask)
    {
        return new BarrierHash(checkpoint, cause, operator, subtask, checkpoint + 7, subtask, 3, cause);
    }
}
