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

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.checkpoint.replay.ReplayPace;
import io.millrace.checkpoint.replay.ReplayPosition;
import io.millrace.checkpoint.replay.ReplayReport;
import io.millrace.checkpoint.replay.ReplayStep;
import io.millrace.checkpoint.replay.ReplayStepper;
import io.millrace.checkpoint.store.CheckpointArchive;
import io.millrace.core.runtime.ThreadingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A replay that is taken record by record, or as fast as the records came, or again after it was left. */
class ReplayStepperTest
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 11})
    void shouldEmitWhatTheRunEmitted(final long seed) throws Exception
    {
        final Recording recording = new Recording(directory, seed, 600);
        recording.run(ThreadingMode.SHARED, 64, Fault.NONE);
        long shown = 0;
        long records = 0;
        boolean changed = false;
        boolean watermarks = false;
        try (ReplayStepper stepper = recording.replay(Fault.NONE).step())
        {
            for (ReplayStep step = stepper.step(); step != null; step = stepper.step())
            {
                records += step.source() == null ? 0 : 1;
                shown += step.emitted().stream().filter(emitted -> "all".equals(emitted.operator())).count();
                changed |= !step.changed().isEmpty();
                watermarks |= !step.watermarks().isEmpty();
                final long fromSources =
                    step.emitted().stream().filter(emitted -> recording.random.sources().contains(emitted.operator())).count();
                assertEquals(step.source() == null ? 0 : 1, fromSources, step.toString());
            }
            assertNull(stepper.step());
        }
        assertEquals(600L / recording.random.sources().size() * recording.random.sources().size(), records);
        assertEquals(written(recording.output()), shown, recording.random.toString());
        assertTrue(changed && watermarks, recording.random.toString());
    }

    @Test
    void shouldStepFromACheckpoint() throws Exception
    {
        final Recording recording = new Recording(directory, 3, 3_000);
        recording.run(ThreadingMode.SHARED, 64, Fault.NONE);
        final long newest = CheckpointArchive.ids(recording.checkpointDirectory()).get(3);
        try (ReplayStepper stepper = recording.replay(Fault.NONE).from(newest).step())
        {
            final ReplayStep step = stepper.step();
            assertTrue(recording.random.sources().contains(step.source()), step.toString());
            assertTrue(step.emitted().stream().anyMatch(emitted -> "shape".equals(emitted.operator())), step.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 13})
    void shouldGoAsFastAsTheRecordsCame(final long seed) throws Exception
    {
        final Recording recording = new Recording(directory, seed, 300);
        recording.run(ThreadingMode.SHARED, 64, Fault.NONE);
        final long[] clock = {5_000};
        final List<Long> pauses = new ArrayList<>();
        final ReplayReport report = recording.replay(Fault.NONE).pace(ReplayPace.own(() -> clock[0], nanos ->
        {
            pauses.add(nanos);
            clock[0] += nanos;
        })).run();
        assertTrue(report.isSame(), report.toString());
        final long perSource = 300 / recording.random.sources().size();
        assertEquals(5_000 + (perSource - 1) * 10_000, clock[0]);
        assertEquals(perSource - 1, pauses.size());
    }

    @Test
    void shouldBeginAgainAfterItWasLeft() throws Exception
    {
        final Recording recording = new Recording(directory, 4, 1_000);
        recording.run(ThreadingMode.SHARED, 64, Fault.NONE);
        try (ReplayStepper stepper = recording.replay(Fault.NONE).step())
        {
            for (int i = 0; i < 200; i++)
            {
                stepper.step();
            }
            assertThrows(IllegalStateException.class, () -> recording.replay(Fault.NONE).run());
        }
        final ReplayReport report = recording.replay(Fault.NONE).run();
        assertTrue(report.isSame() && report.same() > 0, report.toString());
    }

    @Test
    void shouldRefuseWhatItCannotDo() throws Exception
    {
        final Recording recording = new Recording(directory, 4, 1_000);
        recording.run(ThreadingMode.SHARED, 64, Fault.NONE);
        assertFalse(recording.random.single());
        final String foreign = assertThrows(IllegalStateException.class,
            () -> recording.replay(Fault.NONE).scratch(directory).run()).getMessage();
        assertTrue(foreign.contains("no replay has made"), foreign);
        final String checkpoint = assertThrows(IllegalArgumentException.class,
            () -> recording.replay(Fault.NONE).from(99).run()).getMessage();
        assertTrue(checkpoint.contains("checkpoint=99 is not in"), checkpoint);
        final String order = assertThrows(IllegalStateException.class,
            () -> recording.replay(Fault.NONE).checkpoints(directory.resolve("nowhere")).run()).getMessage();
        assertTrue(order.contains("no recorded order"), order);
        assertThrows(IllegalArgumentException.class, () -> ReplayPosition.parse("checkpoint:x"));
        assertEquals(ReplayPosition.record("source-0", 7), ReplayPosition.parse("source-0:7"));
        assertEquals(ReplayPosition.cause(3L << 16 | 5), ReplayPosition.parse("cause:3.5"));
    }

    private static long written(final Path journal)
    {
        long records = 0;
        try (JournalReader reader =
            JournalReader.open(new JournalContext().directory(journal).recordType(TotalFlyweight.TYPE)))
        {
            while (reader.poll() == JournalReader.FRAME)
            {
                records += reader.recordCount();
            }
        }
        return records;
    }
}
