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
package io.millrace.laboratory;

import io.millrace.checkpoint.backend.ChronicleMapBackend;
import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.checkpoint.replay.ReplayJournals;
import io.millrace.checkpoint.savepoint.Savepoints;
import io.millrace.checkpoint.store.SnapshotStoreContext;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.MemoryAccount;
import io.millrace.operators.DataStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.sink.rolling.RollingFileSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * T20: a name that becomes a path stays where it belongs. What is put under a name of the user's is refused when that is
 * no plain one, or lies in its own directory whatever it is (S3). Keys in an object store: {@code S3NamesTest} of the
 * extensions; names in a manifest: {@code CorruptionTest} of the checkpoints.
 */
@Tag("laboratory")
class TraversalTest
{
    /** So many operators of one job, each with a table of its own. */
    private static final int OPERATORS = Laboratory.size("uids", 3, 100);

    @TempDir
    private Path directory;
    private Path root;

    @BeforeEach
    void makeRoot() throws IOException
    {
        root = Files.createDirectories(directory.resolve("a/b/c/root"));
    }

    @Test
    void shouldKnowMoreThanTwoHundredNames()
    {
        assertTrue(HostileNames.all().size() >= 200, "names=" + HostileNames.all().size());
    }

    @Test
    void shouldRefuseThemAsPrefixesOfFiles() throws IOException
    {
        assertEquals(Set.of(), taken(name -> RollingFileSink.<Impulse>csv(root, name)));
    }

    @Test
    void shouldRefuseThemAsJournals() throws IOException
    {
        assertEquals(Set.of(), taken(name -> ReplayJournals.in(root).output(name)));
        assertEquals(Set.of(), taken(name -> ReplayJournals.in(root).input(name)));
    }

    @Test
    void shouldRefuseThemAsSavepoints() throws IOException
    {
        assertEquals(Set.of(), taken(name -> Savepoints.in(root.resolve(name)).open(new MemoryAccount("test")).close()));
    }

    /** Dots alone are a job's name as any other: it is in no path. */
    @Test
    void shouldRefuseThemAsNamesOfJobsOrKeepThemOutOfPaths() throws IOException
    {
        assertEquals(Set.of(".", "..", "...", "..x"), taken(Pipeline::create));
        final Path checkpoints = root.resolve("checkpoints");
        run("..", List.of("counts"), new JobConfig().checkpointing(Checkpoints.in(checkpoints))
            .stateBackend(ChronicleMapBackend.in(root.resolve("state")).entries(100)));
        assertEquals(Set.of("checkpoints", "state"), names(root));
        assertEquals(Set.of("root"), names(root.getParent()));
        assertFalse(names(checkpoints).isEmpty());
        new SnapshotStoreContext().jobName("..");
    }

    @Test
    void shouldKeepTheStateOfAnyUidInItsDirectory() throws IOException
    {
        final long seed = Laboratory.seed("T20");
        final List<String> uids = new ArrayList<>(HostileNames.all());
        uids.removeIf(String::isBlank);
        Collections.shuffle(uids, new Random(seed));
        final Path state = root.resolve("state");
        final Path checkpoints = root.resolve("checkpoints");
        run("uids", uids.subList(0, OPERATORS), new JobConfig().checkpointing(Checkpoints.in(checkpoints))
            .stateBackend(ChronicleMapBackend.in(state).entries(100)));
        assertEquals(OPERATORS, names(state).size());
        assertEquals(Set.of("checkpoints", "state"), names(root));
        assertEquals(Set.of("root"), names(root.getParent()));
        names(state).forEach(name -> assertTrue(name.matches("[A-Za-z0-9_-]{1,100}"), name));
    }

    /** The negative control: what takes any name leaves something outside. */
    @Test
    void shouldNoticeWhatTakesAnyName() throws IOException
    {
        assertFalse(taken(name -> create(root.resolve(name))).isEmpty());
        assertFalse(Set.of("root").equals(names(root.getParent())));
    }

    private static void create(final Path path)
    {
        try
        {
            if (path.normalize().toString().length() < 200 && path.normalize().getNameCount() > 4 &&
                path.normalize().startsWith(path.getRoot().resolve("tmp")))
            {
                Files.createDirectories(path.normalize());
            }
        }
        catch (final IOException exception)
        {
            throw new IllegalStateException(exception);
        }
    }

    /** The names that are not refused. None may leave anything behind. */
    private Set<String> taken(final Consumer<String> use) throws IOException
    {
        final Set<String> taken = new TreeSet<>();
        for (final String name : HostileNames.all())
        {
            try
            {
                use.accept(name);
                taken.add(name);
            }
            catch (final IllegalArgumentException | IllegalStateException refused)
            {
                assertTrue(refused instanceof InvalidPathException || refused.getMessage().length() > 10, name);
            }
        }
        return taken;
    }

    private static Set<String> names(final Path parent) throws IOException
    {
        try (Stream<Path> paths = Files.list(parent))
        {
            return paths.map(path -> path.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** A job of as many operators as there are uids, to its end. */
    private static void run(final String job, final List<String> uids, final JobConfig config)
    {
        final Pipeline pipeline = Pipeline.create(job);
        final DataStream<Impulse> impulses = pipeline.source(Generator.of(ImpulseFlyweight.TYPE, 100,
            (number, out) -> out.time(number).key(number)), WatermarkStrategy.forMonotonousTimestamps(), "impulses");
        for (final String uid : uids)
        {
            impulses.keyByLong(Impulse::key).process(TallyFlyweight.TYPE, () -> new Tallying(JobFault.NONE)).uid(uid)
                .sink(CallbackSink.of(tally ->
                {
                }));
        }
        try (Job started = pipeline.start(config.threading(ThreadingMode.INVOKER)))
        {
            while (started.status() == JobStatus.RUNNING)
            {
                started.doWork();
            }
            assertEquals(JobStatus.FINISHED, started.status(), () -> String.valueOf(started.failure()));
        }
    }
}
