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
package io.millrace.checkpoint.backend;

import io.millrace.checkpoint.files.ForkedJvm;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.WindowTables;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.CorruptDeltaException;
import io.millrace.memory.table.KeyHash;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the backends on libraries do besides holding state: directories, bounds, and being closed. */
class StoredBackendTest
{
    @TempDir
    private Path directory;

    private final MemoryAccount account = new MemoryAccount("test");
    private final Region region = Region.allocate(account, "key", 64);
    private final long key = region.address();

    @AfterEach
    void shouldFreeItsMemory()
    {
        region.close();
        assertEquals(0, account.allocatedBytes());
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "OFF_HEAP", mode = EnumSource.Mode.EXCLUDE)
    void shouldRefuseADirectoryThatAnotherInstanceHas(final Kind kind)
    {
        try (TestState first = open(kind))
        {
            put(first.backend.keyedTable("numbers", 8, 8), 1, 10);
            assertMessage(() -> open(kind), "live state directory=", "is in use by another writer");
            try (TestState other = new TestState(kind.in(directory), "other", account))
            {
                assertEquals(0, other.backend.keyedTable("numbers", 8, 8).size());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "OFF_HEAP", mode = EnumSource.Mode.EXCLUDE)
    void shouldStartEmptyAfterAKillAndBeRebuiltFromTheSnapshot(final Kind kind) throws IOException
    {
        final List<byte[]> snapshot;
        try (TestState state = open(kind))
        {
            put(state.backend.keyedTable("numbers", 8, 8), 5, 50);
            state.backend.barrier(false);
            snapshot = state.sweepAll(10, StoredBackendTest::doNothing);
        }
        try (ForkedJvm other = new ForkedJvm(HoldStateMain.class, kind.name(), directory.toString()))
        {
            assertEquals("open", other.readLine());
            assertMessage(() -> open(kind), "is in use by another writer", "pid=" + other.pid());
            assertEquals("written", other.readLine());
            other.kill();
        }
        assertTrue(files().stream().anyMatch(file -> file.toString().contains("live")), "left behind");
        try (TestState state = open(kind))
        {
            final KeyedTable table = state.backend.keyedTable("numbers", 8, 8);
            assertEquals(0, table.size());
            assertEquals(0, find(table, 1));
            assertTrue(state.restore(snapshot));
            put(table, 1, 10);
            assertEquals(10, Memory.getLong(find(table, 1)));
            assertEquals(50, Memory.getLong(find(table, 5)));
            assertEquals(2, table.size());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "OFF_HEAP", mode = EnumSource.Mode.EXCLUDE)
    void shouldKeepItsFilesPrivateAndDeleteThemAtTheEnd(final Kind kind) throws IOException
    {
        final Path precious = Files.writeString(Files.createDirectory(directory.resolve("mine")).resolve("file"), "x");
        try (TestState state = open(kind))
        {
            put(state.backend.keyedTable("numbers", 8, 8), 1, 10);
            final Path live = live();
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(live)));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(live.getParent())));
            Files.createSymbolicLink(live.resolve("link"), precious.getParent());
        }
        assertEquals(List.of("lock", "file"), files().stream().map(file -> file.getFileName().toString()).toList());
        // A link in the place of the directory is deleted, not followed.
        final Path own = files().get(0).getParent();
        Files.createSymbolicLink(own.resolve("live"), precious.getParent());
        open(kind).close();
        assertTrue(Files.exists(precious));
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "OFF_HEAP", mode = EnumSource.Mode.EXCLUDE)
    void shouldFailWithAMessageAfterItWasClosed(final Kind kind)
    {
        final TestState state = open(kind);
        final KeyedTable table = state.backend.keyedTable("numbers", 8, 8);
        final WindowTables windows = state.backend.windowTables("windows", 8, 8);
        put(table, 1, 10);
        put(table, 2, 20);
        final KeyedTable slice = windows.table(5);
        put(slice, 1, 10);
        final KeyedCursor cursor = table.cursor();
        assertTrue(cursor.next());
        assertTrue(slice.cursor().next());
        final long hash = hash(1);
        table.upsert(hash, key);
        state.close();
        state.close();
        for (final KeyedTable closed : List.of(table, slice))
        {
            for (final Executable use : List.<Executable>of(
                () -> closed.find(hash, key), () -> closed.upsert(hash, key), () -> closed.remove(hash, key),
                closed::cursor, closed::clear))
            {
                assertMessage(use, "is closed");
            }
        }
        for (final Executable use : List.<Executable>of(
            table::written, cursor::next, () -> windows.table(6), () -> windows.drop(5),
            () -> state.backend.barrier(false), () -> state.backend.sweep(1), () -> state.backend.restore(null),
            () -> state.backend.keyedTable("more", 8, 8), () -> state.backend.windowTables("more", 8, 8)))
        {
            assertMessage(use, "is closed");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldRefuseWhatDoesNotFitTheState(final Kind kind)
    {
        final List<byte[]> chain;
        try (TestState state = open(kind))
        {
            put(state.backend.keyedTable("numbers", 8, 8), 1, 10);
            assertMessage(() -> state.backend.keyedTable("numbers", 8, 8), "is declared twice");
            assertMessage(() -> state.backend.windowTables("numbers", 8, 8), "is declared twice");
            assertThrows(IllegalArgumentException.class, () -> state.backend.keyedTable("odd", 9, 8));
            assertThrows(IllegalArgumentException.class, () -> state.backend.keyedTable("long", 104, 8).size());
            state.backend.barrier(false);
            chain = state.sweepAll(10, StoredBackendTest::doNothing);
        }
        try (TestState state = open(kind))
        {
            state.backend.keyedTable("others", 8, 8);
            assertFalse(state.restore(chain), "a state that is not declared");
        }
        try (TestState state = open(kind))
        {
            state.backend.keyedTable("numbers", 8, 16);
            assertThrows(CorruptDeltaException.class, () -> state.restore(chain), "a state of another layout");
        }
    }

    @Test
    void shouldSayThatAChronicleMapIsFull()
    {
        try (TestState state = new TestState(ChronicleMapBackend.in(directory).entries(100), "operator", account))
        {
            final WindowTables windows = state.backend.windowTables("windows", 8, 8);
            for (long number = 0; number < 100; number++)
            {
                put(windows.table(number % 7), number, number);
            }
            assertMessage(() -> put(windows.table(3), 1000, 1), "entries=100 limit=100", "ChronicleMapBackend.entries");
            assertEquals(0, find(windows.table(3), 1000));
            put(windows.table(0), 0, 7);
            windows.drop(1);
            put(windows.table(3), 1000, 1);
        }
        assertThrows(IllegalArgumentException.class, () -> ChronicleMapBackend.in(directory).entries(0));
        assertMessage(() ->
        {
            try (TestState state = new TestState(
                ChronicleMapBackend.in(directory).entries(1L << 40), "operator", account))
            {
                state.backend.keyedTable("numbers", 8, 8);
            }
        }, "usable=", "lower ChronicleMapBackend.entries");
    }

    @Test
    void shouldRefuseSizesThatRocksDbCannotWorkWith()
    {
        final RocksDbBackend backend = RocksDbBackend.in(directory);
        assertThrows(IllegalArgumentException.class, () -> backend.memory((8 << 20) - 1));
        assertThrows(IllegalArgumentException.class, () -> ChronicleMapBackend.in(directory).memory(0));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldDropLargeSlicesAndNoneBeside(final Kind kind)
    {
        try (TestState state = open(kind))
        {
            final WindowTables windows = state.backend.windowTables("windows", 8, 8);
            final long[] slices = {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE - 1};
            for (final long slice : slices)
            {
                for (long number = 0; number < 2000; number++)
                {
                    put(windows.table(slice), number, slice);
                }
            }
            for (final long slice : slices)
            {
                windows.drop(slice);
                assertEquals(0, windows.table(slice).size());
                assertFalse(windows.table(slice).cursor().next());
                windows.drop(slice);
                for (long left = windows.firstSlice(Long.MIN_VALUE); left != Long.MAX_VALUE;
                    left = windows.firstSlice(left + 1))
                {
                    int count = 0;
                    for (final KeyedCursor cursor = windows.find(left).cursor(); cursor.next(); count++)
                    {
                        assertEquals(left, Memory.getLong(cursor.value()));
                    }
                    assertEquals(2000, count);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldKeepKeysWithoutAValue(final Kind kind)
    {
        final List<byte[]> chain;
        try (TestState state = open(kind))
        {
            final KeyedTable table = state.backend.keyedTable("seen", 8, 0);
            table.upsert(hash(1), key);
            table.written();
            assertTrue(table.created());
            table.upsert(hash(1), key);
            assertFalse(table.created());
            assertNotEquals(0, find(table, 1));
            state.backend.barrier(false);
            chain = state.sweepAll(10, StoredBackendTest::doNothing);
        }
        try (TestState state = open(kind))
        {
            final KeyedTable table = state.backend.keyedTable("seen", 8, 0);
            assertTrue(state.restore(chain));
            assertEquals(1, table.size());
            assertNotEquals(0, find(table, 1));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldWorkWithoutCheckpoints(final Kind kind)
    {
        try (TestState state = new TestState(kind.in(directory), "operator", 0, account, null))
        {
            final KeyedTable table = state.backend.keyedTable("numbers", 8, 8);
            final WindowTables windows = state.backend.windowTables("windows", 8, 8);
            for (long number = 0; number < 100; number++)
            {
                put(table, number, number);
                put(windows.table(number), number, number);
                windows.drop(number - 3);
                state.backend.sweep(10);
            }
            assertTrue(table.remove(hash(3), key));
            assertEquals(99, table.size());
            table.clear();
            assertEquals(0, table.size());
            assertFalse(state.backend.barrierReady());
            assertThrows(IllegalStateException.class, () -> state.backend.barrier(false));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldRefuseACursorOfAChangedTable(final Kind kind)
    {
        try (TestState state = open(kind))
        {
            final KeyedTable table = state.backend.keyedTable("numbers", 8, 8);
            put(table, 1, 1);
            put(table, 2, 2);
            final KeyedCursor cursor = table.cursor();
            assertTrue(cursor.next());
            put(table, 3, 3);
            assertMessage(cursor::next, "was changed during iteration");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "OFF_HEAP", mode = EnumSource.Mode.EXCLUDE)
    void shouldLeaveNothingBehindAfterManyStarts(final Kind kind) throws IOException
    {
        for (int i = 0; i < 20; i++)
        {
            try (TestState state = open(kind))
            {
                put(state.backend.keyedTable("numbers", 8, 8), i, i);
                state.backend.barrier(false);
            }
            assertEquals(64 + 64, account.allocatedBytes(), "what is left is the key");
        }
        assertEquals(1, files().size());
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "OFF_HEAP", mode = EnumSource.Mode.EXCLUDE)
    void shouldNameTheMissingDependency(final Kind kind) throws Exception
    {
        final String artifact = kind == Kind.ROCKSDB ? "rocksdbjni" : "chronicle-map";
        final Class<? extends StateBackendFactory> type =
            kind == Kind.ROCKSDB ? RocksDbBackend.class : ChronicleMapBackend.class;
        try (URLClassLoader without = new URLClassLoader(classPathWithout(artifact), null))
        {
            final Class<?> loaded = without.loadClass(type.getName());
            final InvocationTargetException thrown = assertThrows(InvocationTargetException.class,
                () -> loaded.getMethod("in", Path.class).invoke(null, directory));
            final Throwable cause = assertInstanceOf(IllegalStateException.class, thrown.getCause());
            assertTrue(cause.getMessage().contains(":" + artifact + " (the Millrace BOM"), cause::getMessage);
        }
    }

    private static URL[] classPathWithout(final String artifact) throws MalformedURLException
    {
        final List<URL> urls = new ArrayList<>();
        final String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (final String path : classPath.split(File.pathSeparator, -1))
        {
            if (!path.contains(artifact))
            {
                urls.add(new File(path).toURI().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }

    private TestState open(final Kind kind)
    {
        return new TestState(kind.in(directory), "operator", account);
    }

    private Path live() throws IOException
    {
        try (Stream<Path> paths = Files.walk(directory))
        {
            return paths.filter(path -> path.endsWith("live")).findFirst().orElseThrow();
        }
    }

    private List<Path> files() throws IOException
    {
        try (Stream<Path> paths = Files.walk(directory))
        {
            return paths.filter(Files::isRegularFile).sorted((left, right) -> right.compareTo(left)).toList();
        }
    }

    private void put(final KeyedTable table, final long number, final long value)
    {
        Memory.putLong(table.upsert(hash(number), key), value);
        table.written();
    }

    private long find(final KeyedTable table, final long number)
    {
        return table.find(hash(number), key);
    }

    private long hash(final long number)
    {
        Memory.putLong(key, number);
        return KeyHash.hash(number);
    }

    private static void assertMessage(final Executable use, final String... texts)
    {
        final String message = assertThrows(IllegalStateException.class, use).getMessage();
        for (final String text : texts)
        {
            assertTrue(message.contains(text), () -> "expected \"" + text + "\" in: " + message);
        }
    }

    private static void doNothing()
    {
    }
}
