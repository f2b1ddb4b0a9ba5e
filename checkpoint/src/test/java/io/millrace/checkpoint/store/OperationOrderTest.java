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
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The steps of every checkpoint, against the grammar of the protocol.
 */
@Tag("laboratory")
class OperationOrderTest
{
    // c data file, b base, t temporary manifest: create (upper case C B T), write, sync (z x y), R rename, D directory,
    // X delete.
    private static final Pattern DURABLE = Pattern.compile("((Bb*x)?Cc*zDTtyRDX*)+");
    private static final Pattern PROCESS = Pattern.compile("((Bb*)?Cc*TtRX*)+");

    @ParameterizedTest
    @EnumSource
    void shouldKeepTheOrder(final SyncLevel level)
    {
        final MemoryAccount account = new MemoryAccount("test");
        final ModelFiles files = new ModelFiles();
        final SplittableRandom random = new SplittableRandom(5);
        final SnapshotStoreContext context = new SnapshotStoreContext().files(files).jobName("order").syncLevel(level)
            .account(account).maxChunkLength(64);
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context); KeyedState state = new KeyedState(account, 4))
        {
            assertNull(store.restoreLatest());
            for (int id = 1; id <= 30; id++)
            {
                if (id % 7 == 0)
                {
                    state.compact(store.beginCompaction());
                }
                state.change(random, 10);
                final CheckpointWriter writer = store.begin(id, store.fullRequired() || id % 11 == 0);
                state.write(writer);
                assertTrue(files.trace().stream().noneMatch(operation -> operation.startsWith("delete") &&
                    operation.contains(FileNames.delta(store.latestId()))));
                writer.complete(new CheckpointMetadata("plan", false, new TreeMap<>()));
                assertTrue(store.chainLength() <= 8, "chain=" + store.chainLength());
            }
        }
        final String steps = encode(files.trace());
        assertTrue((level == SyncLevel.DURABLE ? DURABLE : PROCESS).matcher(steps).matches(), steps);
        assertEquals(30, steps.chars().filter(step -> step == 'R').count());
        assertEquals(0, account.allocatedBytes());
    }

    private static String encode(final List<String> trace)
    {
        final StringBuilder steps = new StringBuilder();
        for (final String line : trace)
        {
            final String[] parts = line.split(" ", 2);
            final int kind = parts[1].startsWith("base") ? 1 : parts[1].endsWith(".tmp") ? 2 : 0;
            switch (parts[0])
            {
                case "create" -> steps.append("CBT".charAt(kind));
                case "write" -> steps.append("cbt".charAt(kind));
                case "sync" -> steps.append("zxy".charAt(kind));
                case "rename" -> steps.append('R');
                case "syncDirectory" -> steps.append('D');
                case "delete" -> steps.append('X');
                default -> throw new AssertionError(line);
            }
        }
        return steps.toString();
    }
}
