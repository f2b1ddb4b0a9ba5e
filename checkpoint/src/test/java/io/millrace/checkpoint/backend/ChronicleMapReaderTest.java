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

import io.millrace.checkpoint.files.ForkedJvm;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChronicleMapReaderTest
{
    private static final long MEMORY = 1 << 20;

    @TempDir
    private Path directory;

    private final MemoryAccount account = new MemoryAccount("test");
    private final Region region = Region.allocate(account, "key", 64);
    private final long key = region.address();

    @AfterEach
    void shouldFreeItsMemory()
    {
        region.close();
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldShowAnotherProcessWhatTheStateHolds()
    {
        try (TestState state = new TestState(Kind.CHRONICLE_MAP.in(directory, MEMORY), "operator", account))
        {
            final KeyedTable numbers = state.backend.keyedTable("numbers", 8, 8);
            final WindowTables windows = state.backend.windowTables("windows", 8, 8);
            final Map<String, Long> inNumbers = new TreeMap<>();
            final Map<String, Long> inWindows = new TreeMap<>();
            for (long number = 0; number < 500; number++)
            {
                final long slice = number % 3 * 1000;
                put(numbers, number, number * number);
                put(windows.table(slice), number, -number);
                inNumbers.put("0/" + number, number * number);
                inWindows.put(slice + "/" + number, -number);
            }
            publish(state);
            // What is gone is gone at once.
            windows.drop(1000);
            inWindows.keySet().removeIf(row -> row.startsWith("1000/"));
            numbers.remove(hash(7), key);
            inNumbers.remove("0/7");
            assertEquals(inNumbers.toString(), readByAnother("numbers"));
            assertEquals(inWindows.toString(), readByAnother("windows"));
        }
    }

    private String readByAnother(final String state)
    {
        try (ForkedJvm other = new ForkedJvm(ReadStateMain.class, directory.toString(), state))
        {
            String line = other.readLine();
            while (line != null && !line.startsWith("{"))
            {
                line = other.readLine();
            }
            return line;
        }
    }

    @Test
    void shouldShowChangesWithinTheStatedNumberOfRecords()
    {
        try (TestState state = new TestState(Kind.CHRONICLE_MAP.in(directory, MEMORY), "operator", account))
        {
            final KeyedTable numbers = state.backend.keyedTable("numbers", 8, 8);
            for (long number = 0; number < 1000; number++)
            {
                put(numbers, number, 0);
            }
            publish(state);
            try (ChronicleMapReader reader = ChronicleMapReader.open(directory, "job", "operator", 0, "numbers"))
            {
                put(numbers, 500, 77);
                // Records of other keys, in batches of 128: 8 for each row, and what the last piece may take.
                for (int record = 0; record < 8 * 1000 + 2 * 8 * 64; record += 128)
                {
                    put(numbers, 3, record);
                    state.backend.sweep(128);
                }
                assertEquals(77, read(reader, 500));
            }
        }
    }

    @Test
    void shouldTellWhenTheJobIsNoLongerThere()
    {
        final ChronicleMapReader reader;
        try (TestState state = new TestState(Kind.CHRONICLE_MAP.in(directory, MEMORY), "operator", account))
        {
            final KeyedTable numbers = state.backend.keyedTable("numbers", 8, 8);
            put(numbers, 1, 10);
            publish(state);
            reader = ChronicleMapReader.open(directory, "job", "operator", 0, "numbers");
            assertTrue(reader.isCurrent());
            assertEquals(1, reader.size());
            assertEquals(10, read(reader, 1));
            assertFalse(reader.read(bytes(2), new byte[8]));
            assertThrows(IllegalArgumentException.class, () -> reader.read(bytes(1), new byte[16]));
        }
        assertFalse(reader.isCurrent());
        reader.close();
        final String message = assertThrows(IllegalStateException.class,
            () -> ChronicleMapReader.open(directory, "job", "operator", 0, "numbers")).getMessage();
        assertTrue(message.contains("start the job with ChronicleMapBackend.in("), message);
    }

    private static long read(final ChronicleMapReader reader, final long number)
    {
        final byte[] value = new byte[8];
        assertTrue(reader.read(bytes(number), value));
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static byte[] bytes(final long number)
    {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    }

    private static void publish(final TestState state)
    {
        while (state.backend.writeBack())
        {
            // The next piece.
        }
    }

    private void put(final KeyedTable table, final long number, final long value)
    {
        Memory.putLong(table.upsert(hash(number), key), value);
        table.written();
    }

    private long hash(final long number)
    {
        Memory.putLong(key, number);
        return KeyHash.hash(number);
    }
}
