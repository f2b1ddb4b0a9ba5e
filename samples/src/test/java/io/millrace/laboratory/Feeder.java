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

import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.checkpoint.journal.JournalWriter;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes the journal of a partition, in the process that is killed. Goes on behind what the journal holds. A frame is
 * of another day than the one before, now and then, so that the queue rolls.
 */
final class Feeder implements Runnable
{
    private static final int FRAME_RECORDS = 100;
    private static final int FRAMES_OF_A_DAY = 50;
    private static final long DAY_MILLIS = 86_400_000L;

    private final Path directory;
    private final int partition;
    private final int keys;
    private final long recordsPerSecond;
    private final long total;
    private final SyncLevel level;
    private final MemoryAccount account = new MemoryAccount("feeder");
    private final ImpulseFlyweight impulse = new ImpulseFlyweight();
    private volatile boolean stopped;
    private volatile Throwable failure;
    private long days;

    /**
     * A feeder.
     *
     * @param directory        of the journal
     * @param partition        that it is
     * @param keys             of the job
     * @param recordsPerSecond or 0 for as fast as it goes
     * @param total            after which the journal is ended; {@link Long#MAX_VALUE} for never
     * @param level            of the journal
     */
    Feeder(
        final Path directory,
        final int partition,
        final int keys,
        final long recordsPerSecond,
        final long total,
        final SyncLevel level)
    {
        this.directory = directory;
        this.partition = partition;
        this.keys = keys;
        this.recordsPerSecond = recordsPerSecond;
        this.total = total;
        this.level = level;
    }

    @Override
    public void run()
    {
        try
        {
            feed();
        }
        catch (final RuntimeException | Error throwable)
        {
            failure = throwable;
        }
    }

    Throwable failure()
    {
        return failure;
    }

    void stop()
    {
        stopped = true;
    }

    static JournalContext context(final Path directory, final MemoryAccount account)
    {
        return new JournalContext().directory(directory).recordType(ImpulseFlyweight.TYPE).account(account);
    }

    /**
     * Counts the impulses of a journal.
     *
     * @param directory of the journal
     * @return how many there are, {@code -1 - n} when it was ended behind them
     */
    static long recorded(final Path directory)
    {
        try (JournalReader reader = JournalReader.open(context(directory, new MemoryAccount("count"))))
        {
            long count = 0;
            int state = reader.poll();
            while (state == JournalReader.FRAME)
            {
                count += reader.recordCount();
                state = reader.poll();
            }
            return state == JournalReader.END ? -1 - count : count;
        }
    }

    private void feed()
    {
        long number = recorded(directory);
        if (number < 0)
        {
            return;
        }
        try (JournalWriter writer = JournalWriter.open(context(directory, account).syncLevel(level)
            .epochMillis(() -> days * DAY_MILLIS)))
        {
            final long first = number;
            final long start = System.nanoTime();
            while (number < total && !stopped)
            {
                if (recordsPerSecond > 0)
                {
                    await(start + (number - first) * 1_000_000_000L / recordsPerSecond);
                }
                for (int i = 0; i < FRAME_RECORDS && number < total; i++)
                {
                    write(writer, number++);
                }
                days = writer.frameNumber() / FRAMES_OF_A_DAY;
                writer.flush();
            }
            if (!stopped)
            {
                writer.end();
            }
        }
    }

    private void await(final long due)
    {
        while (System.nanoTime() < due && !stopped)
        {
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void write(final JournalWriter writer, final long number)
    {
        final long slot = writer.claim(ImpulseFlyweight.TYPE.blockLength());
        impulse.wrap(slot + SlotDescriptor.HEADER_LENGTH, ImpulseFlyweight.TYPE.blockLength());
        impulse.clear();
        impulse.time(number).partition(partition).sequence(number).key(ExactlyOnceChecker.key(partition, number, keys))
            .amount(ExactlyOnceChecker.amount(partition, number));
        SlotDescriptor.timestamp(slot, number);
        SlotDescriptor.ingressTime(slot, number);
        writer.commit();
    }
}
