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
package io.millrace.extensions.s3;

import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.store.CheckpointDeclinedException;
import io.millrace.checkpoint.store.CheckpointMetadata;
import io.millrace.checkpoint.store.CheckpointWriter;
import io.millrace.checkpoint.store.RestoredCheckpoint;
import io.millrace.checkpoint.store.SnapshotStore;
import io.millrace.checkpoint.store.SnapshotStoreContext;
import io.millrace.extensions.s3.FaultyProxy.Fault;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A store that fails in every request that a checkpoint makes, and other lives of the job beside it. */
class S3FaultTest
{
    private static final CheckpointMetadata METADATA = new CheckpointMetadata("plan", false, Map.of());
    private static final int CHUNK = 1 << 20;

    private static S3Server server;

    private final MemoryAccount account = new MemoryAccount("test");
    private final Region chunk = Region.allocate(account, "chunk", CHUNK);

    @BeforeAll
    static void start()
    {
        server = new S3Server();
    }

    @AfterAll
    static void stop()
    {
        server.close();
    }

    @BeforeEach
    void clear()
    {
        server.proxy.choose((number, method, path) -> Fault.NONE);
        server.keys().forEach(key -> server.blobs().removeBlob(S3Server.BUCKET, S3Server.PREFIX + '/' + key));
    }

    @AfterEach
    void shouldReturnAllMemory()
    {
        chunk.close();
        assertEquals(0, account.allocatedBytes());
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = {"STATUS_507", "STATUS_500", "DONE_AND_500", "SILENCE"})
    void shouldDeclineWhatCannotBeStoredAndLoseNothing(final Fault fault)
    {
        final Duration timeout = Duration.ofSeconds(fault == Fault.SILENCE ? 2 : 20);
        for (int failing = fault == Fault.SILENCE ? 2 : 0; failing < 3; failing++)
        {
            long completed;
            try (SnapshotStore store = open(timeout))
            {
                restore(store);
                completed = write(store, 1, true);
                completed = write(store, 1, false);
                final int first = failing;
                server.proxy.choose((number, method, path) -> number >= first ? fault : Fault.NONE);
                final CheckpointDeclinedException declined =
                    assertThrows(CheckpointDeclinedException.class, () -> write(store, 1, false));
                assertTrue(declined.getMessage().contains("s3://checkpoints/jobs/test"), declined.getMessage());
                assertEquals(completed, store.latestId());
                assertTrue(store.fullRequired());
                assertThrows(CheckpointDeclinedException.class, () -> store.begin(store.highestId() + 1, true),
                    "a store that is away is noticed before tasks are asked");
                server.proxy.choose((number, method, path) -> Fault.NONE);
                completed = write(store, 1, true);
                assertFalse(store.fullRequired());
                assertEquals(completed, store.latestId());
            }
            try (SnapshotStore store = open(Duration.ofSeconds(20)))
            {
                assertEquals(completed, restore(store));
            }
        }
    }

    @Test
    void shouldRideOutWhatPasses()
    {
        try (SnapshotStore store = open(Duration.ofSeconds(20)))
        {
            restore(store);
            for (final Fault fault : List.of(Fault.STATUS_500, Fault.DONE_AND_500))
            {
                for (int failing = 0; failing < 8; failing++)
                {
                    final int chosen = failing;
                    server.proxy.choose((number, method, path) -> number == chosen ? fault : Fault.NONE);
                    final long id = write(store, 1, store.fullRequired());
                    assertEquals(id, store.latestId());
                }
            }
        }
    }

    @Test
    void shouldReadAgainWhatWasCutOff()
    {
        try (SnapshotStore store = open(Duration.ofSeconds(20)))
        {
            restore(store);
            write(store, 3, true);
        }
        try (SnapshotStore store = open(Duration.ofSeconds(20)))
        {
            server.proxy.choose((number, method, path) -> number % 3 == 1 ? Fault.TRUNCATED : Fault.NONE);
            assertEquals(1, restore(store));
        }
    }

    @Test
    void shouldRefuseToGoBackWhenTheStoreCannotBeRead()
    {
        try (SnapshotStore store = open(Duration.ofSeconds(20)))
        {
            restore(store);
            write(store, 1, true);
            write(store, 1, false);
        }
        try (SnapshotStore store = open(Duration.ofSeconds(20)))
        {
            server.proxy.choose((number, method, path) -> path.contains("0000000000000000002") ? Fault.STATUS_500 : Fault.NONE);
            final StorageFailedException failure = assertThrows(StorageFailedException.class, store::restoreLatest);
            assertTrue(failure.getMessage().contains("start the job again when the store can be reached"), failure.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFallBackWhenAnObjectIsGoneOrChanged(final boolean gone)
    {
        final long before;
        try (SnapshotStore store = open(Duration.ofSeconds(20)))
        {
            restore(store);
            before = write(store, 1, true);
            write(store, 1, true);
        }
        final String key = server.keys().stream().filter(name -> name.endsWith(".data")).sorted()
            .reduce((first, second) -> second).orElseThrow();
        if (gone)
        {
            server.blobs().removeBlob(S3Server.BUCKET, S3Server.PREFIX + '/' + key);
        }
        else
        {
            put(key, new byte[CHUNK + 100]);
        }
        try (SnapshotStore store = open(Duration.ofSeconds(20)); RestoredCheckpoint restored = store.restoreLatest())
        {
            assertEquals(before, restored.id());
            assertEquals(1, restored.damaged().size());
        }
    }

    private void put(final String key, final byte[] bytes)
    {
        server.blobs().putBlob(PutObjectRequest.builder().bucket(S3Server.BUCKET)
            .key(S3Server.PREFIX + '/' + key).contentLength((long)bytes.length).build(), new ByteArrayInputStream(bytes));
    }

    @Test
    void shouldPutLongFilesInParts()
    {
        final long id;
        try (SnapshotStore store = open(Duration.ofSeconds(20)))
        {
            restore(store);
            server.proxy.choose((number, method, path) -> Fault.NONE);
            id = write(store, 18, true);
            assertEquals(3, server.proxy.requests().stream().filter(request -> request.contains("partNumber=")).count());
        }
        try (SnapshotStore store = open(Duration.ofSeconds(20)))
        {
            assertEquals(id, restore(store));
        }
    }

    @Test
    void shouldDeclineWhenAPartFailsAndLeaveNothing()
    {
        try (SnapshotStore store = open(Duration.ofSeconds(20)))
        {
            restore(store);
            write(store, 1, true);
            server.proxy.choose((number, method, path) -> path.contains("partNumber=2") ? Fault.STATUS_507 : Fault.NONE);
            assertThrows(CheckpointDeclinedException.class, () -> write(store, 18, true));
            server.proxy.choose((number, method, path) -> Fault.NONE);
            write(store, 1, true);
            write(store, 1, true);
            assertEquals(List.of(), server.keys().stream().filter(key -> key.contains("0002")).toList());
            assertEquals(6, server.keys().stream().filter(key -> key.contains("/")).count(), server.keys()::toString);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = {"NONE", "STATUS_501", "WITHOUT_CONDITIONS"})
    void shouldStopAnEarlierLifeThatStillRuns(final Fault conditions)
    {
        server.proxy.choose((number, method, path) -> conditions);
        try (SnapshotStore earlier = open(Duration.ofSeconds(20)))
        {
            restore(earlier);
            write(earlier, 1, true);
            final CheckpointWriter writer = earlier.begin(2, false);
            writer.append(0, chunk.address(), 100);
            try (SnapshotStore later = open(Duration.ofSeconds(20)))
            {
                assertFalse(later.wasClean());
                assertEquals(1, restore(later));
                assertTrue(assertThrows(StorageFailedException.class, () -> writer.complete(METADATA)).getMessage()
                    .contains("another life of the job has taken over"));
                assertThrows(StorageFailedException.class, () -> earlier.begin(3, true));
                write(later, 1, false);
                later.markClean();
            }
        }
        try (SnapshotStore last = open(Duration.ofSeconds(20)))
        {
            assertTrue(last.wasClean());
            assertEquals(2, restore(last));
        }
    }

    @Test
    void shouldDeleteWhatACrashLeftBehind()
    {
        final SnapshotStore crashed = open(Duration.ofSeconds(20));
        restore(crashed);
        write(crashed, 1, true);
        put("0000000000000001/checkpoint-0000000000000000009.data", new byte[10]);
        put("0000000000000001/manifest-0000000000000000009", new byte[10]);
        put("0000000000000099/checkpoint-0000000000000000009.data", new byte[10]);
        try (SnapshotStore store = open(Duration.ofSeconds(20)))
        {
            assertEquals(1, restore(store), "what no listing names is not there");
            assertEquals(List.of("0000000000000001/checkpoint-0000000000000000001.data",
                "0000000000000001/manifest-0000000000000000001",
                "0000000000000099/checkpoint-0000000000000000009.data", "directory"), server.keys());
        }
        crashed.close();
    }

    @Test
    void shouldRefuseADamagedListing()
    {
        put("directory", "millrace-directory 1\nlife 1 a\nclean true\ncrc 00000000\n".getBytes(
            StandardCharsets.US_ASCII));
        assertTrue(assertThrows(StorageFailedException.class, () -> open(Duration.ofSeconds(20))).getMessage()
            .contains("s3://checkpoints/jobs/test/directory is damaged"));
        assertThrows(IllegalArgumentException.class, () -> S3Snapshots.in("bucket", "/a"));
        assertThrows(IllegalArgumentException.class, () -> S3Snapshots.in("bucket", "a").partLength(1));
    }

    private SnapshotStore open(final Duration timeout)
    {
        return server.snapshots().requestTimeout(timeout)
            .open(new SnapshotStoreContext().jobName("job").account(account));
    }

    /** Reads all; the id, 0 for none. */
    private long restore(final SnapshotStore store)
    {
        try (RestoredCheckpoint restored = store.restoreLatest())
        {
            if (restored == null)
            {
                return 0;
            }
            assertEquals(List.of(), restored.damaged());
            while (restored.next())
            {
                final SplittableRandom random = new SplittableRandom(restored.task());
                for (int i = 0; i < restored.length(); i += Long.BYTES)
                {
                    assertEquals(random.nextLong(), Memory.getLong(restored.address() + i));
                }
            }
            return restored.id();
        }
    }

    private long write(final SnapshotStore store, final int chunks, final boolean full)
    {
        final CheckpointWriter writer = store.begin(store.highestId() + 1, full);
        for (int i = 0; i < chunks; i++)
        {
            final SplittableRandom random = new SplittableRandom(i);
            final int length = chunks == 1 ? 1 << 12 : CHUNK;
            for (int j = 0; j < length; j += Long.BYTES)
            {
                Memory.putLong(chunk.address() + j, random.nextLong());
            }
            writer.append(i, chunk.address(), length);
        }
        writer.complete(METADATA);
        return writer.id();
    }
}
