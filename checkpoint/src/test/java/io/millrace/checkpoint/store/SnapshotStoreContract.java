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

import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What every store of snapshots does, wherever it keeps them. A subclass says where. */
public abstract class SnapshotStoreContract
{
    /** What the checkpoints of these tests say beside their chunks. */
    protected static final CheckpointMetadata METADATA = new CheckpointMetadata("p=2 é", false, new TreeMap<>());

    /** Counted after each test. */
    protected final MemoryAccount account = new MemoryAccount("test");

    /**
     * Opens the store of one test, again and again.
     *
     * @param context of the test's job
     * @return the store
     */
    protected abstract SnapshotStore open(SnapshotStoreContext context);

    /**
     * How many files are kept.
     *
     * @return manifests, bases and deltas
     */
    protected abstract int files();

    @AfterEach
    void shouldReturnAllMemory()
    {
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldRestoreWhatWasCompleted()
    {
        restoreWhatWasCompleted(SyncLevel.PROCESS);
    }

    /**
     * Makes checkpoints in four lives, and restores each time.
     *
     * @param level of the store
     */
    protected final void restoreWhatWasCompleted(final SyncLevel level)
    {
        final SplittableRandom random = new SplittableRandom(1);
        Map<Integer, Integer> expected = Map.of();
        for (int life = 0; life < 4; life++)
        {
            try (SnapshotStore store = open(context().syncLevel(level));
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
    }

    @Test
    void shouldKeepChunksOfAnyLengthAsTheyAre()
    {
        final int[] lengths = {0, 1, 7, 4096, BlockDescriptor.MAX_PAYLOAD_LENGTH - 1,
            BlockDescriptor.MAX_PAYLOAD_LENGTH, 3};
        try (SnapshotStore store = open(context());
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
        try (SnapshotStore store = open(context()); RestoredCheckpoint restored = store.restoreLatest())
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
        final SnapshotStore store = open(context());
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
        try (SnapshotStore again = open(context()))
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
        try (SnapshotStore store = open(context()); KeyedState state = new KeyedState(account,
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
            assertEquals(5, files(), "two manifests, a base, two deltas");
            expected = state.values();
        }
        try (SnapshotStore store = open(context()); KeyedState state = new KeyedState(account,
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
        try (SnapshotStore store = open(context()); KeyedState state = new KeyedState(account,
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
    void shouldRefuseAnotherJobsCheckpoints()
    {
        final SplittableRandom random = new SplittableRandom(1);
        try (SnapshotStore store = open(context()); KeyedState state = new KeyedState(account,
            4))
        {
            store.restoreLatest();
            checkpoint(store, state, random, 1);
        }
        try (SnapshotStore store = open(context().jobName("other")))
        {
            assertTrue(assertThrows(IllegalStateException.class,
                store::restoreLatest).getMessage().contains("job=job"));
        }
    }

    /**
     * Changes state, and makes a checkpoint of it.
     *
     * @param store  of the checkpoint
     * @param state  to change
     * @param random of the changes
     * @param id     of the checkpoint
     */
    static void checkpoint(
        final SnapshotStore store, final KeyedState state, final SplittableRandom random, final long id)
    {
        state.change(random, 20);
        final CheckpointWriter writer = store.begin(id, store.fullRequired());
        state.write(writer);
        writer.complete(METADATA);
    }

    private SnapshotStoreContext context()
    {
        return new SnapshotStoreContext().jobName("job").account(account).reserve(1);
    }
}
