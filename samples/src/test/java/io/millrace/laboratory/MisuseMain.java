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
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.checkpoint.journal.JournalWriter;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.laboratory.CrashJob.State;
import io.millrace.memory.MemoryAccount;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Uses what is closed, and closes what is in use, on every backend. Whatever comes of it is a Java exception; the
 * process that runs this must come to its end.
 */
public final class MisuseMain
{
    private static final long RECORDS = 2_000;
    private static final AtomicLong REFUSED = new AtomicLong();

    private MisuseMain()
    {
    }

    /** What is used. */
    private interface Use
    {
        void use();
    }

    /**
     * Misuses.
     *
     * @param arguments directory, number of races
     * @throws InterruptedException never
     */
    public static void main(final String[] arguments) throws InterruptedException
    {
        final Path directory = Path.of(arguments[0]);
        final int races = Integer.parseInt(arguments[1]);
        journals(directory.resolve("journal"));
        final State[] states = State.values();
        for (int race = 0; race < races; race++)
        {
            final Path place = Directories.create(directory, "race-" + race);
            race(new CrashJob(place, states[race % states.length],
                race % 2 == 0 ? ThreadingMode.SHARED : ThreadingMode.DEDICATED, SyncLevel.PROCESS, JobFault.NONE), race);
            Directories.delete(place);
        }
        System.out.printf(Locale.ROOT, "races=%d refused=%d%n", races, REFUSED.get());
        System.exit(0);
    }

    private static void journals(final Path directory)
    {
        final JournalWriter writer = JournalWriter.open(Feeder.context(directory, new MemoryAccount("misuse")));
        writer.claim(ImpulseFlyweight.TYPE.blockLength());
        writer.commit();
        writer.flush();
        final JournalReader reader = JournalReader.open(Feeder.context(directory, new MemoryAccount("misuse")));
        reader.poll();
        reader.close();
        reader.close();
        writer.close();
        writer.close();
        for (final Use use : List.<Use>of(() -> writer.claim(8), writer::commit, writer::flush, writer::end,
            writer::position))
        {
            if (!refuses(use))
            {
                throw new AssertionError("a closed journal took a call");
            }
        }
    }

    /** Two threads ask and order while a third closes. */
    private static void race(final CrashJob crash, final int number) throws InterruptedException
    {
        for (int partition = 0; partition < CrashJob.PARTITIONS; partition++)
        {
            new Feeder(crash.impulses(partition), partition, CrashJob.KEYS, 0, RECORDS, SyncLevel.PROCESS).run();
        }
        final AtomicBoolean done = new AtomicBoolean();
        final List<Thread> threads = new ArrayList<>();
        final Job job = crash.pipeline().start(crash.config());
        final List<Use> uses = List.of(job::status, job::counters, job::watermarks, job::explainWatermarks, job::explain,
            job::offHeapBytes, job::checkpoint, job::completedCheckpoint, job::restoredCheckpoint, job::stateHashes,
            job::failure);
        for (int i = 0; i < 2; i++)
        {
            threads.add(new Thread(() ->
            {
                while (!done.get())
                {
                    uses.forEach(MisuseMain::refuses);
                }
            }));
        }
        threads.forEach(Thread::start);
        final long until = System.nanoTime() + number * 997_001L % 40_000_000L;
        while (System.nanoTime() < until)
        {
            Thread.onSpinWait();
        }
        job.close();
        uses.forEach(MisuseMain::refuses);
        job.close();
        done.set(true);
        for (final Thread thread : threads)
        {
            thread.join();
        }
        if (job.offHeapBytes() != 0)
        {
            throw new AssertionError("race=" + number + " leaves offHeapBytes=" + job.offHeapBytes());
        }
    }

    private static boolean refuses(final Use use)
    {
        try
        {
            use.use();
            return false;
        }
        catch (final IllegalStateException refused)
        {
            REFUSED.incrementAndGet();
            return true;
        }
    }
}
