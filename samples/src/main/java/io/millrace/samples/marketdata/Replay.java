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

import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.Pipeline;

import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Runs the journal of trades twice more, under different threading modes and with different rings, and compares hashes
 * of every bar and of the state at every checkpoint with each other and with the bars of the run itself.
 */
final class Replay
{
    private final MarketDataOptions options;

    Replay(final MarketDataOptions options)
    {
        this.options = options;
    }

    void compare() throws Exception
    {
        final String recorded = hash(options.bars());
        final String first = replay("replay-1", ThreadingMode.DEDICATED, 64);
        final String second = replay("replay-2", ThreadingMode.SHARED, 4096);
        System.out.println("output of the run:   " + recorded);
        System.out.println("replay, dedicated:   " + first);
        System.out.println("replay, shared:      " + second);
        if (!first.equals(second) || !first.startsWith(recorded))
        {
            throw new IllegalStateException("replays differ: run " + recorded + ", first " + first + ", second " + second);
        }
        System.out.println("replayed twice: output and state are the same");
    }

    private String replay(final String name, final ThreadingMode mode, final int ringCapacity) throws Exception
    {
        final Path directory = options.directory().resolve(name);
        MarketDataSample.delete(directory);
        final Path bars = directory.resolve("bars");
        final Pipeline pipeline = MarketDataPipeline.create(options.trades(), bars, trade -> true, (bar, metadata) -> bar.end());
        final JobConfig config = new JobConfig().threading(mode).ringCapacity(ringCapacity).chaining(false)
            .checkpointing(Checkpoints.in(directory.resolve("checkpoints")).everyRecords(JobSettings.TRADES_PER_CHECKPOINT));
        try (Job job = pipeline.start(config))
        {
            job.await();
        }
        final String hash = hash(bars);
        MarketDataSample.delete(directory);
        return hash;
    }

    /** Checksum of every record's timestamp, identity and content, whatever frames they lie in. */
    private static String hash(final Path journal)
    {
        final CRC32C checksum = new CRC32C();
        long records = 0;
        final byte[] bytes = new byte[SlotDescriptor.HEADER_LENGTH + BarFlyweight.TYPE.maxLength()];
        try (JournalReader reader = JournalReader.open(new JournalContext().directory(journal).recordType(BarFlyweight.TYPE)
            .account(new MemoryAccount("replay"))))
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
