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
package io.millrace.checkpoint.order;

import com.sun.management.ThreadMXBean;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFullException;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.checkpoint.store.ModelFiles;
import io.millrace.core.ordering.OrderLog;
import io.millrace.core.ordering.OrderLogHandler;
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OrderFilesTest
{
    private static final long PLAN = 7;
    private static final int SEEDS = 200;

    private final MemoryAccount account = new MemoryAccount("test");

    @TempDir
    private Path directory;

    @AfterEach
    void offHeapBytesReturnToTheStart()
    {
        assertEquals(0, account.allocatedBytes());
    }

    private record Entry(long batch, byte kind, int source, int count, long value, long clock)
    {
    }

    private static final class Entries implements OrderLogHandler
    {
        private final List<Entry> list = new ArrayList<>();

        @Override
        public void onEntry(
            final long batch, final byte kind, final int source, final int count, final long value, final long clock)
        {
            list.add(new Entry(batch, kind, source, count, value, clock));
        }
    }

    private OrderFiles open(final ModelFiles files, final SyncLevel level, final long fileLength) throws IOException
    {
        return new OrderFiles(files, "model", level, false, PLAN, fileLength, account);
    }

    private static void append(final OrderFiles log, final List<Entry> entries, final Entry entry)
    {
        log.onEntry(entry.batch, entry.kind, entry.source, entry.count, entry.value, entry.clock);
        entries.add(entry);
    }

    private static Entry entry(final SplittableRandom random, final long batch)
    {
        return switch (random.nextInt(8))
        {
            case 0 -> new Entry(batch, OrderLog.KIND_BARRIER, OrderLog.EVERY_SOURCE, 0, random.nextLong(), random.nextLong());
            case 1 -> new Entry(batch, OrderLog.KIND_RECORDS, Integer.MAX_VALUE - 1, Integer.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);
            default -> new Entry(batch, OrderLog.KIND_RECORDS, random.nextInt(2), 1 + random.nextInt(2), 0, 0);
        };
    }

    private static List<Entry> replayed(final OrderFiles log, final long firstBatch)
    {
        final Entries entries = new Entries();
        log.replay(firstBatch, entries);
        return entries.list;
    }

    @Test
    void shouldReplayWhatEarlierLivesFlushed() throws IOException
    {
        final ModelFiles files = new ModelFiles();
        final SplittableRandom random = new SplittableRandom(1);
        final List<Entry> entries = new ArrayList<>();
        for (int life = 0; life < 30; life++)
        {
            try (OrderFiles log = open(files, SyncLevel.PROCESS, 5_000))
            {
                assertEquals(entries.size(), log.nextBatch());
                for (int i = random.nextInt(5_000); i > 0; i--)
                {
                    append(log, entries, entry(random, entries.size()));
                    if (random.nextInt(100) == 0)
                    {
                        assertEquals(entries.size() - 1L, log.flush());
                    }
                }
                log.flush();
                final int first = random.nextInt(entries.size() + 1);
                assertEquals(entries.subList(first, entries.size()), replayed(log, first));
            }
            assertEquals(0, files.openFiles());
        }
    }

    @Test
    void shouldCutATornTailAndGoOnBeforeIt() throws IOException
    {
        final ModelFiles whole = new ModelFiles();
        final List<Entry> entries = new ArrayList<>();
        try (OrderFiles log = open(whole, SyncLevel.PROCESS, 1 << 20))
        {
            for (int i = 0; i < 10; i++)
            {
                append(log, entries, new Entry(i, OrderLog.KIND_RECORDS, i & 1, 3, 0, i));
                log.flush();
            }
        }
        final String name = whole.list().get(0);
        final byte[] content = whole.content(name);
        final int frame = content.length / 10;
        for (int length = 0; length <= content.length; length++)
        {
            final ModelFiles torn = new ModelFiles();
            torn.content(name, Arrays.copyOf(content, length));
            checkGoesOn(torn, entries, length / frame);
            final ModelFiles flipped = new ModelFiles();
            final byte[] damaged = content.clone();
            damaged[Math.min(length, content.length - 1)] ^= 4;
            flipped.content(name, damaged);
            checkGoesOn(flipped, entries, Math.min(length, content.length - 1) / frame);
        }
    }

    private void checkGoesOn(final ModelFiles files, final List<Entry> entries, final int good) throws IOException
    {
        final List<Entry> expected = new ArrayList<>(entries.subList(0, good));
        try (OrderFiles log = open(files, SyncLevel.PROCESS, 1 << 20))
        {
            assertEquals(good, log.nextBatch());
            append(log, expected, new Entry(good, OrderLog.KIND_RECORDS, 9, 9, 9, 9));
            log.flush();
        }
        try (OrderFiles log = open(files, SyncLevel.PROCESS, 1 << 20))
        {
            assertEquals(expected, replayed(log, 0));
        }
    }

    @Test
    void shouldRefuseALogThatIsDamagedInItsMiddle() throws IOException
    {
        final ModelFiles files = twoLives();
        final String first = files.list().stream().sorted().findFirst().orElseThrow();
        final byte[] content = files.content(first);
        content[44] ^= 1;
        files.content(first, content);
        try (OrderFiles log = open(files, SyncLevel.PROCESS, 1 << 20))
        {
            final Entries entries = new Entries();
            final IllegalStateException refused = assertThrows(IllegalStateException.class, () -> log.replay(0, entries));
            assertTrue(refused.getMessage().contains("lacks batch=0"), refused.getMessage());
        }
    }

    @Test
    void shouldRefuseTheLogOfAnotherPlan() throws IOException
    {
        final ModelFiles files = twoLives();
        final IllegalStateException refused = assertThrows(IllegalStateException.class,
            () -> new OrderFiles(files, "model", SyncLevel.PROCESS, false, PLAN + 1, 1 << 20, account));
        assertTrue(refused.getMessage().contains("another plan"), refused.getMessage());
    }

    private ModelFiles twoLives() throws IOException
    {
        final ModelFiles files = new ModelFiles();
        for (int life = 0; life < 2; life++)
        {
            try (OrderFiles log = open(files, SyncLevel.PROCESS, 1 << 20))
            {
                append(log, new ArrayList<>(), new Entry(life, OrderLog.KIND_RECORDS, 0, 1, 0, 0));
                log.flush();
            }
        }
        assertEquals(2, files.list().size());
        return files;
    }

    @Test
    void shouldKeepWhatItSaidWasDurableWhenThePowerFails() throws IOException
    {
        int lost = 0;
        for (int seed = 0; seed < SEEDS; seed++)
        {
            assertEquals("", powerLoss(seed, false), "seed=" + seed);
            lost += powerLoss(seed, true).isEmpty() ? 0 : 1;
        }
        assertTrue(lost > SEEDS / 10, "a log without syncs was caught only " + lost + " times of " + SEEDS);
    }

    /** Lives that end with a loss of power at any operation; says what was lost, empty for nothing. */
    private String powerLoss(final int seed, final boolean withoutSync) throws IOException
    {
        final SplittableRandom random = new SplittableRandom(seed);
        ModelFiles files = new ModelFiles();
        List<Entry> entries = new ArrayList<>();
        long durable = -1;
        for (int life = 0; life < 5; life++)
        {
            files.crashAt(random.nextInt(40));
            if (withoutSync)
            {
                files.ignoreSync();
            }
            OrderFiles log = null;
            try
            {
                log = open(files, SyncLevel.DURABLE, 600);
                for (int i = 0; i < 60; i++)
                {
                    append(log, entries, entry(random, entries.size()));
                    durable = random.nextInt(3) == 0 ? log.flush() : durable;
                }
            }
            catch (final ModelFiles.PowerLoss powerLoss)
            {
                assertTrue(life >= 0);
            }
            close(log);
            files = files.afterPowerLoss(random);
            final List<Entry> found;
            try (OrderFiles after = open(files, SyncLevel.DURABLE, 600))
            {
                found = replayed(after, 0);
            }
            catch (final IllegalStateException damaged)
            {
                return damaged.getMessage();
            }
            if (found.size() <= durable || !found.equals(entries.subList(0, Math.min(entries.size(), found.size()))))
            {
                return "durable=" + durable + " found=" + found.size() + " of " + entries.size();
            }
            entries = new ArrayList<>(found);
        }
        return "";
    }

    private static void close(final OrderFiles log)
    {
        if (log != null)
        {
            log.close();
        }
    }

    @Test
    void shouldKeepWhatItCannotWriteUntilThereIsSpace() throws IOException
    {
        final ModelFiles files = new ModelFiles();
        final List<Entry> entries = new ArrayList<>();
        try (OrderFiles log = open(files, SyncLevel.DURABLE, 1 << 20))
        {
            append(log, entries, new Entry(0, OrderLog.KIND_RECORDS, 0, 1, 0, 0));
            log.flush();
            assertEquals("", log.waiting());
            files.fault(OrderFilesTest::noSpace);
            final SplittableRandom random = new SplittableRandom(5);
            while (log.room() > 0)
            {
                append(log, entries, entry(random, entries.size()));
                assertEquals(0, log.flush());
            }
            assertTrue(log.waiting().contains("order log=model") && log.waiting().contains("need usable="), log.waiting());
            assertThrows(StorageFullException.class,
                () -> log.onEntry(entries.size(), OrderLog.KIND_RECORDS, 0, 1, 0, 0));
            assertThrows(StorageFullException.class, () -> log.replay(0, new Entries()));
            files.fault((operation, kind) -> null).usableSpace(1_000);
            assertEquals(0, log.flush());
            files.usableSpace(Long.MAX_VALUE);
            flushAll(log, entries.size());
            assertEquals("", log.waiting());
            append(log, entries, new Entry(entries.size(), OrderLog.KIND_RECORDS, 0, 1, 0, 0));
            assertEquals(entries.size() - 1, log.flush());
        }
        assertEquals(0, files.openFiles());
        try (OrderFiles log = open(files, SyncLevel.DURABLE, 1 << 20))
        {
            assertEquals(entries, replayed(log, 0));
        }
    }

    private static IOException noSpace(final int operation, final String kind)
    {
        return "write".equals(kind) || "create".equals(kind) ? new IOException("No space left on device") : null;
    }

    /** Flushes until nothing is left: attempts are pauses apart. */
    private static void flushAll(final OrderFiles log, final int entries)
    {
        while (log.flush() < entries - 1)
        {
            Thread.onSpinWait();
        }
    }

    /** Crashes with a full disk at any time: what was said to be durable is there, and nothing that was not appended. */
    @Test
    void shouldGoOnExactlyAfterACrashWhileTheDiskIsFull() throws IOException
    {
        for (int seed = 0; seed < SEEDS; seed++)
        {
            final SplittableRandom random = new SplittableRandom(seed);
            ModelFiles files = new ModelFiles();
            List<Entry> entries = new ArrayList<>();
            for (int life = 0; life < 5; life++)
            {
                final int from = random.nextInt(40);
                final int to = from + random.nextInt(20);
                files.fault((operation, kind) -> operation >= from && operation < to ? noSpace(operation, kind) : null);
                long durable = entries.size() - 1L;
                try (OrderFiles log = open(files, SyncLevel.DURABLE, 600))
                {
                    for (int i = random.nextInt(200); i > 0 && log.room() > 0; i--)
                    {
                        append(log, entries, entry(random, entries.size()));
                        durable = random.nextInt(3) == 0 ? log.flush() : durable;
                    }
                }
                files = files.afterPowerLoss(random);
                try (OrderFiles after = open(files, SyncLevel.DURABLE, 600))
                {
                    final List<Entry> found = replayed(after, 0);
                    assertTrue(found.size() > durable, "seed=" + seed + " durable=" + durable + " found=" + found.size());
                    assertEquals(entries.subList(0, found.size()), found, "seed=" + seed);
                    entries = new ArrayList<>(found);
                }
            }
        }
    }

    @Test
    void shouldFailOnceAndForAllWhenTheDiskFails() throws IOException
    {
        for (final String kind : List.of("write", "create", "sync"))
        {
            final ModelFiles files = new ModelFiles();
            try (OrderFiles log = open(files, SyncLevel.DURABLE, 1 << 20))
            {
                append(log, new ArrayList<>(), new Entry(0, OrderLog.KIND_RECORDS, 0, 1, 0, 0));
                // A sync without space has lost what it was to keep, too.
                files.fault((operation, what) -> !kind.equals(what) ? null :
                    new IOException("sync".equals(kind) ? "No space left on device" : "Input/output error"));
                assertThrows(StorageFailedException.class, log::flush);
                files.fault((operation, what) -> null);
                append(log, new ArrayList<>(), new Entry(1, OrderLog.KIND_RECORDS, 0, 1, 0, 0));
                assertThrows(StorageFailedException.class, log::flush);
            }
        }
    }

    @Test
    void shouldDropWhatNoCheckpointNeeds() throws IOException
    {
        final ModelFiles files = new ModelFiles();
        final List<Entry> entries = new ArrayList<>();
        try (OrderFiles log = open(files, SyncLevel.PROCESS, 200))
        {
            for (int i = 0; i < 100; i++)
            {
                append(log, entries, new Entry(i, OrderLog.KIND_RECORDS, i & 1, i + 1, 0, 0));
                log.flush();
            }
            final int before = files.list().size();
            log.trim(50);
            assertTrue(files.list().size() < before, "files=" + before);
            assertEquals(entries.subList(50, 100), replayed(log, 50));
            final IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> log.replay(0, new Entries()));
            assertTrue(refused.getMessage().contains("keep the whole order"), refused.getMessage());
        }
    }

    @Test
    void shouldNotAllocate()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        try (OrderFiles log = OrderFiles.open(directory.resolve("order"), SyncLevel.PROCESS, true, "plan", account))
        {
            long before = 0;
            for (int i = 0; i < 60_000; i++)
            {
                if (i == 30_000)
                {
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                log.onEntry(i, OrderLog.KIND_RECORDS, i & 1, 1 + i % 3, 0, 0);
                if (i % 4 == 0)
                {
                    log.flush();
                }
            }
            final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 8_192, () -> "allocated=" + allocated);
        }
    }

    @Test
    void shouldHandOutTheRecordingOfADirectory()
    {
        final List<Entry> entries = new ArrayList<>();
        try (OrderFiles log = OrderFiles.open(directory.resolve("order"), SyncLevel.DURABLE, true, "plan", account))
        {
            final SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < 10_000; i++)
            {
                append(log, entries, entry(random, i));
            }
            log.flush();
            log.trim(5_000);
        }
        final Entries recorded = new Entries();
        OrderFiles.recording(directory.resolve("order")).replay(recorded);
        assertEquals(entries, recorded.list);
        assertThrows(IllegalStateException.class, () -> OrderFiles.recording(directory.resolve("none")).replay(recorded));
    }

    @Test
    void shouldBeginBehindACheckpointOnlyWhereItMayBeLost()
    {
        try (OrderFiles log = OrderFiles.open(directory.resolve("order"), SyncLevel.PROCESS, false, "plan", account))
        {
            assertFalse(log.beginAt(7));
            assertTrue(log.mayBeLost().beginAt(7));
            assertFalse(log.beginAt(9));
            log.onEntry(7, OrderLog.KIND_RECORDS, 0, 3, 0, 0);
            assertEquals(7, log.flush());
        }
        try (OrderFiles log = OrderFiles.open(directory.resolve("order"), SyncLevel.PROCESS, false, "plan", account).mayBeLost())
        {
            assertEquals(8, log.nextBatch());
            assertFalse(log.beginAt(9));
            final List<Long> batches = new ArrayList<>();
            log.replay(7, (batch, kind, source, count, value, clock) -> batches.add(batch));
            assertEquals(List.of(7L), batches);
        }
    }
}
