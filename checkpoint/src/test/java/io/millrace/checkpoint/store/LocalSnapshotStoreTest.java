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

import io.millrace.checkpoint.files.ForkedJvm;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LocalSnapshotStoreTest
{
    private static final CheckpointMetadata METADATA = new CheckpointMetadata("p=2 é", false, new TreeMap<>());

    @TempDir
    Path temporary;

    private final MemoryAccount account = new MemoryAccount("test");

    @AfterEach
    void shouldReturnAllMemory()
    {
        assertEquals(0, account.allocatedBytes());
    }

    /** Opens the store, says so, and waits to be killed. */
    public static void main(final String[] arguments) throws IOException
    {
        final LocalSnapshotStore store = LocalSnapshotStore.open(new SnapshotStoreContext()
            .directory(Path.of(arguments[0])).jobName("job").account(new MemoryAccount("child")));
        System.out.println("open " + store.wasClean());
        System.out.println(System.in.read());
    }

    @ParameterizedTest
    @EnumSource
    void shouldRestoreWhatWasCompleted(final SyncLevel level) throws IOException
    {
        final SplittableRandom random = new SplittableRandom(1);
        Map<Integer, Integer> expected = Map.of();
        for (int life = 0; life < 4; life++)
        {
            try (LocalSnapshotStore store = LocalSnapshotStore.open(context().syncLevel(level));
                KeyedState state = new KeyedState(account, 4))
            {
                assertEquals(life == 0 || life % 2 == 1, store.wasClean());
                try (RestoredCheckpoint restored = store.restoreLatest())
                {
                    if (life > 0)
                    {
                        state.load(restored);
                        assertEquals(METADATA, restored.metadata());
                        assertEquals(List.of(), restored.damaged());
                    }
                }
                assertEquals(expected, state.values());
                for (int i = 0; i < 4; i++)
                {
                    state.change(random, 30);
                    final CheckpointWriter writer = store.begin(store.highestId() + 1, store.fullRequired());
                    state.write(writer);
                    writer.complete(METADATA);
                }
                expected = state.values();
                assertEquals(life * 4 + 4, store.latestId());
                if (life % 2 == 0)
                {
                    store.markClean();
                }
            }
        }
        try (Stream<Path> paths = Files.list(temporary.resolve("checkpoints")))
        {
            for (final Path path : paths.toList())
            {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
                    path.toString());
            }
        }
        assertEquals("rwx------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary.resolve("checkpoints"))));
    }

    @Test
    void shouldKeepChunksOfAnyLengthAsTheyAre()
    {
        final int[] lengths = {0, 1, 7, 4096, BlockDescriptor.MAX_PAYLOAD_LENGTH - 1,
            BlockDescriptor.MAX_PAYLOAD_LENGTH, 3};
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context());
            Region region = Region.allocate(account, "chunk", BlockDescriptor.MAX_PAYLOAD_LENGTH + 100L))
        {
            assertNull(store.restoreLatest());
            final CheckpointWriter writer = store.begin(5, true);
            for (int i = 0; i < lengths.length; i++)
            {
                Memory.fill(region.address(), lengths[i], (byte)(i + 1));
                writer.append(i, region.address(), lengths[i]);
            }
            assertThrows(IllegalArgumentException.class,
                () -> writer.append(1, region.address(), BlockDescriptor.MAX_PAYLOAD_LENGTH + 1));
            assertThrows(IllegalArgumentException.class, () -> writer.append(1, region.address(), -1));
            writer.complete(new CheckpointMetadata("", true, Map.of("a.b-c_D", new byte[]{-1, 0}, "b", new byte[0])));
            assertThrows(IllegalStateException.class, () -> writer.append(1, region.address(), 1));
            writer.abort();
        }
        try (LocalSnapshotStore store = LocalSnapshotStore.open(
            context()); RestoredCheckpoint restored = store.restoreLatest())
        {
            assertEquals(5, restored.id());
            assertEquals(lengths.length, restored.chunks());
            assertTrue(restored.metadata().finished());
            assertArrayEquals(new byte[]{-1, 0}, restored.metadata().entry("a.b-c_D"));
            assertArrayEquals(new byte[0], restored.metadata().entry("b"));
            assertNull(restored.metadata().entry("c"));
            for (int i = 0; i < lengths.length; i++)
            {
                assertTrue(restored.next());
                assertEquals(i, restored.task());
                assertEquals(lengths[i], restored.length());
                assertEquals(0, restored.address() & 7);
                for (int offset = 0; offset < lengths[i]; offset += 511)
                {
                    assertEquals((byte)(i + 1), Memory.getByte(restored.address() + offset));
                }
            }
            assertFalse(restored.next());
        }
    }

    @Test
    void shouldRefuseUseAfterClose()
    {
        final SplittableRandom random = new SplittableRandom(1);
        final LocalSnapshotStore store = LocalSnapshotStore.open(context());
        try (KeyedState state = new KeyedState(account, 4))
        {
            store.restoreLatest();
            checkpoint(store, state, random, 1);
            store.begin(2, false);
            store.beginCompaction();
        }
        store.close();
        store.close();
        assertThrows(IllegalStateException.class, () -> store.begin(3, true));
        assertThrows(IllegalStateException.class, store::beginCompaction);
        assertThrows(IllegalStateException.class, store::markClean);
        final RestoredCheckpoint restored;
        try (LocalSnapshotStore again = LocalSnapshotStore.open(context()))
        {
            restored = again.restoreLatest();
            assertTrue(restored.next());
            restored.close();
        }
        assertThrows(IllegalStateException.class, restored::next);
    }

    @Test
    void shouldMergeAChainWhileCheckpointsGoOn()
    {
        final SplittableRandom random = new SplittableRandom(1);
        final Map<Integer, Integer> expected;
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context()); KeyedState state = new KeyedState(account,
            4))
        {
            store.restoreLatest();
            assertThrows(IllegalStateException.class, store::beginCompaction);
            for (int id = 1; id <= 5; id++)
            {
                checkpoint(store, state, random, id);
            }
            assertEquals(5, store.chainLength());
            final Compaction compaction = store.beginCompaction();
            assertThrows(IllegalStateException.class, store::beginCompaction);
            assertThrows(IllegalStateException.class, compaction::finish);
            checkpoint(store, state, random, 6);
            checkpoint(store, state, random, 7);
            assertEquals(7, store.chainLength());
            state.compact(compaction);
            assertEquals(7, store.chainLength());
            checkpoint(store, state, random, 8);
            assertEquals(4, store.chainLength());
            store.beginCompaction().abort();
            checkpoint(store, state, random, 9);
            assertEquals(5, store.chainLength());
            final long bytes = store.chainBytes();
            state.compact(store.beginCompaction());
            checkpoint(store, state, random, 10);
            assertEquals(2, store.chainLength());
            assertTrue(store.chainBytes() < bytes);
            checkpoint(store, state, random, 11);
            assertEquals(5, fileCount(), "two manifests, a base, two deltas");
            expected = state.values();
        }
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context()); KeyedState state = new KeyedState(account,
            4);
            RestoredCheckpoint restored = store.restoreLatest())
        {
            state.load(restored);
            assertEquals(expected, state.values());
        }
    }

    @Test
    void shouldAskForAFullCheckpointAfterAnAbort()
    {
        final SplittableRandom random = new SplittableRandom(1);
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context()); KeyedState state = new KeyedState(account,
            4))
        {
            assertThrows(IllegalStateException.class, () -> store.begin(1, true));
            store.restoreLatest();
            assertThrows(IllegalStateException.class, store::restoreLatest);
            assertThrows(IllegalStateException.class, () -> store.begin(1, false));
            checkpoint(store, state, random, 1);
            final CheckpointWriter aborted = store.begin(2, false);
            assertThrows(IllegalStateException.class, () -> store.begin(3, true));
            state.write(aborted);
            aborted.abort();
            aborted.abort();
            assertTrue(store.fullRequired());
            assertThrows(IllegalStateException.class, () -> store.begin(3, false));
            assertThrows(IllegalArgumentException.class, () -> store.begin(2, true));
            checkpoint(store, state, random, 3);
            assertEquals(3, store.latestId());
            assertFalse(store.fullRequired());
        }
    }

    @Test
    void shouldDeclineWithoutAReserve()
    {
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context().reserve(Long.MAX_VALUE)))
        {
            store.restoreLatest();
            final CheckpointDeclinedException declined =
                assertThrows(CheckpointDeclinedException.class, () -> store.begin(1, true));
            assertTrue(declined.getMessage().contains("usable=") && declined.getMessage().contains("reserve="));
        }
    }

    @Test
    void shouldRefuseAnotherJobsDirectory()
    {
        final SplittableRandom random = new SplittableRandom(1);
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context()); KeyedState state = new KeyedState(account,
            4))
        {
            store.restoreLatest();
            checkpoint(store, state, random, 1);
        }
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context().jobName("other")))
        {
            assertTrue(assertThrows(IllegalStateException.class,
                store::restoreLatest).getMessage().contains("job=job"));
        }
    }

    @Test
    void shouldRefuseBadSettings()
    {
        assertThrows(IllegalArgumentException.class, () -> LocalSnapshotStore.open(context().jobName("../x")));
        assertThrows(IllegalArgumentException.class, () -> LocalSnapshotStore.open(context().retained(1)));
        assertThrows(IllegalArgumentException.class, () -> LocalSnapshotStore.open(context().directory(null)));
        assertThrows(IllegalArgumentException.class,
            () -> new CheckpointMetadata("", false, Map.of("a b", new byte[0])));
        assertThrows(IllegalArgumentException.class,
            () -> new CheckpointMetadata("", false, Map.of("a", new byte[CheckpointMetadata.MAX_ENTRY_BYTES + 1])));
    }

    @Test
    void shouldLockOutOthersAndNoticeAKill()
    {
        final Path directory = temporary.resolve("checkpoints");
        try (ForkedJvm child = new ForkedJvm(LocalSnapshotStoreTest.class, directory.toString()))
        {
            assertEquals("open true", child.readLine());
            final IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> LocalSnapshotStore.open(context()));
            assertTrue(refused.getMessage().contains("pid=" + child.pid()) &&
                refused.getMessage().contains("started=") &&
                refused.getMessage().contains("stop it first, or give this one a directory of its own"),
                refused.getMessage());
            child.kill();
        }
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context()))
        {
            assertFalse(store.wasClean());
            assertTrue(assertThrows(IllegalStateException.class, () -> LocalSnapshotStore.open(context()))
                .getMessage().contains("this process"));
            store.markClean();
        }
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context()))
        {
            assertTrue(store.wasClean());
        }
    }

    private static void checkpoint(
        final LocalSnapshotStore store, final KeyedState state, final SplittableRandom random, final long id)
    {
        state.change(random, 20);
        final CheckpointWriter writer = store.begin(id, store.fullRequired());
        state.write(writer);
        writer.complete(METADATA);
    }

    private int fileCount()
    {
        return temporary.resolve("checkpoints").toFile().list().length - 1;
    }

    private SnapshotStoreContext context()
    {
        return new SnapshotStoreContext().directory(temporary.resolve("checkpoints")).jobName("job").account(
            account).reserve(1);
    }
}
