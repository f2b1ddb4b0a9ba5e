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
package io.millrace.samples.savepoint;

import io.millrace.checkpoint.savepoint.Savepoints;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.savepoint.JobDescription;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.SavepointFactory;
import io.millrace.core.state.StateDescription;
import io.millrace.core.state.StatePlacement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What does not fit is refused by name, with what to do (SEMANTICS SP-2, SP-3). */
class RefusalTest
{
    private static final String SCHEMA =
        "Total{key:LONG@0+8,count:LONG@8+8,sum:LONG@16+8,end:LONG@24+8}32/32";

    @TempDir
    private static Path directory;
    private static Path savepoint;

    @BeforeAll
    static void makeSavepoint()
    {
        final SavepointJob job = new SavepointJob(7);
        savepoint = directory.resolve("two");
        try (Job running = job.start(SavepointJob.config(directory.resolve("made")), 2))
        {
            job.stop(running, 3_000, savepoint, false);
        }
    }

    private static SavepointFactory factory()
    {
        return Savepoints.in(savepoint);
    }

    private static UnaryOperator<JobDescription> total(final UnaryOperator<StateDescription> change)
    {
        return ChangedSavepoint.state("process", "total", change);
    }

    private static StateDescription lengths(
        final StateDescription state, final int keyLength, final int valueLength, final String schema)
    {
        return new StateDescription(state.name(), state.placement(), state.sliced(), keyLength, state.streamKeyLength(), valueLength,
            state.recordOffset(), schema);
    }

    private static UnaryOperator<JobDescription> schema(final String schema)
    {
        return total(state -> lengths(state, state.keyLength(), state.valueLength(), schema));
    }

    private static OperatorDescription with(
        final OperatorDescription operator, final String uid, final boolean source, final int parallelism)
    {
        return new OperatorDescription(
            uid, operator.name(), source, parallelism, operator.states(), operator.parts(), operator.inputs());
    }

    static Stream<Arguments> changes()
    {
        return Stream.of(
            Arguments.of("another maxParallelism", (UnaryOperator<JobDescription>)job ->
                new JobDescription(job.name(), 64, job.clock(), job.operators()), "maxParallelism=64 was stored"),
            Arguments.of("an operator that is gone", ChangedSavepoint.operator("process", each -> with(each, "gone", false, 2)),
                "uid=gone has state, and no operator has that uid"),
            Arguments.of("a source that is gone", ChangedSavepoint.operator("ticks", each -> with(each, "gone", true, 1)),
                "uid=gone has state, and no operator has that uid"),
            Arguments.of("a source that is an operator", ChangedSavepoint.operator("process", each -> with(each, "process", true, 2)),
                "uid=process is a source there, and an operator here"),
            Arguments.of("a state that is gone", total(state -> new StateDescription("gone", state.placement(), state.sliced(),
                state.keyLength(), state.streamKeyLength(), state.valueLength(), 0, state.schema())),
                "state=gone of uid=process: it has entries"),
            Arguments.of("longer keys", total(state -> lengths(state, 16, state.valueLength(), state.schema())),
                "keyLength=16 was stored, and is now keyLength=8"),
            Arguments.of("longer values", total(state -> lengths(state, 8, 40, "")),
                "valueLength=40 was stored, and is now valueLength=32"),
            Arguments.of("slices", total(state -> new StateDescription(state.name(), state.placement(), true,
                state.keyLength(), state.streamKeyLength(), state.valueLength(), 0, state.schema())), "slices=true was stored"),
            Arguments.of("another placement", total(state -> new StateDescription(state.name(), StatePlacement.SPLIT, state.sliced(),
                state.keyLength(), state.streamKeyLength(), state.valueLength(), 0, state.schema())), "placement=SPLIT was stored"),
            Arguments.of("a field that is gone", schema(SCHEMA.replace("sum:", "amount:")), "field=amount of record=Total was stored"),
            Arguments.of("a field of another type", schema(SCHEMA.replace("sum:LONG", "sum:DOUBLE")),
                "field=sum of record=Total was stored as sum:DOUBLE"),
            Arguments.of("a field elsewhere", schema(
                "Total{count:LONG@0+8,key:LONG@8+8,sum:LONG@16+8,end:LONG@24+8}32/32"), "field=count of record=Total was stored"),
            Arguments.of("another record", schema(SCHEMA.replace("Total{", "Sum{")), "stored record=Sum cannot be read as record=Total"));
    }

    private static IllegalStateException refused(final SavepointFactory factory, final String name, final JobConfig config, final int p)
    {
        return assertThrows(IllegalStateException.class, () ->
        {
            try (Job job = new SavepointJob(7).start(config.restoringFrom(factory), p))
            {
                job.doWork();
            }
        }, name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void shouldFollowSP2AndRefuse(final String what, final UnaryOperator<JobDescription> change, final String message)
    {
        final String refusal = refused(ChangedSavepoint.told(factory(), change), what,
            SavepointJob.config(directory.resolve("refused")), 2).getMessage();
        assertTrue(refusal.contains(message), refusal);
        assertTrue(refusal.contains("does not fit job everything"), refusal);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "0, 1"})
    void shouldFindKeyGroupsThatAreLeftOutOrReadTwice(final int skipped, final int repeated)
    {
        final String refusal = refused(ChangedSavepoint.read(factory(), skipped, repeated), "groups",
            SavepointJob.config(directory.resolve("groups")), 3).getMessage();
        assertTrue(refusal.contains("key groups were read twice or left out"), refusal);
    }

    @Test
    void shouldFollowSP2AndLeaveOutWhatMayBe()
    {
        final SavepointJob changed = new SavepointJob(7);
        try (Job job = changed.start(SavepointJob.config(directory.resolve("left-out")).allowNonRestoredState().restoringFrom(
            ChangedSavepoint.told(factory(), ChangedSavepoint.operator("process", each -> with(each, "gone", false, 2)))), 3))
        {
            SavepointJob.finish(job);
        }
        final List<String> process = changed.shown().stream().filter(line -> line.startsWith("process")).toList();
        assertEquals("1", process.get(0).split(" ", -1)[2], "a new operator begins from nothing");
    }

    @Test
    void shouldRefuseCheckpointsOfAnotherLife()
    {
        final String refusal = refused(factory(), "other", SavepointJob.config(directory.resolve("made")), 2).getMessage();
        assertTrue(refusal.contains("began from no savepoint"), refusal);
    }

    @Test
    void shouldFollowSP5AndGoOnFromItsOwnCheckpoint()
    {
        final List<String> expected = new SavepointJob(7).run(directory.resolve("whole"));
        final SavepointJob changed = new SavepointJob(7);
        final Path checkpoints = directory.resolve("own");
        long checkpoint = 0;
        try (Job job = changed.start(SavepointJob.config(checkpoints).restoringFrom(factory()), 4))
        {
            SavepointJob.stepUntil(job, () -> changed.shown().size() > 100);
            checkpoint = job.checkpoint();
            final long id = checkpoint;
            SavepointJob.stepUntil(job, () -> job.completedCheckpoint() == id);
        }
        final SavepointJob again = new SavepointJob(7);
        try (Job job = again.start(SavepointJob.config(checkpoints).restoringFrom(factory()), 4))
        {
            assertEquals(checkpoint, job.restoredCheckpoint());
            SavepointJob.finish(job);
        }
        assertTrue(expected.containsAll(again.shown()));
    }
}
