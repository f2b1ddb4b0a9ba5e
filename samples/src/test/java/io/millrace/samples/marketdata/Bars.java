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
import io.millrace.checkpoint.journal.JournalWriter;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes, reads and forges journals of bars. */
final class Bars
{
    private Bars()
    {
    }

    /** Runs the job on a tape, stepped by this thread. */
    static List<BarValue> compute(final Path directory, final List<Tape.Line> tape)
    {
        final Path trades = directory.resolve("trades");
        new TapeRecorder(trades, tape, 1, 0).run();
        try (Job job = MarketDataPipeline
            .create(trades, directory.resolve("bars"), trade -> true, (bar, metadata) -> bar.end(), false)
            .start(new JobConfig().threading(ThreadingMode.INVOKER)))
        {
            while (job.status() == JobStatus.RUNNING)
            {
                job.doWork();
            }
        }
        return read(directory.resolve("bars"));
    }

    static List<BarValue> read(final Path journal)
    {
        final List<BarValue> bars = new ArrayList<>();
        final BarFlyweight bar = new BarFlyweight();
        try (JournalReader reader = JournalReader.open(context(journal)))
        {
            while (reader.poll() == JournalReader.FRAME)
            {
                for (long slot = reader.nextRecord(); slot != 0; slot = reader.nextRecord())
                {
                    bar.wrap(slot + SlotDescriptor.HEADER_LENGTH, SlotDescriptor.length(slot));
                    bars.add(BarValue.copyOf(bar));
                }
            }
        }
        return bars;
    }

    static void write(final Path journal, final List<BarValue> bars)
    {
        final BarFlyweight bar = new BarFlyweight();
        try (JournalWriter writer = JournalWriter.open(context(journal)))
        {
            for (final BarValue value : bars)
            {
                final long slot = writer.claim(BarFlyweight.TYPE.blockLength());
                bar.wrap(slot + SlotDescriptor.HEADER_LENGTH, BarFlyweight.TYPE.blockLength());
                bar.end(value.end()).length(value.length()).price(value.price()).averagePrice(value.averagePrice())
                    .volume(value.volume()).trades(value.trades()).instrument(value.instrument());
                writer.commit();
                writer.flush();
            }
        }
    }

    private static JournalContext context(final Path journal)
    {
        return new JournalContext().directory(journal).recordType(BarFlyweight.TYPE).account(new MemoryAccount("test"));
    }
}
