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

import io.millrace.checkpoint.hash.HashBlock;
import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.checkpoint.journal.JournalSchema;
import io.millrace.checkpoint.journal.JournalWriter;
import io.millrace.core.checkpoint.BarrierHash;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.runtime.EmissionObserver;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobFailedException;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One pipeline that is replayed, stepped by the caller's thread. */
final class ReplaySession implements AutoCloseable
{
    /** Steps without work after which nothing comes any more: every task has looked at its input, and at what the others sent. */
    private static final int QUIET_STEPS = 4;

    private final Replay replay;
    private final RecordedRun run;
    private final MemoryAccount account = new MemoryAccount("replay");
    private final Map<String, Path> outputs = new LinkedHashMap<>();
    private final ReplayGate gate;
    private final PlanJournals journals;
    private final RestoredPlace restored;
    private final long until;
    private final List<String> notes = new ArrayList<>();
    private final Job job;

    /**
     * Starts a replay.
     *
     * @param replay        settings
     * @param run           that is replayed
     * @param pipeline      to be run
     * @param scratch       directory for its outputs
     * @param stepping      whether records come one at a time, when the gate allows one
     * @param observer      that sees what operators emit, or null
     * @param maxEntries    of the tables that are hashed
     * @param settledHashes takes the hashes of each barrier
     */
    ReplaySession(
        final Replay replay,
        final RecordedRun run,
        final ReplayablePipeline pipeline,
        final Path scratch,
        final boolean stepping,
        final EmissionObserver observer,
        final long maxEntries,
        final Consumer<List<BarrierHash>> settledHashes)
    {
        this.replay = replay;
        this.run = run;
        this.gate = new ReplayGate(stepping ? ReplayPace.FAST : replay.pace());
        final long[] range = {-1, Long.MAX_VALUE};
        final JobConfig config = config(stepping, observer, maxEntries, settledHashes, range);
        journals = new PlanJournals(pipeline.plan(new ReplayJournals(replay::input, name -> output(scratch, name)), config));
        gate.plan(journals);
        checkOrder();
        restored = replay.from() == 0 ? RestoredPlace.START : run.restored(replay.from(), journals, account);
        until = run.ordered() ? run.orderedLimit(replay.until(), journals, account) : unorderedLimit();
        range[0] = restored.cause();
        range[1] = until;
        if (!run.ordered())
        {
            gate.limit(until);
            placeBarriers();
        }
        if (stepping)
        {
            gate.step();
        }
        if (replay.from() != 0)
        {
            seedOutputs();
        }
        job = Job.start(journals.plan(), config);
    }

    private Path output(final Path scratch, final String name)
    {
        return outputs.computeIfAbsent(name, key -> scratch.resolve("outputs").resolve(key));
    }

    private JobConfig config(
        final boolean stepping,
        final EmissionObserver observer,
        final long maxEntries,
        final Consumer<List<BarrierHash>> settledHashes,
        final long[] range)
    {
        final JobConfig config = new JobConfig();
        replay.configuring().accept(config);
        config.threading(ThreadingMode.INVOKER).ioThread(false).restarts(0).gating(gate)
            // What the order log says is read; behind it the clock stands still.
            .clock(() -> Long.MIN_VALUE)
            .checkpointing(context ->
            {
                final ReplayedCheckpoints service =
                    new ReplayedCheckpoints(context, run.directory(), replay.from(), maxEntries, settledHashes);
                gate.checkpoints(service);
                return service;
            });
        if (run.ordered())
        {
            config.replaying(new ReplayOrder(run, () -> range[0], () -> range[1], stepping));
        }
        if (observer != null)
        {
            config.observing(observer);
        }
        return config;
    }

    private void checkOrder()
    {
        final boolean wanted = journals.sources().size() > 1 || journals.plan().usesClock();
        if (wanted && !run.ordered())
        {
            throw new IllegalStateException("job " + journals.plan().name() + " has sources=" + journals.sources().size() +
                (journals.plan().usesClock() ? " and uses the engine's clock" : "") +
                ", but there is no recorded order to follow: name the directory of its checkpoints, which must be keepingOrder()");
        }
    }

    private long unorderedLimit()
    {
        final ReplayPosition position = replay.until();
        return switch (position.kind())
        {
            case END -> Long.MAX_VALUE;
            case CAUSE -> position.value();
            case CHECKPOINT -> run.checkpointCause(position.value(), journals, account);
            case RECORD -> causeOfRecord(journals.source(position.source()), position.value());
        };
    }

    private static long causeOfRecord(final PlanNode source, final long count)
    {
        final JournalContext context = PlanJournals.input(source);
        long left = count;
        try (JournalReader reader = JournalReader.open(context))
        {
            while (left > 0 && reader.poll() == JournalReader.FRAME)
            {
                while (left > 0 && reader.nextRecord() != 0)
                {
                    left--;
                }
                if (left == 0)
                {
                    return reader.cause();
                }
            }
        }
        return count <= 0 ? -1 : Long.MAX_VALUE;
    }

    /** Without an order log the hashes say where barriers were. */
    private void placeBarriers()
    {
        final PlanNode source = journals.onlySource();
        final List<HashBlock> blocks =
            run.hashes().stream().filter(block -> block.cause() > restored.cause() && block.cause() <= until).toList();
        if (source == null || blocks.isEmpty())
        {
            return;
        }
        if (blocks.get(0).checkpoint() != replay.from() + 1 && blocks.get(0).restored() != replay.from())
        {
            notes.add("hashes begin at checkpoint " + blocks.get(0).checkpoint() + " and are not compared: begin there, or have " +
                "the job keepingOrder()");
            return;
        }
        final List<Long> intervals = new ArrayList<>();
        long previous = restored.cause();
        for (final HashBlock block : blocks)
        {
            final BarrierHash hash = block.hashes().stream()
                .filter(row -> row.operator().equals(source.uid())).findFirst().orElse(null);
            if (hash == null || block.cause() > (hash.records() > 0 ? hash.lastCause() : previous))
            {
                // The barrier behind the end, which the end asks for by itself.
                break;
            }
            intervals.add(hash.records());
            previous = block.cause();
        }
        gate.intervals(intervals);
    }

    /** What a sink had written before the checkpoint must be there: its last record is enough. */
    private void seedOutputs()
    {
        for (final PlanNode sink : journals.sinks())
        {
            final JournalContext context = PlanJournals.output(sink);
            final String name = outputName(sink);
            final Path recorded = name == null ? null : replay.outputs().get(name);
            if (recorded == null)
            {
                throw new IllegalStateException("sink " + sink.name() + " writes journal=" + context.directory() +
                    ", which needs to know what was written before checkpoint " + replay.from() +
                    ": give it journals.output(name), and the replay the recorded journal with output(name, directory)");
            }
            seed(sink, recorded, context);
        }
    }

    /** What the pipeline calls the journal of a sink; null when it did not ask for it. */
    private String outputName(final PlanNode sink)
    {
        return outputs.entrySet().stream()
            .filter(entry -> entry.getValue().equals(PlanJournals.output(sink).directory())).map(Map.Entry::getKey)
            .findFirst().orElse(null);
    }

    private void seed(final PlanNode sink, final Path recorded, final JournalContext context)
    {
        final RestoredPlace.Written written = restored.written(sink.uid());
        final String schema = JournalSchema.of(recorded);
        if (written.cause() < 0 || schema == null)
        {
            // Nothing is wanted, or the sink says what is missing.
            return;
        }
        byte[] last = null;
        try (JournalReader reader = JournalReader.open(new JournalContext().directory(recorded).schema(schema)))
        {
            boolean behind = false;
            while (!behind && reader.poll() == JournalReader.FRAME)
            {
                for (long slot = reader.nextRecord(); slot != 0 && !behind; slot = behind ? 0 : reader.nextRecord())
                {
                    behind = !written.covers(SlotDescriptor.cause(slot), SlotDescriptor.ingressTime(slot));
                    if (!behind)
                    {
                        last = last == null || last.length != SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot) ?
                            new byte[SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot)] : last;
                        Memory.copyOut(slot, last, 0, last.length);
                    }
                }
            }
        }
        if (last != null)
        {
            try (JournalWriter writer = JournalWriter.open(
                new JournalContext().directory(context.directory()).schema(schema).account(account)))
            {
                Memory.copyIn(last, 0, writer.claim(last.length - SlotDescriptor.HEADER_LENGTH), last.length);
                writer.commit();
                writer.flush();
            }
        }
    }

    /** The last record of an output that was written before the replay began. */
    RestoredPlace.Written written(final String output)
    {
        return journals.sinks().stream().filter(sink -> output.equals(outputName(sink))).findFirst()
            .map(sink -> restored.written(sink.uid())).orElseGet(() -> new RestoredPlace.Written(from(), Long.MAX_VALUE));
    }

    /** Steps until nothing comes any more. */
    void run()
    {
        int quiet = 0;
        while (job.status() == JobStatus.RUNNING && quiet < QUIET_STEPS)
        {
            final int work = job.doWork();
            final long wait = gate.takeWait();
            if (work == 0 && wait > 0)
            {
                replay.pace().pause(wait);
            }
            quiet = work == 0 && wait == 0 ? quiet + 1 : 0;
        }
        final JobFailedException failure = job.failure();
        if (failure != null)
        {
            throw failure;
        }
    }

    Job job()
    {
        return job;
    }

    ReplayGate gate()
    {
        return gate;
    }

    PlanJournals journals()
    {
        return journals;
    }

    MemoryAccount account()
    {
        return account;
    }

    /** Cause that it began behind. */
    long from()
    {
        return restored.cause();
    }

    /** Last cause that is replayed. */
    long until()
    {
        return until;
    }

    Map<String, Path> outputs()
    {
        return outputs;
    }

    List<String> notes()
    {
        return notes;
    }

    @Override
    public void close()
    {
        try
        {
            job.close();
        }
        finally
        {
            gate.close();
        }
    }
}
