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

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FilesTest
{
    @TempDir
    Path temporary;

    @Test
    void shouldComputeTheChecksumOfRawMemory()
    {
        final MemoryAccount account = new MemoryAccount("test");
        final AddressBuffer buffer = new AddressBuffer();
        try (Region region = Region.allocate(account, "bytes", 5000))
        {
            final byte[] known = "123456789".getBytes(StandardCharsets.US_ASCII);
            Memory.copyIn(known, 0, region.address(), known.length);
            assertEquals(0xE3069283, buffer.crc32c(region.address(), known.length));
            assertEquals(0xE3069283, buffer.crc32c(region.address(), 4, region.address() + 4, 5));
            assertEquals(0, buffer.crc32c(region.address(), 0));
            final byte[] bytes = new byte[5000];
            new SplittableRandom(1).nextBytes(bytes);
            Memory.copyIn(bytes, 0, region.address(), bytes.length);
            for (int offset = 0; offset < 40; offset++)
            {
                for (int length = 0; length < 4900; length += 97)
                {
                    final CRC32C expected = new CRC32C();
                    expected.update(bytes, offset, length);
                    assertEquals((int)expected.getValue(), buffer.crc32c(region.address() + offset, length));
                }
            }
            assertThrows(IllegalArgumentException.class, () -> buffer.wrap(region.address(), -1));
            assertEquals(bytes[7], buffer.wrap(region.address() + 7, 10).get(0));
            assertThrows(IndexOutOfBoundsException.class, () -> buffer.wrap(region.address(), 10).get(10));
        }
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldKeepFilesPrivate() throws IOException
    {
        final Path directory = temporary.resolve("a/b");
        final LocalFiles files = new LocalFiles(directory);
        try (StorageFiles.WritableFile file = files.create("x"))
        {
            file.write(ByteBuffer.wrap(new byte[]{1, 2, 3}));
            file.sync();
        }
        assertEquals("rwx------", permissions(directory));
        assertEquals("rwx------", permissions(directory.getParent()));
        assertEquals("rw-------", permissions(directory.resolve("x")));
        assertThrows(IOException.class, () -> files.create("x"));
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("x"));
        assertThrows(IOException.class, () -> files.open("link"));
        files.rename("x", "y");
        assertEquals(List.of("y"), files.list().stream().filter(name -> !name.equals("link")).toList());
        try (StorageFiles.ReadableFile file = files.open("y"))
        {
            assertEquals(3, file.size());
            assertThrows(EOFException.class, () -> file.read(2, ByteBuffer.allocate(2)));
            final ByteBuffer last = ByteBuffer.allocate(1);
            file.read(2, last);
            assertEquals(3, last.get(0));
        }
        files.delete("y");
        files.delete("y");
        files.syncDirectory();
        assertTrue(files.usableSpace() > 0);
    }

    @Test
    void shouldHaveOneOwnerAndRememberHowItStopped() throws IOException
    {
        final Path directory = temporary.resolve("locked");
        try (DirectoryLock first = DirectoryLock.acquire(directory, "test"))
        {
            assertTrue(first.wasClean());
            final Path other = temporary.resolve("link");
            Files.createSymbolicLink(other, directory);
            assertThrows(IllegalStateException.class, () -> DirectoryLock.acquire(directory, "test"));
            final IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> DirectoryLock.acquire(other, "test"));
            assertTrue(refused.getMessage().contains("test directory="), refused.getMessage());
            first.markClean();
        }
        try (DirectoryLock second = DirectoryLock.acquire(directory, "test"))
        {
            assertTrue(second.wasClean());
            assertTrue(Files.readString(directory.resolve(DirectoryLock.FILE_NAME))
                .startsWith("state=open pid=" + ProcessHandle.current().pid() + " started="));
        }
        try (DirectoryLock third = DirectoryLock.acquire(directory, "test"))
        {
            assertFalse(third.wasClean());
        }
        final Path file = temporary.resolve("file");
        PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
        assertThrows(StorageFailedException.class, () -> DirectoryLock.acquire(file, "test"));
    }

    private static String permissions(final Path path) throws IOException
    {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
