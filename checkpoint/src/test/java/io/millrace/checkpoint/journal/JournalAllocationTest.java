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
package io.millrace.checkpoint.journal;

import com.sun.management.ThreadMXBean;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JournalAllocationTest
{
    private static final int FRAMES = 4_000;
    private static final int RECORDS = 64;
    private static final int BOUND = FRAMES * RECORDS / 16;

    @TempDir
    Path temporary;

    @Test
    void shouldAllocateNothingPerRecord()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final MemoryAccount account = new MemoryAccount("test");
        final JournalContext context = JournalFixture.context(temporary.resolve("journal"), account);
        try (JournalWriter writer = JournalWriter.open(context); JournalReader reader = JournalReader.open(context))
        {
            write(writer);
            assertEquals((long)FRAMES * RECORDS, read(reader));
            final long before = threads.getCurrentThreadAllocatedBytes();
            write(writer);
            final long written = threads.getCurrentThreadAllocatedBytes();
            assertEquals((long)FRAMES * RECORDS, read(reader));
            final long done = threads.getCurrentThreadAllocatedBytes();
            // What remains is a few objects for each block of 4 MiB that is mapped.
            assertTrue(written - before < BOUND, "bytes allocated by writing: " + (written - before));
            assertTrue(done - written < BOUND, "bytes allocated by reading: " + (done - written));
        }
        assertEquals(0, account.allocatedBytes());
    }

    private static void write(final JournalWriter writer)
    {
        for (int frame = 0; frame < FRAMES; frame++)
        {
            for (int i = 0; i < RECORDS; i++)
            {
                final long slot = writer.claim(Long.BYTES);
                SlotDescriptor.timestamp(slot, i);
                Memory.putLong(slot + SlotDescriptor.HEADER_LENGTH, i);
                writer.commit();
            }
            writer.flush();
        }
    }

    private static long read(final JournalReader reader)
    {
        long records = 0;
        while (reader.poll() == JournalReader.FRAME)
        {
            for (long slot = reader.nextRecord(); slot != 0; slot = reader.nextRecord())
            {
                records++;
            }
        }
        return records;
    }
}
