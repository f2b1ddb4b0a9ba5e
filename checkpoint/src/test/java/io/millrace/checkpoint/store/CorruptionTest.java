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

import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whatever happens to the bytes on the disk, the answer is the right state, the one before with a report, or an error:
 * never a wrong state.
 */
@Tag("laboratory")
class CorruptionTest
{
    private static final int FLIPS = Integer.getInteger("millrace.test.flips", 10_000);
    private static final long LATEST = 4;

    private final MemoryAccount account = new MemoryAccount("test");
    private final Map<Long, Map<Integer, Integer>> states = new HashMap<>();
    private ModelFiles files;

    /** Checkpoint 1 is full, 2 too, 3 and 4 are deltas; 3 and 4 are retained. */
    @BeforeEach
    void writeCheckpoints()
    {
        files = new ModelFiles();
        final SplittableRandom random = new SplittableRandom(3);
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context(files)); KeyedState state = new KeyedState(
            account, 4))
        {
            store.restoreLatest();
            for (long id = 1; id <= LATEST; id++)
            {
                state.change(random, 12);
                final CheckpointWriter writer = store.begin(id, id <= 2);
                state.write(writer);
                states.put(id, state.values());
                writer.complete(new CheckpointMetadata("plan % 1", false, new TreeMap<>(Map.of("source-1", new byte[]{1,
                    2}))));
            }
        }
        assertEquals(5, files.list().size(), files.list().toString());
        assertEquals(0, files.openFiles());
    }

    @AfterEach
    void shouldReturnAllMemory()
    {
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldDetectEveryBitOfAManifest()
    {
        final String name = FileNames.manifest(LATEST);
        final byte[] bytes = files.content(name);
        for (int bit = 0; bit < bytes.length * 8; bit++)
        {
            final byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            fallsBack(name, flipped, "bit=" + bit);
        }
    }

    @Test
    void shouldDetectEveryCutOfAManifest()
    {
        final String name = FileNames.manifest(LATEST);
        final byte[] bytes = files.content(name);
        for (int length = 0; length < bytes.length; length++)
        {
            fallsBack(name, Arrays.copyOf(bytes, length), "length=" + length);
        }
        fallsBack(name, Arrays.copyOf(bytes, bytes.length + 1), "one byte more");
        fallsBack(name, new byte[bytes.length], "zeroes");
    }

    @Test
    void shouldDetectEveryBitAndCutOfADelta()
    {
        final String name = FileNames.delta(LATEST);
        final byte[] bytes = files.content(name);
        for (int bit = 0; bit < bytes.length * 8; bit++)
        {
            final byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            fallsBack(name, flipped, "bit=" + bit);
        }
        for (int length = 0; length < bytes.length; length++)
        {
            fallsBack(name, Arrays.copyOf(bytes, length), "length=" + length);
            final byte[] zeroed = bytes.clone();
            Arrays.fill(zeroed, length, bytes.length, (byte)0);
            if (!Arrays.equals(zeroed, bytes))
            {
                fallsBack(name, zeroed, "zeroed from " + length);
            }
        }
    }

    @Test
    void shouldDetectRandomFlipsAnywhere()
    {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final List<String> names = files.list().stream().sorted().toList();
        int fallbacks = 0;
        int refusals = 0;
        for (int i = 0; i < FLIPS; i++)
        {
            final String name = names.get(random.nextInt(names.size()));
            final byte[] bytes = files.content(name);
            for (int flip = random.nextInt(3); flip >= 0; flip--)
            {
                bytes[random.nextInt(bytes.length)] ^= (byte)random.nextInt(1, 256);
            }
            if (Arrays.equals(bytes, files.content(name)))
            {
                continue;
            }
            final ModelFiles damaged = files.copy();
            damaged.content(name, bytes);
            final long restored = restore(damaged);
            final String where = "seed=" + seed + " i=" + i + " name=" + name;
            assertEquals(expected(name), restored, where);
            fallbacks += restored == LATEST - 1 ? 1 : 0;
            refusals += restored == -1 ? 1 : 0;
        }
        assertTrue(fallbacks > FLIPS / 10 && refusals > FLIPS / 10, "fallbacks=" + fallbacks + " refusals=" + refusals);
    }

    @Test
    void shouldDetectSwappedBlocksAndFiles()
    {
        final String name = FileNames.delta(LATEST);
        final byte[] bytes = files.content(name);
        final int block = BlockDescriptor.HEADER_LENGTH + 4 * 8;
        final byte[] swapped = bytes.clone();
        System.arraycopy(bytes, 0, swapped, block, block);
        System.arraycopy(bytes, block, swapped, 0, block);
        assertNotEquals(0, Arrays.compare(bytes, swapped));
        fallsBack(name, swapped, "blocks");
        fallsBack(name, files.content(FileNames.delta(LATEST - 1)), "data file of the checkpoint before");
        fallsBack(FileNames.manifest(LATEST), files.content(FileNames.manifest(LATEST - 1)),
            "manifest of the checkpoint before");
        final ModelFiles both = files.copy();
        both.content(FileNames.manifest(LATEST), files.content(FileNames.manifest(LATEST - 1)));
        both.content(FileNames.manifest(LATEST - 1), files.content(FileNames.manifest(LATEST)));
        assertEquals(-1, restore(both));
    }

    @Test
    void shouldNotTakeAnOldManifestForTheOneBefore() throws Exception
    {
        final Manifest before = Manifest.decode(files.content(FileNames.manifest(LATEST - 1)));
        final Manifest other = new Manifest(
            before.job(), before.checkpoint(), before.previous(), before.previousHash(),
            new CheckpointMetadata("another", false, new TreeMap<>()), before.chain());
        final ModelFiles damaged = files.copy();
        damaged.content(FileNames.manifest(LATEST - 1), other.encode());
        final byte[] delta = files.content(FileNames.delta(LATEST));
        delta[50] ^= 1;
        damaged.content(FileNames.delta(LATEST), delta);
        assertEquals(-1, restore(damaged));
    }

    @Test
    void shouldDetectMissingFiles()
    {
        for (final String name : files.list())
        {
            final ModelFiles damaged = new ModelFiles();
            files.list().stream().filter(other -> !other.equals(name)).forEach(other -> damaged.content(other,
                files.content(other)));
            assertEquals(expected(name), restore(damaged), name);
        }
    }

    @Test
    void shouldRefuseNamesAndLengthsThatAreNotItsOwn() throws Exception
    {
        final Manifest manifest = Manifest.decode(files.content(FileNames.manifest(LATEST)));
        for (final DataFile file : List.of(
            new DataFile("../checkpoint-0000000000000000004.data", 1, 1, 1),
            new DataFile("/etc/passwd", 1, 1, 1),
            new DataFile("checkpoint-9999999999999999999.data", 1, 1, 1),
            new DataFile(FileNames.delta(LATEST), Long.MAX_VALUE, Long.MAX_VALUE, 1),
            new DataFile(FileNames.delta(LATEST), -1, -1, 1)))
        {
            final Manifest forged = new Manifest(
                manifest.job(), manifest.checkpoint(), manifest.previous(), manifest.previousHash(),
                manifest.metadata(), List.of(file));
            fallsBack(FileNames.manifest(LATEST), forged.encode(), file.toString());
        }
    }

    /** The latest survives damage of what only older ones need; damage of what all need leaves nothing. */
    private static long expected(final String name)
    {
        if (name.equals(FileNames.manifest(LATEST - 1)))
        {
            return LATEST;
        }
        return name.equals(FileNames.manifest(LATEST)) || name.equals(FileNames.delta(LATEST)) ? LATEST - 1 : -1;
    }

    private void fallsBack(final String name, final byte[] bytes, final String where)
    {
        final ModelFiles damaged = files.copy();
        damaged.content(name, bytes);
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context(damaged));
            RestoredCheckpoint restored = store.restoreLatest())
        {
            assertEquals(LATEST - 1, restored.id(), where);
            assertEquals(FileNames.manifest(LATEST), restored.damaged().get(0).name(), where);
            assertTrue(restored.damaged().get(0).reason().length() > 10, where);
        }
        assertEquals(LATEST - 1, restore(damaged), where);
    }

    /** Id that is restored, -1 when none can be; its state is the right one. */
    private long restore(final ModelFiles damaged)
    {
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context(damaged)); KeyedState state = new KeyedState(
            account, 4))
        {
            try (RestoredCheckpoint restored = store.restoreLatest())
            {
                state.load(restored);
                assertEquals(states.get(restored.id()), state.values());
                assertEquals("plan % 1", restored.metadata().fingerprint());
                return restored.id();
            }
            catch (final CheckpointDamagedException exception)
            {
                assertTrue(exception.damaged().size() >= 1);
                assertTrue(exception.getMessage().startsWith("no checkpoint in ") &&
                    exception.getMessage().contains(exception.damaged().toString()) &&
                    exception.getMessage().contains("move it away to start without state"), exception.getMessage());
                assertThrows(IllegalStateException.class, () -> store.begin(100, true));
                return -1;
            }
        }
        finally
        {
            assertEquals(0, damaged.openFiles());
        }
    }

    private SnapshotStoreContext context(final ModelFiles storage)
    {
        return new SnapshotStoreContext().files(storage).jobName("corruption").account(account).maxChunkLength(64);
    }
}
