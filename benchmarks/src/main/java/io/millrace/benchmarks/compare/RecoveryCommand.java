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
package io.millrace.benchmarks.compare;

import io.millrace.benchmarks.workload.RecoverableState;
import io.millrace.benchmarks.workload.TemporaryDirectory;
import io.millrace.core.checkpoint.CheckpointReport;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * How long does it take from the start of a job until all its state is back and the first record is processed? Makes a job with
 * much state and several checkpoints, stops it, and starts it again and again in JVMs of their own.
 * <pre>
 *   every key | checkpoint | updates | checkpoint | updates | checkpoint ...    stop    recoveries from the chain
 *   small checkpoints until the chain is begun anew by one that holds all state stop    recoveries from that
 * </pre>
 */
@Command(
    name = "recovery",
    mixinStandardHelpOptions = true,
    description = "Times the start of a job from its checkpoints until it has processed its first record, in JVMs of their own.")
final class RecoveryCommand implements Callable<Integer>
{
    private static final long HIGHEST = TimeUnit.HOURS.toNanos(1);
    private static final int DIGITS = 3;
    private static final double GIBIBYTE = 1L << 30;
    private static final int FEW_EVENTS = 1_000;
    /** More checkpoints than any chain has. */
    private static final int MOST_CHECKPOINTS = 1_000;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private CompareCommand parent;

    @Option(
        names = "--bytes",
        paramLabel = "BYTES",
        converter = BytesConverter.class,
        description = "of the entries, 40 each, key and value, say 1g or 64m; default: 1g")
    private long bytes = 1L << 30;

    @Option(names = "--rounds", paramLabel = "N", description = "recoveries of each kind; default: ${DEFAULT-VALUE}")
    private int rounds = 20;

    @Option(
        names = "--deltas",
        paramLabel = "N",
        description = "incremental checkpoints behind the first one; default: ${DEFAULT-VALUE}")
    private int deltas = 8;

    @Option(
        names = "--updated",
        paramLabel = "PERCENT",
        description = "updates before each of them, in parts of the keys; default: ${DEFAULT-VALUE}")
    private int updated = 5;

    @Option(
        names = "--cache",
        split = ",",
        paramLabel = "STATE",
        converter = PageCacheConverter.class,
        description = "of the system's cache before each recovery: warm; cold-files, what it has of the checkpoints is dropped " +
            "(posix_fadvise); cold-machine, all it has is dropped (drop_caches, by root, felt by all programs); " +
            "default: warm,cold-files")
    private List<PageCache> caches = List.of(PageCache.WARM, PageCache.COLD_FILES);

    @Option(names = "--dir", paramLabel = "DIR", description = "where to put the checkpoints; default: among temporary files")
    private Path directory;

    @Override
    public Integer call()
    {
        final long keys = bytes / RecoverableState.ENTRY_LENGTH;
        if (keys < 1 || keys > Integer.MAX_VALUE / 2 || rounds < 1 || deltas < 0 || deltas > MOST_CHECKPOINTS || updated < 0)
        {
            throw new ParameterException(spec.commandLine(), "bytes=" + bytes + " keys=" + keys + " rounds=" + rounds +
                " deltas=" + deltas + " updated=" + updated + ": keys must be 1 to " + Integer.MAX_VALUE / 2 +
                ", rounds 1 or more, deltas 0 to " + MOST_CHECKPOINTS + ", updated 0 or more");
        }
        try (TemporaryDirectory temporary = new TemporaryDirectory(directory, "millrace-recovery"))
        {
            final Path checkpoints = temporary.path();
            recover("chain", fill(checkpoints, (int)keys), checkpoints, (int)keys);
            recover("begun-anew", beginAnew(checkpoints, (int)keys), checkpoints, (int)keys);
        }
        return 0;
    }

    private CheckpointReport fill(final Path checkpoints, final int keys)
    {
        try (RecoverableState state = new RecoverableState(checkpoints, keys))
        {
            state.process(keys);
            CheckpointReport report = state.checkpoint();
            for (int i = 0; i < deltas; i++)
            {
                state.process((long)keys * updated / 100);
                report = state.checkpoint();
            }
            return report;
        }
    }

    private static CheckpointReport beginAnew(final Path checkpoints, final int keys)
    {
        try (RecoverableState state = new RecoverableState(checkpoints, keys))
        {
            for (int i = 0; i < MOST_CHECKPOINTS; i++)
            {
                state.process(FEW_EVENTS);
                final CheckpointReport report = state.checkpoint();
                if (report.full())
                {
                    return report;
                }
            }
            throw new IllegalStateException("checkpoints=" + MOST_CHECKPOINTS + " and none of them held all state");
        }
    }

    private void recover(final String form, final CheckpointReport report, final Path checkpoints, final int keys)
    {
        final PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%s keys=%d entries=%.1fMB files=%d stored=%.1fMB checkpoint=%d%n", form, keys,
            (double)keys * RecoverableState.ENTRY_LENGTH / 1e6, report.chainLength(), report.chainBytes() / 1e6, report.id());
        out.flush();
        for (final PageCache cache : caches)
        {
            try
            {
                recover(form, report.id(), cache, checkpoints, keys);
            }
            catch (final IOException exception)
            {
                out.println(form + " " + cache.label() + " cannot be measured here: " + exception);
            }
            out.flush();
        }
    }

    private void recover(
        final String form, final long checkpoint, final PageCache cache, final Path checkpoints, final int keys)
        throws IOException
    {
        final ForkedJvm jvm = parent.jvm();
        final Histogram restored = new Histogram(HIGHEST, DIGITS);
        final Histogram first = new Histogram(HIGHEST, DIGITS);
        double resident = 0;
        long offHeap = 0;
        for (int i = 0; i < rounds; i++)
        {
            cache.prepare(checkpoints);
            resident += PageCache.resident(checkpoints) / rounds;
            final Recovery recovery = Recovery.run(jvm, checkpoints, keys);
            if (recovery.checkpoint() != checkpoint)
            {
                throw new IllegalStateException("checkpoint=" + recovery.checkpoint() + " was restored, and not the latest, " +
                    checkpoint + ": see the messages above");
            }
            restored.recordValue(Math.min(HIGHEST, recovery.restoredNanos()));
            first.recordValue(Math.min(HIGHEST, recovery.firstNanos()));
            offHeap = recovery.offHeapBytes();
        }
        spec.commandLine().getOut().printf(Locale.ROOT, "%s %s rounds=%d cached=%.2f off-heap=%.1fMB s restored %s first-record %s " +
            "s/GiB p50=%.2f%n", form, cache.label(), rounds, resident, offHeap / 1e6, percentiles(restored), percentiles(first),
            first.getValueAtPercentile(50) / 1e9 * GIBIBYTE / ((double)keys * RecoverableState.ENTRY_LENGTH));
    }

    private static String percentiles(final Histogram nanos)
    {
        return String.format(Locale.ROOT, "p50=%.3f p99=%.3f max=%.3f", nanos.getValueAtPercentile(50) / 1e9,
            nanos.getValueAtPercentile(99) / 1e9, nanos.getMaxValue() / 1e9);
    }
}
