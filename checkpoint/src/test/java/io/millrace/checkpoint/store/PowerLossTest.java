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

import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The power fails, or the disk does, at every single operation; what was said to be complete must be there, byte for
 * byte.
 */
@Tag("laboratory")
class PowerLossTest
{
    private static final int SEEDS = Integer.getInteger("millrace.test.seeds", 120);
    private static final int CHECKPOINTS = 7;

    private final MemoryAccount account = new MemoryAccount("test");

    @AfterEach
    void shouldReturnAllMemory()
    {
        assertEquals(0, account.allocatedBytes());
    }

    /** What one life of a job did before it ended. */
    private static final class Life
    {
        private long acknowledged;
        private final Map<Long, Map<Integer, Integer>> states = new HashMap<>();
        private int declined;
        private boolean failed;
    }

    @Test
    void shouldLoseNothingWhenThePowerFailsAnywhere()
    {
        final long seed = System.nanoTime();
        final String violation = powerLoss(seed, files -> files, SEEDS, new int[1]);
        assertNull(violation, "seed=" + seed);
    }

    @Test
    void shouldBeCaughtWithoutSync()
    {
        final int[] violations = new int[1];
        final String first = powerLoss(1, ModelFiles::ignoreSync, 20, violations);
        assertTrue(violations[0] > 100, "violations=" + violations[0] + " first=" + first);
    }

    @Test
    void shouldBeCaughtWithoutDirectorySync()
    {
        final int[] violations = new int[1];
        final String first = powerLoss(1, ModelFiles::ignoreDirectorySync, 20, violations);
        assertTrue(violations[0] > 100, "violations=" + violations[0] + " first=" + first);
    }

    @Test
    void shouldLoseNothingWhenAnOperationFails()
    {
        final int operations = run(new ModelFiles(), new SplittableRandom(1), new Life()).operations();
        for (int forEver = 0; forEver < 2; forEver++)
        {
            for (int at = 0; at < operations; at++)
            {
                final int from = at;
                final int to = forEver == 1 ? Integer.MAX_VALUE : at;
                final Life life = new Life();
                final boolean[] kinds = new boolean[2];
                final ModelFiles files = new ModelFiles().fault((operation, kind) -> fail(operation, kind, from, to,
                    kinds));
                run(files, new SplittableRandom(1), life);
                final String where = "operation=" + at + " forEver=" + forEver;
                assertEquals(kinds[1], life.failed, where);
                assertTrue(kinds[1] || !kinds[0] || life.declined > 0, where);
                assertEquals(0, files.openFiles(), where);
                assertNull(check(files.copy(), life, new SplittableRandom(2)), where);
                assertNull(check(files.afterPowerLoss(new SplittableRandom(at)), life, new SplittableRandom(2)), where);
            }
        }
    }

    @Test
    void shouldDeclineWhenSpaceRunsShortAndGoOn()
    {
        final ModelFiles files = new ModelFiles();
        final Life life = new Life();
        run(files, new SplittableRandom(1), life);
        files.usableSpace(10);
        final Life starved = new Life();
        run(files, new SplittableRandom(2), starved);
        assertTrue(starved.declined > 0);
        assertEquals(0, starved.acknowledged);
        files.usableSpace(Long.MAX_VALUE);
        final Life again = new Life();
        again.acknowledged = life.acknowledged;
        again.states.putAll(life.states);
        assertNull(check(files, again, new SplittableRandom(3)));
    }

    /** No space for what is created and written, an I/O error for the rest. Deleting may fail: that is only space. */
    private static IOException fail(
        final int operation, final String kind, final int from, final int to, final boolean[] kinds)
    {
        if (operation < from || operation > to || kind.equals("delete"))
        {
            return null;
        }
        final boolean space = kind.equals("create") || kind.equals("write");
        kinds[space ? 0 : 1] = true;
        return new IOException(space ? "No space left on device" : "Input/output error");
    }

    private String powerLoss(
        final long seed, final UnaryOperator<ModelFiles> variant, final int seeds, final int[] violations)
    {
        final int operations = run(variant.apply(new ModelFiles()), new SplittableRandom(seed),
            new Life()).operations();
        assertTrue(operations > 60, "operations=" + operations);
        String first = null;
        for (int at = 0; at <= operations; at++)
        {
            final Life life = new Life();
            final ModelFiles files = run(variant.apply(new ModelFiles().crashAt(at)), new SplittableRandom(seed), life);
            for (int damage = 0; damage < seeds; damage++)
            {
                final SplittableRandom random = new SplittableRandom(seed + at * 1_000_003L + damage);
                final ModelFiles found = variant.apply(files.afterPowerLoss(random));
                final String violation =
                    damage % 4 == 0 ? secondLife(found, life, random) : check(found, life, random);
                if (violation != null)
                {
                    violations[0]++;
                    first = first == null ? "operation=" + at + " damage=" + damage + ": " + violation : first;
                }
            }
        }
        return first;
    }

    /** The power fails again while the job goes on. */
    private String secondLife(final ModelFiles files, final Life life, final SplittableRandom random)
    {
        final Life second = new Life();
        second.acknowledged = life.acknowledged;
        second.states.putAll(life.states);
        try
        {
            run(files.crashAt(random.nextInt(60)), random, second);
        }
        catch (final CheckpointDamagedException exception)
        {
            return "damaged: " + exception.getMessage();
        }
        return check(files.afterPowerLoss(random), second, random);
    }

    /** Runs a job with seven checkpoints and two compactions until it ends or the power does. */
    private ModelFiles run(final ModelFiles files, final SplittableRandom random, final Life life)
    {
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context(files)); KeyedState state = new KeyedState(
            account, 4))
        {
            try (RestoredCheckpoint restored = store.restoreLatest())
            {
                if (restored != null)
                {
                    state.load(restored);
                }
            }
            for (int i = 0; i < CHECKPOINTS && !life.failed; i++)
            {
                if (i == 3 || i == 5)
                {
                    compact(store, state, life);
                }
                checkpoint(store, state, random, life);
            }
        }
        catch (final ModelFiles.PowerLoss expected)
        {
            return files;
        }
        return files;
    }

    private static void compact(final LocalSnapshotStore store, final KeyedState state, final Life life)
    {
        try
        {
            if (store.chainLength() > 0)
            {
                state.compact(store.beginCompaction());
            }
        }
        catch (final CheckpointDeclinedException declined)
        {
            life.declined++;
        }
        catch (final StorageFailedException failed)
        {
            life.failed = true;
        }
    }

    private static void checkpoint(
        final LocalSnapshotStore store, final KeyedState state, final SplittableRandom random, final Life life)
    {
        state.change(random, random.nextInt(20));
        final long id = store.highestId() + 1;
        life.states.put(id, state.values());
        try
        {
            final CheckpointWriter writer = store.begin(id, store.fullRequired());
            state.write(writer);
            writer.complete(new CheckpointMetadata("plan", false, new TreeMap<>()));
            life.acknowledged = id;
        }
        catch (final CheckpointDeclinedException declined)
        {
            life.declined++;
        }
        catch (final StorageFailedException failed)
        {
            life.failed = true;
        }
    }

    /** Restores, compares, and takes one more checkpoint on top; null when all is well. */
    private String check(final ModelFiles files, final Life life, final SplittableRandom random)
    {
        final Life next = new Life();
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context(files)); KeyedState state = new KeyedState(
            account, 4))
        {
            try (RestoredCheckpoint restored = store.restoreLatest())
            {
                final long id = restored == null ? 0 : restored.id();
                if (id < life.acknowledged)
                {
                    return "lost: acknowledged=" + life.acknowledged + " restored=" + id;
                }
                if (restored != null)
                {
                    state.load(restored);
                    if (!state.values().equals(life.states.get(id)))
                    {
                        return "corrupt: restored=" + id;
                    }
                    if (!restored.damaged().isEmpty())
                    {
                        return "damaged: " + restored.damaged();
                    }
                }
            }
            checkpoint(store, state, random, next);
        }
        catch (final CheckpointDamagedException exception)
        {
            return "damaged: " + exception.getMessage();
        }
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context(files)); KeyedState state = new KeyedState(
            account, 4);
            RestoredCheckpoint restored = store.restoreLatest())
        {
            state.load(restored);
            return restored.id() == next.acknowledged && state.values().equals(next.states.get(next.acknowledged)) ?
                null : "corrupt after going on: restored=" + restored.id();
        }
    }

    private SnapshotStoreContext context(final ModelFiles files)
    {
        return new SnapshotStoreContext().files(files).jobName("model").syncLevel(SyncLevel.DURABLE).account(account)
            .reserve(100).maxChunkLength(64);
    }
}
