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
package io.millrace.samples.marketdata;

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.checkpoint.replay.ReplayReport;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.StateHash;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.Pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Runs the journal of trades twice more, under different threading modes and cut into different tasks, and compares the
 * bars, and what every operator holds at every checkpoint, with each other; and the bars with those of the run itself.
 */
final class Replay
{
    private final MarketDataOptions options;

    /**
     * What came of a replay.
     *
     * @param bars   hash of the output
     * @param states hash of the state, by checkpoint and operator
     */
    private record Outcome(String bars, List<StateHash> states)
    {
    }

    Replay(final MarketDataOptions options)
    {
        this.options = options;
    }

    /**
     * Compares.
     *
     * @throws IllegalStateException at the first difference
     */
    void compare() throws Exception
    {
        final String recorded = hash(options.bars());
        final Outcome first = replay("replay-1", ThreadingMode.DEDICATED, 64, true);
        final Outcome second = replay("replay-2", ThreadingMode.INVOKER, 1024, false);
        final ReplayReport report = compareWithRun();
        System.out.println("output of the run                  " + recorded);
        System.out.println("replay, dedicated, in two tasks    " + first.bars + ", " + text(first.states));
        System.out.println("replay, invoker, in one task       " + second.bars + ", " + text(second.states));
        if (!first.bars.equals(recorded) || !second.bars.equals(recorded))
        {
            throw new IllegalStateException(
                "replays differ: run=" + recorded + " first=" + first.bars + " second=" + second.bars);
        }
        compare(first.states, second.states);
        System.out.println("replayed twice: output and state are the same");
        if (!report.isSame())
        {
            throw new IllegalStateException("the replay differs from the run:\n" + report);
        }
        System.out.println("compared with the run: " + report.same() + " bars, hashes of operators at " + report.barriers() +
            " checkpoints");
    }

    // tag::replay[]
    private ReplayReport compareWithRun()
    {
        return io.millrace.checkpoint.replay.Replay.of((journals, config) -> MarketDataPipeline.create(journals.input("trades"),
                journals.output("bars"), trade -> true, (bar, metadata) -> bar.end(), false).plan(config))
            .journal("trades", options.trades())
            .output("bars", options.bars())
            .checkpoints(JobSettings.checkpoints(options.directory()))
            .scratch(options.directory().resolve("replay-3"))
            .run();
    }
    // end::replay[]

    static void compare(final List<StateHash> first, final List<StateHash> second)
    {
        for (int i = 0; i < Math.min(first.size(), second.size()); i++)
        {
            if (!first.get(i).equals(second.get(i)))
            {
                throw new IllegalStateException("replays differ: first=" + first.get(i) + " second=" + second.get(i));
            }
        }
        if (first.size() != second.size() || first.isEmpty())
        {
            throw new IllegalStateException(
                "replays differ: states first=" + first.size() + " second=" + second.size());
        }
    }

    private static String text(final List<StateHash> states)
    {
        final long checkpoints = states.stream().mapToLong(StateHash::checkpoint).distinct().count();
        return states.size() + " states at " + checkpoints + " checkpoints, hash " +
            Integer.toHexString(states.hashCode());
    }

    private Outcome replay(
        final String name, final ThreadingMode mode, final int ringCapacity, final boolean apart) throws Exception
    {
        final Path directory = options.directory().resolve(name);
        MarketDataSample.delete(directory);
        final Path bars = directory.resolve("bars");
        final Pipeline pipeline =
            MarketDataPipeline.create(options.trades(), bars, trade -> true, (bar, metadata) -> bar.end(), apart);
        final JobConfig config = JobSettings.config(options, directory)
            .threading(mode).ringCapacity(ringCapacity).stateHashes(true);
        final List<StateHash> states;
        try (Job job = pipeline.start(config))
        {
            while (mode == ThreadingMode.INVOKER && job.status() == JobStatus.RUNNING)
            {
                if (job.doWork() == 0)
                {
                    Thread.onSpinWait();
                }
            }
            job.await();
            states = job.stateHashes();
        }
        final Outcome outcome = new Outcome(hash(bars), states);
        MarketDataSample.delete(directory);
        return outcome;
    }

    /** Checksum of every record's timestamp, identity and content, whatever frames they lie in. */
    static String hash(final Path journal)
    {
        final CRC32C checksum = new CRC32C();
        long records = 0;
        final byte[] bytes = new byte[SlotDescriptor.HEADER_LENGTH + BarFlyweight.TYPE.maxLength()];
        try (JournalReader reader = JournalReader.open(new JournalContext()
            .directory(journal).recordType(BarFlyweight.TYPE).account(new MemoryAccount("replay"))))
        {
            while (reader.poll() == JournalReader.FRAME)
            {
                for (long slot = reader.nextRecord(); slot != 0; slot = reader.nextRecord())
                {
                    final int length = SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot);
                    Memory.copyOut(slot, bytes, 0, length);
                    checksum.update(bytes, 0, length);
                    records++;
                }
            }
        }
        return records + " bars, checksum " + Long.toHexString(checksum.getValue());
    }
}
