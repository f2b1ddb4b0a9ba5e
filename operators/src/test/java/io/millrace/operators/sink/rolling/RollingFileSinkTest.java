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
package io.millrace.operators.sink.rolling;

import io.millrace.core.testing.CrashPoints;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.TestJobs;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RollingFileSinkTest
{
    @TempDir
    Path directory;

    private final MemoryDirectory memory = new MemoryDirectory(new CrashPoints());

    private RollingFileSink<Reading> sink()
    {
        return RollingFileSink.<Reading>lines(directory.resolve("a/out"), "data", "txt",
            (reading, line) -> line.append(reading.value())).rollAtLength(4);
    }

    private static OperatorHarness<ReadingFlyweight, Void> harness(final RollingFileSink<Reading> sink)
    {
        return OperatorHarness.<ReadingFlyweight, Void>of(
            sink.factory(ReadingFlyweight.TYPE), ReadingFlyweight.TYPE, null).checkpointing();
    }

    private static void push(final OperatorHarness<ReadingFlyweight, Void> harness, final long... values)
    {
        for (final long value : values)
        {
            harness.push(value, reading -> reading.value(value));
        }
    }

    private Map<String, String> files() throws IOException
    {
        final Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.list(directory.resolve("a/out")))
        {
            for (final Path path : paths.filter(path -> !path.toString().endsWith(".lock")).toList())
            {
                files.put(path.getFileName().toString().replace("data-0-0000000000", ""), Files.readString(path));
            }
        }
        return files;
    }

    @Test
    void shouldShowFilesThatAreWholeWhenTheirCheckpointIsComplete() throws IOException
    {
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink()).open())
        {
            push(harness, 1, 2, 3);
            harness.barrier();
            assertEquals(Map.of("00.txt.part", "1\n2\n", "01.txt.part", "3\n"), files());
            push(harness, 4);
            harness.checkpointComplete(1);
            assertEquals(Map.of("00.txt", "1\n2\n", "01.txt.part", "3\n4\n"), files());
            harness.barrier();
            harness.checkpointComplete();
            assertEquals(Map.of("00.txt", "1\n2\n", "01.txt", "3\n4\n"), files());
            push(harness, 5);
            harness.watermark(Long.MAX_VALUE);
            harness.barrier();
            harness.checkpointComplete();
            harness.finish();
        }
        assertEquals(Map.of("00.txt", "1\n2\n", "01.txt", "3\n4\n", "02.txt", "5\n"), files());
    }

    @Test
    void shouldCutBackToTheCheckpoint() throws IOException
    {
        final OperatorSnapshot snapshot;
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink()).open())
        {
            push(harness, 1);
            snapshot = harness.barrier();
            push(harness, 7, 8, 9);
        }
        assertEquals(Map.of("00.txt.part", "1\n"), files());
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink()).restore(snapshot))
        {
            push(harness, 2, 3);
            harness.barrier();
            harness.checkpointComplete();
        }
        assertEquals(Map.of("00.txt", "1\n2\n", "01.txt.part", "3\n"), files());
    }

    @Test
    void shouldRollByEventTime() throws IOException
    {
        final RollingFileSink<Reading> sink = sink().rollAtLength(1000).rollEvery(Duration.ofMillis(10));
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink).open())
        {
            // 5 is late when it comes, and does not begin another file.
            push(harness, 1, 9, 10, 5, 19, 45);
            harness.finish();
            harness.barrier();
            harness.checkpointComplete();
        }
        assertEquals(Map.of("00.txt", "1\n9\n", "01.txt", "10\n5\n19\n", "02.txt", "45\n"), files());
    }

    @Test
    void shouldMakePrivateFiles() throws IOException
    {
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink()).open())
        {
            push(harness, 1);
            harness.barrier();
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("a"))));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("a/out"))));
            try (Stream<Path> files = Files.list(directory.resolve("a/out")))
            {
                for (final Path file : files.toList())
                {
                    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
                }
            }
        }
    }

    @Test
    void shouldForceBeforeTheCheckpointAndSyncAfterTheRename()
    {
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink().forced().on(path -> memory.open())).open())
        {
            memory.takeOperations();
            push(harness, 1, 2, 3);
            harness.barrier();
            final String first = "data-0-000000000000.txt.part";
            final String second = "data-0-000000000001.txt.part";
            assertEquals(List.of("create " + first, "write " + first, "force " + first,
                "create " + second, "write " + second, "force " + second, "sync"), memory.takeOperations());
            harness.checkpointComplete();
            assertEquals(List.of("rename " + first, "sync"), memory.takeOperations());
            push(harness, 4);
            harness.barrier();
            assertEquals(List.of("write " + second, "force " + second), memory.takeOperations());
        }
    }

    @Test
    void shouldSyncTheDirectoryThatACrashCameBefore()
    {
        final RollingFileSink<Reading> sink = sink().forced().on(path -> memory.open());
        final OperatorSnapshot snapshot;
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink).open())
        {
            push(harness, 1, 2);
            snapshot = harness.barrier();
            harness.checkpointComplete();
        }
        memory.takeOperations();
        final OperatorHarness<ReadingFlyweight, Void> harness = harness(sink).restore(snapshot);
        assertEquals(List.of("lock", "sync"), memory.takeOperations());
        harness.close();
    }

    @Test
    void shouldNameThePathAndTheBytesWhenTheDiskIsFull()
    {
        final RollingFileSink<Reading> sink = sink().rollAtLength(1000).on(path -> memory.open());
        final OperatorSnapshot snapshot;
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink).open())
        {
            push(harness, 1, 2);
            snapshot = harness.barrier();
            push(harness, 100, 200, 300);
            memory.usable(5);
            final String message = assertThrows(IllegalStateException.class, harness::barrier).getMessage();
            assertTrue(message.contains("file=memory/data-0-000000000000.txt.part cannot take bytes=12 behind length=4"), message);
            assertTrue(message.contains("No space left"), message);
        }
        assertEquals("1\n2\n", new String(memory.bytes("data-0-000000000000.txt.part"), StandardCharsets.UTF_8));
        memory.usable(Long.MAX_VALUE);
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink).restore(snapshot))
        {
            push(harness, 100, 200, 300);
            harness.finish();
            harness.barrier();
            harness.checkpointComplete();
        }
        assertEquals("1\n2\n100\n200\n300\n",
            new String(memory.bytes("data-0-000000000000.txt"), StandardCharsets.UTF_8));
    }

    @Test
    void shouldRefuseWhatIsDamagedOrGone()
    {
        final RollingFileSink<Reading> sink = sink().on(path -> memory.open());
        final OperatorSnapshot snapshot;
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink).open())
        {
            push(harness, 1, 2, 3);
            snapshot = harness.barrier();
        }
        final String pending = "data-0-000000000000.txt.part";
        memory.bytes(pending, "1\n9\n".getBytes(StandardCharsets.UTF_8));
        refused(sink, snapshot, "data-0-000000000000.txt.part has length=4 and another content");
        memory.bytes(pending, "1\n2\n".getBytes(StandardCharsets.UTF_8));
        final String open = "data-0-000000000001.txt.part";
        memory.bytes(open, "4\n".getBytes(StandardCharsets.UTF_8));
        refused(sink, snapshot, "is damaged: its first length=2 bytes");
        memory.bytes(open, "3".getBytes(StandardCharsets.UTF_8));
        refused(sink, snapshot, "has length=1, the checkpoint holds length=2");
        memory.remove(open);
        refused(sink, snapshot, "is gone, the checkpoint holds length=2");
        memory.remove(".data-0.lock");
        refused(sink, snapshot, "is another directory, or is not mounted");
    }

    private static void refused(
        final RollingFileSink<Reading> sink, final OperatorSnapshot snapshot, final String what)
    {
        final OperatorHarness<ReadingFlyweight, Void> harness = harness(sink);
        final String message =
            assertThrows(IllegalStateException.class, () -> harness.restore(snapshot)).getMessage();
        assertTrue(message.contains(what), message);
        harness.close();
    }

    @Test
    void shouldTakeAFileThatIsGoneAfterItsCommitForRead()
    {
        final RollingFileSink<Reading> sink = sink().on(path -> memory.open());
        final OperatorSnapshot snapshot;
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink).open())
        {
            push(harness, 1, 2);
            snapshot = harness.barrier();
            harness.checkpointComplete();
        }
        memory.remove("data-0-000000000000.txt");
        harness(sink).restore(snapshot).close();
        assertEquals(List.of(".data-0.lock"), memory.names());
    }

    @Test
    void shouldSetAsideWhatALostCheckpointShowed() throws IOException
    {
        final RollingFileSink<Reading> sink = sink().rollAtLength(1000).rollAtCheckpoints();
        final OperatorSnapshot first;
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink).open())
        {
            push(harness, 1);
            first = harness.barrier();
            push(harness, 2, 3);
            harness.barrier();
            harness.checkpointComplete();
        }
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink).restore(first))
        {
            assertEquals(Map.of("00.txt", "1\n", "01.txt.superseded", "2\n3\n"), files());
            push(harness, 2);
            harness.barrier();
            harness.checkpointComplete();
        }
        assertEquals(Map.of("00.txt", "1\n", "01.txt", "2\n", "01.txt.superseded", "2\n3\n"), files());
    }

    @Test
    void shouldStopWhenWhatIsWrittenAgainDiffers() throws IOException
    {
        final OperatorSnapshot first;
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink()).open())
        {
            push(harness, 1);
            first = harness.barrier();
            push(harness, 2);
            harness.barrier();
            harness.checkpointComplete();
        }
        try (OperatorHarness<ReadingFlyweight, Void> harness = harness(sink()).restore(first))
        {
            push(harness, 3);
            harness.barrier();
            final String message = assertThrows(IllegalStateException.class, harness::checkpointComplete).getMessage();
            assertTrue(message.contains("another content") && message.contains("code has changed"), message);
        }
        assertEquals("1\n2\n", files().get("00.txt"));
    }

    @Test
    void shouldRefuseFilesOfOthers() throws IOException
    {
        try (OperatorHarness<ReadingFlyweight, Void> one = harness(sink()).open())
        {
            final OperatorHarness<ReadingFlyweight, Void> two = harness(sink());
            final String message = assertThrows(IllegalStateException.class, two::open).getMessage();
            assertTrue(message.contains("being written by another sink or process"), message);
            two.close();
            push(one, 1, 2);
            one.barrier();
            one.checkpointComplete();
        }
        final OperatorHarness<ReadingFlyweight, Void> fresh = harness(sink());
        final String exists = assertThrows(IllegalStateException.class, fresh::open).getMessage();
        assertTrue(exists.contains("exists, and no checkpoint was restored"), exists);
        fresh.close();
        Files.writeString(directory.resolve("a/out/.data-0.lock"), "other/sink/0");
        final OperatorHarness<ReadingFlyweight, Void> other = harness(sink());
        final String belongs = assertThrows(IllegalStateException.class, other::open).getMessage();
        assertTrue(belongs.contains("belong to sink=other/sink/0"), belongs);
        other.close();
    }

    @Test
    void shouldRefuseSettingsThatCannotBe()
    {
        assertThrows(IllegalArgumentException.class, () -> RollingFileSink.csv(directory, "../up"));
        assertThrows(IllegalArgumentException.class, () -> RollingFileSink.csv(directory, ""));
        assertThrows(IllegalArgumentException.class,
            () -> RollingFileSink.lines(directory, "x", "a/b", (record, line) -> line.append(' ')));
        assertThrows(IllegalArgumentException.class, () -> sink().rollAtLength(0));
        assertThrows(IllegalArgumentException.class, () -> sink().rollEvery(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> sink().maxPending(0));
        final OperatorHarness<ReadingFlyweight, Void> harness = harness(sink().rollEvery(Duration.ofNanos(7)));
        assertThrows(IllegalStateException.class, harness::open);
        harness.close();
    }

    @Test
    void shouldShowAllAtTheEndWithoutCheckpoints() throws Exception
    {
        TestJobs.run(pipeline(5, sink().rollAtLength(1000)));
        assertEquals(Map.of("00.txt", "0\n1\n2\n3\n4\n"), files());
    }

    private static Pipeline pipeline(final long count, final RollingFileSink<Reading> sink)
    {
        final Pipeline pipeline = Pipeline.create("rolling");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, count, (number, out) ->
            out.time(number).place("place, " + number % 5).value(number)),
            WatermarkStrategy.forMonotonousTimestamps(), "readings").sink(sink, "files");
        return pipeline;
    }
}
