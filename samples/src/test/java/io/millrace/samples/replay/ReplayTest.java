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
package io.millrace.samples.replay;

import io.millrace.checkpoint.replay.ReplayDifference;
import io.millrace.checkpoint.replay.ReplayPosition;
import io.millrace.checkpoint.replay.ReplayReport;
import io.millrace.checkpoint.store.CheckpointArchive;
import io.millrace.core.runtime.ThreadingMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Pipelines that a seed decides are recorded under threads and replayed by one thread: bytes and hashes are the same. */
class ReplayTest
{
    /** Several sources and one, with and without processing time. */
    private static final long[] SEEDS = {1, 5, 11, 2};

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"1, DEDICATED", "2, SHARED", "4, SHARED", "5, DEDICATED", "11, SHARED", "12, DEDICATED"})
    void shouldBeTheSameAsTheRun(final long seed, final ThreadingMode mode) throws Exception
    {
        final Recording recording = new Recording(directory, seed, 3_000);
        recording.run(mode, 64, Fault.NONE);
        final ReplayReport report = recording.replay(Fault.NONE).run();
        final String text = recording.random + "\n" + report;
        assertTrue(report.isSame(), text);
        assertTrue(report.finished(), text);
        assertTrue(report.same() > 0 && report.barriers() > 3, text);
        assertEquals(0, report.beyond(), text);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5})
    void shouldBeginAtEachCheckpointThatIsKept(final long seed) throws Exception
    {
        beginAtEachCheckpoint(directory, seed);
    }

    @Tag("slow")
    @Test
    void shouldBeginAtEachCheckpointOnManySeeds() throws Exception
    {
        for (long seed = 100; seed < 150; seed++)
        {
            beginAtEachCheckpoint(directory.resolve("seed-" + seed), seed);
        }
    }

    private static void beginAtEachCheckpoint(final Path directory, final long seed) throws Exception
    {
        final Recording recording = new Recording(directory, seed, 3_000);
        recording.run(ThreadingMode.SHARED, 64, Fault.NONE);
        final List<Long> ids = CheckpointArchive.ids(recording.checkpointDirectory());
        // How many there are is a matter of threads: one that is asked for while another is under way is none.
        assertTrue(ids.size() > 1, ids.toString());
        for (final long id : ids)
        {
            final ReplayReport report = recording.replay(Fault.NONE).from(id).run();
            assertTrue(report.isSame(), "seed=" + seed + " " + recording.random + " from " + id + "\n" + report);
            assertTrue(report.from() >= 0, report.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 11})
    void shouldEndWhereItIsTold(final long seed) throws Exception
    {
        final Recording recording = new Recording(directory, seed, 3_000);
        recording.run(ThreadingMode.SHARED, 64, Fault.NONE);
        final List<Long> ids = CheckpointArchive.ids(recording.checkpointDirectory());
        final ReplayReport toCheckpoint =
            recording.replay(Fault.NONE).until(ReplayPosition.checkpoint(ids.get(ids.size() - 1))).run();
        assertTrue(toCheckpoint.isSame() && !toCheckpoint.finished(), toCheckpoint.toString());
        assertTrue(toCheckpoint.same() > 0 && toCheckpoint.barriers() > 0, toCheckpoint.toString());
        final ReplayReport toRecord = recording.replay(Fault.NONE).until(ReplayPosition.record("source-0", 333)).run();
        assertTrue(toRecord.isSame() && !toRecord.finished(), toRecord.toString());
        assertTrue(toRecord.records() >= 333, toRecord.toString());
        assertTrue(toRecord.records() < toCheckpoint.records(), toRecord.toString());
    }

    @ParameterizedTest
    @CsvSource({"3, 40", "5, 60", "11, 90"})
    void shouldReplayARunThatWasCutOff(final long seed, final int steps) throws Exception
    {
        final Recording recording = new Recording(directory, seed, 3_000);
        recording.runSome(steps, Fault.NONE);
        recording.runSome(steps / 2, Fault.NONE);
        final ReplayReport report = recording.replay(Fault.NONE).run();
        assertTrue(report.isSame(), recording.random + "\n" + report);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = {"WALL_CLOCK", "UNORDERED"})
    void shouldNameTheOperatorThatDependsOnMoreThanItsInput(final Fault fault) throws Exception
    {
        for (final long seed : SEEDS)
        {
            final Recording recording = new Recording(directory.resolve("seed-" + seed), seed, 3_000);
            recording.run(ThreadingMode.SHARED, 64, fault);
            check(recording, recording.replay(fault).run());
        }
    }

    @Test
    void shouldNameTheOperatorWhoseCodeHasChanged() throws Exception
    {
        for (final long seed : SEEDS)
        {
            final Recording recording = new Recording(directory.resolve("seed-" + seed), seed, 3_000);
            recording.run(ThreadingMode.SHARED, 64, Fault.NONE);
            check(recording, recording.replay(Fault.CONSTANT).listing(5).run());
            final ReplayReport against = recording.replay(Fault.CONSTANT).against(recording.pipeline(Fault.NONE)).run();
            check(recording, against);
        }
    }

    private static void check(final Recording recording, final ReplayReport report)
    {
        final String text = recording.random + "\n" + report;
        assertFalse(report.isSame(), text);
        assertNotNull(report.firstOperator(), text);
        assertEquals("shape", report.firstOperator().operator(), text);
        assertTrue(report.firstOperator().outputDiffers(), text);
        // Counts and joins of few hide what is wrong with an amount.
        if (report.changed() > 0)
        {
            final ReplayDifference first = report.differences().get(0);
            assertEquals(ReplayDifference.Kind.CHANGED, first.kind(), text);
            assertFalse(first.recorded().get("sum").equals(first.replayed().get("sum")), text);
            assertEquals(first.recorded().get("key"), first.replayed().get("key"), text);
            assertTrue(first.cause() > report.firstOperator().from(), text);
            assertTrue(first.sideBySide().contains("  * sum: "), text);
            assertTrue(text.contains("source=") || text.contains("frame="), text);
        }
    }
}
