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
package io.millrace.checkpoint.replay;

import io.millrace.checkpoint.files.DirectoryLock;
import io.millrace.checkpoint.files.PrivateFiles;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.hash.HashBlock;
import io.millrace.core.checkpoint.BarrierHash;
import io.millrace.core.checkpoint.HashRecording;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs what a job was given once more, in the order in which it was given, and compares what comes of it with what came then.
 * <pre>
 *   ReplayReport report = Replay.of(new Prices())
 *       .journal("trades", directory.resolve("trades"))
 *       .checkpoints(directory.resolve("checkpoints"))         // the order, hashes, where to begin
 *       .output("bars", directory.resolve("bars"))             // compared record by record
 *       .scratch(directory.resolve("replay"))
 *       .run();
 * </pre>
 * Everything is read where it is and nothing is written there; what the pipeline writes goes into the scratch directory. The
 * caller's thread does all the work. A replay that was killed is started again from its beginning. Other sinks than journals
 * are the pipeline's own matter: they see everything once more.
 * <p>
 * With another pipeline this tells what changed code makes of yesterday's journal. It needs the same sources, in the same
 * order; to begin at a checkpoint it needs the same plan.
 */
public final class Replay
{
    private static final String MARKER = "millrace-replay";
    private static final int DIFFERENCES = 100;

    private final ReplayablePipeline pipeline;
    private final Map<String, Path> inputs = new LinkedHashMap<>();
    private final Map<String, Path> outputs = new LinkedHashMap<>();
    private Path checkpoints;
    private Path scratch;
    private long from;
    private ReplayPosition until = ReplayPosition.END;
    private ReplayPace pace = ReplayPace.FAST;
    private ReplayablePipeline baseline;
    private int listed = DIFFERENCES;
    private Consumer<JobConfig> configuring = config ->
    {
    };

    private Replay(final ReplayablePipeline pipeline)
    {
        this.pipeline = Objects.requireNonNull(pipeline, "pipeline");
    }

    /**
     * A replay.
     *
     * @param pipeline of the job, or changed code
     * @return a replay, to be told where the job's journals are
     */
    public static Replay of(final ReplayablePipeline pipeline)
    {
        return new Replay(pipeline);
    }

    /**
     * A journal that the pipeline reads.
     *
     * @param name      that the pipeline asks for
     * @param directory of the journal
     * @return this
     */
    public Replay journal(final String name, final Path directory)
    {
        inputs.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(directory, "directory"));
        return this;
    }

    /**
     * The checkpoints of the run: with them are the order of its sources, hashes, and places to begin at. Needed unless the
     * job has one source and no use for the engine's clock.
     *
     * @param directory of the checkpoints; {@code keepingOrder()} for a replay from the beginning, {@code recordingHashes()}
     *                  for comparisons operator by operator
     * @return this
     */
    public Replay checkpoints(final Path directory)
    {
        checkpoints = Objects.requireNonNull(directory, "directory");
        return this;
    }

    /**
     * A journal that the run has written, to be compared with what the replay writes.
     *
     * @param name      that the pipeline asks for
     * @param directory of the recorded journal
     * @return this
     */
    public Replay output(final String name, final Path directory)
    {
        outputs.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(directory, "directory"));
        return this;
    }

    /**
     * Where the replay writes: a directory of its own, emptied when it is one of an earlier replay.
     *
     * @param directory made when it is not there
     * @return this
     */
    public Replay scratch(final Path directory)
    {
        scratch = Objects.requireNonNull(directory, "directory");
        return this;
    }

    /**
     * Begins at a checkpoint instead of the beginning.
     *
     * @param checkpoint id of one that is kept, 0 for the beginning
     * @return this
     */
    public Replay from(final long checkpoint)
    {
        if (checkpoint < 0)
        {
            throw new IllegalArgumentException("checkpoint=" + checkpoint + " must be an id, or 0 for the beginning");
        }
        from = checkpoint;
        return this;
    }

    /**
     * Ends before the end of what was recorded.
     *
     * @param position to end at
     * @return this
     */
    public Replay until(final ReplayPosition position)
    {
        until = Objects.requireNonNull(position, "position");
        return this;
    }

    /**
     * How fast to go; as fast as it goes by default.
     *
     * @param newPace of the replay
     * @return this
     */
    public Replay pace(final ReplayPace newPace)
    {
        pace = Objects.requireNonNull(newPace, "pace");
        return this;
    }

    /**
     * Compares with what another pipeline makes of the same input, instead of what was recorded: both are run.
     *
     * @param other pipeline that is the measure, say the code before the change
     * @return this
     */
    public Replay against(final ReplayablePipeline other)
    {
        baseline = Objects.requireNonNull(other, "pipeline");
        return this;
    }

    /**
     * How many differences are listed, 100 by default; all are counted.
     *
     * @param most 1 or more
     * @return this
     */
    public Replay listing(final int most)
    {
        if (most < 1)
        {
            throw new IllegalArgumentException("most=" + most + " differences to list must be 1 or more");
        }
        listed = most;
        return this;
    }

    /**
     * Sets what decides of the plan, as the run had it: parallelism bounds, chaining; also backend and memory. Threading,
     * clock and checkpoints are the replay's.
     *
     * @param settings of the job
     * @return this
     */
    public Replay configuring(final Consumer<JobConfig> settings)
    {
        configuring = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /**
     * Runs the replay to where it ends. May be called again.
     *
     * @return what came of it
     * @throws IllegalStateException when something is missing that the replay needs, or another process works in the scratch
     *     directory
     * @throws io.millrace.core.runtime.JobFailedException when the pipeline fails
     */
    public ReplayReport run()
    {
        try (DirectoryLock lock = prepare())
        {
            final RecordedRun run = new RecordedRun(checkpoints);
            final ReplayReport report = run(run);
            lock.markClean();
            return report;
        }
    }

    /**
     * Begins a replay that the caller steps record by record. Nothing is compared, and there is no pace.
     *
     * @return the stepper, before the first record; closed by the caller
     * @throws IllegalStateException as {@link #run()}
     */
    public ReplayStepper step()
    {
        return new ReplayStepper(this);
    }

    private ReplayReport run(final RecordedRun run)
    {
        final List<HashBlock> measure = new ArrayList<>();
        final Map<String, Path> compared = new LinkedHashMap<>();
        final boolean asRecorded = baseline == null;
        final long entries = !asRecorded ? HashRecording.EVERYTHING :
            run.hashes().isEmpty() ? 0 : run.hashes().get(0).maxEntries();
        if (asRecorded)
        {
            measure.addAll(run.hashes());
            compared.putAll(outputs);
        }
        else
        {
            try (ReplaySession session = new ReplaySession(this, run, baseline, scratch.resolve("baseline"), false, null, entries,
                hashes -> measure.add(block(hashes))))
            {
                session.run();
                compared.putAll(session.outputs());
            }
        }
        final HashComparison[] hashes = new HashComparison[1];
        final List<List<BarrierHash>> early = new ArrayList<>();
        try (ReplaySession session = new ReplaySession(this, run, pipeline, scratch, false, null, entries,
            settled -> add(settled, hashes[0], early)))
        {
            hashes[0] = new HashComparison(measure, session.journals(), entries, session.from());
            early.forEach(hashes[0]::add);
            session.run();
            final long certain = asRecorded ? run.lastCompleteCause(session.journals(), session.account()) : Long.MAX_VALUE;
            final boolean finished = session.job().status() == JobStatus.FINISHED;
            session.job().close();
            return report(run, session, hashes[0], compared, certain, finished);
        }
    }

    private static void add(
        final List<BarrierHash> settled, final HashComparison hashes, final List<List<BarrierHash>> early)
    {
        if (hashes == null)
        {
            early.add(settled);
        }
        else
        {
            hashes.add(settled);
        }
    }

    private static HashBlock block(final List<BarrierHash> hashes)
    {
        final long checkpoint = hashes.isEmpty() ? 0 : hashes.get(0).checkpoint();
        return new HashBlock(
            checkpoint, hashes.isEmpty() ? -1 : hashes.get(0).cause(), true, 0, 0, HashRecording.EVERYTHING, hashes);
    }

    private ReplayReport report(
        final RecordedRun run,
        final ReplaySession session,
        final HashComparison hashes,
        final Map<String, Path> compared,
        final long certain,
        final boolean finished)
    {
        final List<String> notes = new ArrayList<>(session.notes());
        final JournalComparison comparison = new JournalComparison(session.until(), certain, listed);
        for (final Map.Entry<String, Path> output : compared.entrySet())
        {
            final Path replayed = session.outputs().get(output.getKey());
            if (replayed == null)
            {
                notes.add("output " + output.getKey() + " is not compared: the pipeline does not ask for journals.output(\"" +
                    output.getKey() + "\"), but for " + session.outputs().keySet());
            }
            else
            {
                comparison.compare(output.getKey(), output.getValue(), replayed, session.written(output.getKey()));
            }
        }
        session.outputs().keySet().stream().filter(name -> !compared.containsKey(name))
            .forEach(name -> notes.add("output " + name + " is not compared: name what was recorded with output(\"" + name + "\", ...)"));
        if (hashes.barriers() == 0)
        {
            notes.add("no hashes are compared: there is no barrier that both have; the job records them with recordingHashes()");
        }
        if (!hashes.unmatched().isEmpty())
        {
            notes.add("hashes of operators that only one of the two has are not compared: " + hashes.unmatched());
        }
        return new ReplayReport(session.gate().emitted(), finished, session.from(), hashes.barriers(), hashes.first(),
            comparison.same(), comparison.added(), comparison.missing(), comparison.changed(), comparison.beyond(),
            located(comparison.differences(), run, session), notes);
    }

    private static List<ReplayDifference> located(
        final List<ReplayDifference> found, final RecordedRun run, final ReplaySession session)
    {
        final long[] causes = found.stream().mapToLong(ReplayDifference::cause).sorted().distinct().toArray();
        final String[] positions = causes.length == 0 ? new String[0] : run.describe(causes, session.journals());
        final Map<Long, String> byCause = new LinkedHashMap<>();
        for (int i = 0; i < causes.length; i++)
        {
            byCause.put(causes[i], positions[i]);
        }
        return found.stream()
            .map(difference -> difference.at(byCause.get(difference.cause()), run.interval(difference.cause()))).toList();
    }

    /** Empties the scratch directory, which must be ours. */
    DirectoryLock prepare()
    {
        if (scratch == null)
        {
            throw new IllegalStateException("a replay needs a directory of its own to write to: set scratch(directory)");
        }
        try
        {
            final Path marker = scratch.resolve(MARKER);
            if (Files.isDirectory(scratch) && !Files.exists(marker) && !isEmpty(scratch))
            {
                throw new IllegalStateException("scratch=" + scratch + " holds something that no replay has made: name a " +
                    "directory that is empty or not there");
            }
            PrivateFiles.createDirectories(scratch);
            if (!Files.exists(marker))
            {
                Files.createFile(marker);
            }
            final DirectoryLock lock = DirectoryLock.acquire(scratch, "replay");
            delete(scratch.resolve("outputs"));
            delete(scratch.resolve("baseline"));
            return lock;
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot prepare scratch=" + scratch, exception);
        }
    }

    private static boolean isEmpty(final Path directory) throws IOException
    {
        try (Stream<Path> entries = Files.list(directory))
        {
            return entries.findAny().isEmpty();
        }
    }

    private static void delete(final Path directory) throws IOException
    {
        if (Files.exists(directory))
        {
            try (Stream<Path> paths = Files.walk(directory))
            {
                for (final Path path : paths.sorted(Comparator.reverseOrder()).toList())
                {
                    Files.delete(path);
                }
            }
        }
    }

    Path input(final String name)
    {
        final Path directory = inputs.get(name);
        if (directory == null)
        {
            throw new IllegalArgumentException("the pipeline asks for journal=" + name + ", which the replay was not told, only " +
                inputs.keySet() + ": add journal(\"" + name + "\", directory)");
        }
        return directory;
    }

    ReplayablePipeline pipeline()
    {
        return pipeline;
    }

    Map<String, Path> outputs()
    {
        return outputs;
    }

    Path checkpoints()
    {
        return checkpoints;
    }

    Path scratch()
    {
        return scratch;
    }

    long from()
    {
        return from;
    }

    ReplayPosition until()
    {
        return until;
    }

    ReplayPace pace()
    {
        return pace;
    }

    Consumer<JobConfig> configuring()
    {
        return configuring;
    }
}
