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
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LocalSnapshotStoreTest extends SnapshotStoreContract
{
    @TempDir
    Path temporary;

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
    void shouldRestoreWhatWasCompletedAtEachLevel(final SyncLevel level) throws IOException
    {
        restoreWhatWasCompleted(level);
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

    @Override
    protected int files()
    {
        return temporary.resolve("checkpoints").toFile().list().length - 1;
    }

    @Override
    protected SnapshotStore open(final SnapshotStoreContext context)
    {
        return LocalSnapshotStore.open(context.directory(temporary.resolve("checkpoints")));
    }

    private SnapshotStoreContext context()
    {
        return new SnapshotStoreContext().directory(temporary.resolve("checkpoints")).jobName("job").account(
            account).reserve(1);
    }
}
