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

import io.millrace.checkpoint.files.Fuzzer;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** T19 for what a checkpoint consists of: damaged manifests and data files, with and without the right checksum. */
@Tag("laboratory")
class StoreFuzzTest
{
    private final MemoryAccount account = new MemoryAccount("test");
    private final ModelFiles files = new ModelFiles();

    @BeforeEach
    void writeCheckpoints()
    {
        final SplittableRandom random = new SplittableRandom(3);
        try (LocalSnapshotStore store = LocalSnapshotStore.open(context(files));
            KeyedState state = new KeyedState(account, 4))
        {
            store.restoreLatest();
            for (long id = 1; id <= 3; id++)
            {
                state.change(random, 12);
                final CheckpointWriter writer = store.begin(id, id == 1);
                state.write(writer);
                writer.complete(new CheckpointMetadata("plan % 1", false, new TreeMap<>(Map.of("source-1", new byte[]{1, 2}))));
            }
        }
    }

    private SnapshotStoreContext context(final ModelFiles storage)
    {
        return new SnapshotStoreContext().files(storage).jobName("fuzz").account(account).maxChunkLength(64);
    }

    @Test
    void shouldRefuseDamagedManifests()
    {
        Fuzzer.of("manifest", files.content(FileNames.manifest(3)), files.content(FileNames.manifest(2)))
            .sealed(Fuzzer::sealLine).documented(DamagedFileException.class).run(Manifest::decode);
    }

    @Test
    void shouldRefuseDamagedBlocks()
    {
        final String name = FileNames.delta(3);
        final SnapshotStoreContext context = context(files);
        try (Region region = Region.allocate(account, "fuzz", BlockDescriptor.HEADER_LENGTH + 64))
        {
            Fuzzer.of("data file", files.content(name), files.content(FileNames.delta(2)))
                .sealed(input -> Fuzzer.sealFrames(input, BlockDescriptor.LENGTH_OFFSET, BlockDescriptor.HEADER_LENGTH, true))
                .documented(DamagedFileException.class).run(input ->
                {
                    final ModelFiles damaged = new ModelFiles();
                    damaged.content(name, input);
                    final DataFile expected = new DataFile(name, input.length, 3, Fuzzer.crc(input, 0, input.length));
                    try (BlockFileReader reader = new BlockFileReader(context, damaged, expected, region))
                    {
                        while (reader.next())
                        {
                            assertEquals(0, reader.length() >>> 7);
                        }
                    }
                });
        }
        assertEquals(0, account.allocatedBytes());
    }

    /** The whole store: the state of the latest checkpoint, that of one before, or an error; another job is one, too. */
    @Test
    void shouldRestoreOrRefuse()
    {
        final String name = FileNames.manifest(3);
        Fuzzer.of("store", files.content(name), files.content(FileNames.manifest(2))).sealed(Fuzzer::sealLine)
            .documented(CheckpointDamagedException.class, IllegalStateException.class).run(input ->
            {
                final ModelFiles damaged = files.copy();
                damaged.content(name, input);
                try (LocalSnapshotStore store = LocalSnapshotStore.open(context(damaged));
                    RestoredCheckpoint restored = store.restoreLatest())
                {
                    while (restored.next())
                    {
                        assertEquals(0, restored.length() >>> 7);
                    }
                }
            });
        assertEquals(0, account.allocatedBytes());
    }
}
