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
package io.millrace.memory.table;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static io.millrace.memory.table.DeltaDescriptor.BLOB;
import static io.millrace.memory.table.DeltaDescriptor.BLOB_LENGTH_OFFSET;
import static io.millrace.memory.table.DeltaDescriptor.CLEAR;
import static io.millrace.memory.table.DeltaDescriptor.COUNT_OFFSET;
import static io.millrace.memory.table.DeltaDescriptor.DROP;
import static io.millrace.memory.table.DeltaDescriptor.ENTRY_LENGTH_OFFSET;
import static io.millrace.memory.table.DeltaDescriptor.KIND_OFFSET;
import static io.millrace.memory.table.DeltaDescriptor.RUN_HEADER_LENGTH;
import static io.millrace.memory.table.DeltaDescriptor.TOMBSTONE;
import static io.millrace.memory.table.DeltaDescriptor.UPSERT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeltaTest
{
    private static final int CHUNK = DeltaChunks.MIN_CHUNK_LENGTH;

    private final MemoryAccount account = new MemoryAccount("test");
    private final DeltaChunks chunks = new DeltaChunks(account, "chunks", CHUNK, 2);
    private final DeltaWriter writer = new DeltaWriter(chunks);
    private final DeltaReader reader = new DeltaReader();
    private final Region entry = Region.allocate(account, "entry", 64);

    @AfterEach
    void shouldFreeEverything()
    {
        writer.abort();
        chunks.close();
        entry.close();
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldReadEveryKindInTheOrderOfWriting()
    {
        writer.begin(7);
        tombstone(1, 0, 11);
        tombstone(1, 0, 12);
        writer.clear(1, 5);
        writer.drop(1, 6);
        upsert(1, 0, 21, 4);
        upsert(1, 0, 22, 4);
        upsert(2, 0, 23, 2);
        upsert(1, 9, 24, 4);
        Memory.putLong(entry.address(), 0x0706050403020100L);
        writer.blob(3, 99, entry.address(), 7);
        writer.blob(3, 100, entry.address(), 0);
        writer.finish();

        final DeltaChunk chunk = chunks.poll();
        assertEquals(7, chunk.epoch());
        assertEquals(0, chunk.sequence());
        assertTrue(chunk.isLast());
        reader.wrap(chunk.address(), chunk.length());
        expectRun(1, TOMBSTONE, 0, 2, 8);
        expectEntries(11, 12);
        expectRun(1, CLEAR, 5, 0, 0);
        expectEntries();
        expectRun(1, DROP, 6, 0, 0);
        expectRun(1, UPSERT, 0, 2, 32);
        expectEntries(21, 22);
        expectRun(2, UPSERT, 0, 1, 16);
        expectRun(1, UPSERT, 9, 1, 32);
        expectEntries(24);
        expectRun(3, BLOB, 99, 1, 16);
        assertTrue(reader.nextEntry());
        assertEquals(7, reader.blobLength());
        assertEquals(6, Memory.getByte(reader.blobAddress() + 6));
        expectRun(3, BLOB, 100, 1, 8);
        assertTrue(reader.nextEntry());
        assertEquals(0, reader.blobLength());
        assertFalse(reader.nextRun());
        chunks.recycle(chunk);
        assertNull(chunks.poll());
    }

    @Test
    void shouldPublishOneLastChunkForAnEpochWithoutChanges()
    {
        for (long epoch = 1; epoch < 4; epoch++)
        {
            writer.begin(epoch);
            writer.finish();
            final DeltaChunk chunk = chunks.poll();
            assertEquals(epoch, chunk.epoch());
            assertTrue(chunk.isLast());
            assertEquals(0, chunk.length());
            assertFalse(reader.wrap(chunk.address(), chunk.length()).nextRun());
            chunks.recycle(chunk);
        }
    }

    @Test
    void shouldKeepFullChunksUntilTheirSnapshotBegins()
    {
        final int tombstones = CHUNK;
        writer.begin(1);
        writer.hold();
        for (long number = 0; number < tombstones; number++)
        {
            tombstone(1, 0, number);
        }
        assertNull(chunks.poll(), "the snapshot before would have it");
        writer.release();
        writer.finish();
        long next = 0;
        for (DeltaChunk chunk = chunks.poll(); chunk != null; chunk = chunks.poll())
        {
            reader.wrap(chunk.address(), chunk.length());
            while (reader.nextRun())
            {
                while (reader.nextEntry())
                {
                    assertEquals(next, Memory.getLong(reader.entryAddress()));
                    next++;
                }
            }
            chunks.recycle(chunk);
        }
        assertEquals(tombstones, next);
        writer.begin(2);
        writer.hold();
        for (long number = 0; number < tombstones; number++)
        {
            tombstone(1, 0, number);
        }
    }

    @Test
    void shouldNeedLessThan41BytesForAnEntryOf40()
    {
        final DeltaChunks large = new DeltaChunks(account, "large", DeltaChunks.DEFAULT_CHUNK_LENGTH, 1);
        final DeltaWriter longWriter = new DeltaWriter(large);
        longWriter.begin(1);
        final int count = 100_000;
        for (int i = 0; i < count; i++)
        {
            longWriter.upsert(1, 0, entry.address(), 40);
        }
        longWriter.finish();
        assertTrue(longWriter.bytes() < count * 41L, () -> "bytes=" + longWriter.bytes());
        large.close();
    }

    @Test
    void shouldGoOnInTheNextChunk()
    {
        writer.begin(1);
        for (int i = 0; i < 1000; i++)
        {
            upsert(1, 0, i, 3);
        }
        writer.finish();
        long expected = 0;
        int sequence = 0;
        DeltaChunk chunk = chunks.poll();
        while (chunk != null)
        {
            assertEquals(sequence++, chunk.sequence());
            reader.wrap(chunk.address(), chunk.length());
            while (reader.nextRun())
            {
                while (reader.nextEntry())
                {
                    assertEquals(expected++, Memory.getLong(reader.entryAddress()));
                }
            }
            assertEquals(expected == 1000, chunk.isLast());
            chunks.recycle(chunk);
            chunk = chunks.poll();
        }
        assertEquals(1000, expected);
    }

    @Test
    void shouldNeverMakeTheWriterWait()
    {
        writer.begin(1);
        final int count = 3000;
        for (int i = 0; i < count; i++)
        {
            writer.blob(1, i, entry.address(), 0);
            if (i % 100 == 0)
            {
                for (int j = 0; j < 100; j++)
                {
                    writer.upsert(1, 0, entry.address(), 4000);
                }
            }
        }
        writer.finish();
        final List<DeltaChunk> polled = new ArrayList<>();
        boolean last = false;
        while (!last)
        {
            chunks.flush();
            final DeltaChunk chunk = chunks.poll();
            assertNotNull(chunk, "what did not fit into the queue comes with the next flush");
            assertEquals(polled.size(), chunk.sequence());
            polled.add(chunk);
            last = chunk.isLast();
        }
        assertTrue(polled.size() > 1024);
        polled.forEach(chunks::recycle);
    }

    @Test
    void shouldRefuseWhatDoesNotFitIntoAChunk()
    {
        writer.begin(1);
        final int longest = writer.maxBlobLength();
        assertThrows(IllegalArgumentException.class, () -> writer.blob(1, 0, entry.address(), longest + 1));
        assertThrows(IllegalArgumentException.class, () -> writer.blob(1, 0, entry.address(), -1));
        assertThrows(IllegalArgumentException.class, () -> writer.upsert(1, 0, entry.address(), CHUNK));
        final Region bytes = Region.allocate(account, "blob", longest);
        writer.blob(1, 0, bytes.address(), longest);
        bytes.close();
        writer.finish();
        final DeltaChunk chunk = chunks.poll();
        assertTrue(reader.wrap(chunk.address(), chunk.length()).nextRun());
        assertTrue(reader.nextEntry());
        assertEquals(longest, reader.blobLength());
        chunks.recycle(chunk);
    }

    @Test
    void shouldRefuseToBeginBeforeTheLastDeltaIsFinished()
    {
        writer.begin(1);
        writer.clear(1, 1);
        assertThrows(IllegalStateException.class, () -> writer.begin(2));
    }

    @Test
    void shouldFailClearlyOnNonsense()
    {
        expectCorrupt(KIND_OFFSET, 0, "kind");
        expectCorrupt(KIND_OFFSET, 6, "kind");
        expectCorrupt(KIND_OFFSET, UPSERT | 1 << 8, "kind");
        expectCorrupt(KIND_OFFSET, CLEAR, "CLEAR");
        expectCorrupt(KIND_OFFSET, BLOB, "BLOB");
        expectCorrupt(COUNT_OFFSET, -1, "count=-1");
        expectCorrupt(COUNT_OFFSET, 0, "count=0");
        expectCorrupt(COUNT_OFFSET, 3, "remaining");
        expectCorrupt(COUNT_OFFSET, Integer.MAX_VALUE, "remaining");
        expectCorrupt(ENTRY_LENGTH_OFFSET, -8, "entryLength=-8");
        expectCorrupt(ENTRY_LENGTH_OFFSET, 12, "entryLength=12");
        expectCorrupt(ENTRY_LENGTH_OFFSET, 0, "entryLength=0");
        expectCorrupt(ENTRY_LENGTH_OFFSET, Integer.MAX_VALUE - 7, "remaining");
    }

    @Test
    void shouldFailClearlyOnACutHeaderOrBlob()
    {
        writer.begin(1);
        writer.blob(1, 0, entry.address(), 9);
        writer.finish();
        final DeltaChunk chunk = chunks.poll();
        assertThrows(CorruptDeltaException.class, () -> reader.wrap(chunk.address(), 23).nextRun());
        assertThrows(CorruptDeltaException.class, () -> reader.wrap(chunk.address(), chunk.length() - 8).nextRun());
        Memory.putInt(chunk.address() + RUN_HEADER_LENGTH + BLOB_LENGTH_OFFSET, 13);
        assertThrows(CorruptDeltaException.class, () -> reader.wrap(chunk.address(), chunk.length()).nextRun());
        Memory.putInt(chunk.address() + RUN_HEADER_LENGTH + BLOB_LENGTH_OFFSET, -1);
        assertThrows(CorruptDeltaException.class, () -> reader.wrap(chunk.address(), chunk.length()).nextRun());
        assertThrows(IllegalArgumentException.class, () -> reader.wrap(chunk.address(), -1));
        chunks.recycle(chunk);
    }

    @Test
    void shouldHandChunksOverBetweenThreads() throws InterruptedException
    {
        final int epochs = 50;
        final long[] sum = new long[1];
        final Thread io = new Thread(() ->
        {
            final DeltaReader ioReader = new DeltaReader();
            int finished = 0;
            while (finished < epochs)
            {
                chunks.prepare();
                final DeltaChunk chunk = chunks.poll();
                if (chunk == null)
                {
                    Thread.onSpinWait();
                    continue;
                }
                ioReader.wrap(chunk.address(), chunk.length());
                while (ioReader.nextRun())
                {
                    while (ioReader.nextEntry())
                    {
                        sum[0] += Memory.getLong(ioReader.entryAddress());
                    }
                }
                finished += chunk.isLast() ? 1 : 0;
                chunks.recycle(chunk);
            }
        });
        io.start();
        long expected = 0;
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            writer.begin(epoch);
            for (int i = 0; i < 2000; i++)
            {
                upsert(1, 0, i, 1);
                expected += i;
            }
            writer.finish();
        }
        while (io.isAlive())
        {
            chunks.flush();
            Thread.onSpinWait();
        }
        io.join();
        assertEquals(expected, sum[0]);
    }

    private void upsert(final int stateId, final long namespace, final long key, final int words)
    {
        Memory.putLong(entry.address(), key);
        writer.upsert(stateId, namespace, entry.address(), words * 8);
    }

    private void tombstone(final int stateId, final long namespace, final long key)
    {
        Memory.putLong(entry.address(), key);
        writer.tombstone(stateId, namespace, entry.address(), 8);
    }

    private void expectRun(
        final int stateId, final int kind, final long namespace, final int count, final int entryLength)
    {
        assertTrue(reader.nextRun());
        assertEquals(stateId, reader.stateId());
        assertEquals(kind, reader.kind());
        assertEquals(namespace, reader.namespace());
        assertEquals(count, reader.count());
        assertEquals(entryLength, reader.entryLength());
    }

    private void expectEntries(final long... keys)
    {
        for (final long key : keys)
        {
            assertTrue(reader.nextEntry());
            assertEquals(key, Memory.getLong(reader.entryAddress()));
        }
        assertFalse(reader.nextEntry());
    }

    private void expectCorrupt(final int offset, final int value, final String why)
    {
        writer.begin(1);
        upsert(1, 0, 5, 2);
        upsert(1, 0, 6, 2);
        writer.finish();
        final DeltaChunk chunk = chunks.poll();
        Memory.putInt(chunk.address() + offset, value);
        reader.wrap(chunk.address(), chunk.length());
        final CorruptDeltaException error = assertThrows(CorruptDeltaException.class, reader::nextRun);
        assertTrue(error.getMessage().contains(why), error.getMessage());
        chunks.recycle(chunk);
    }
}
