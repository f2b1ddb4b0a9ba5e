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
package io.millrace.benchmarks.workload;

import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.core.checkpoint.CheckpointReport;
import io.millrace.core.runtime.JobConfig;
import io.millrace.operators.KeyedStream;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.function.LongKey;

import java.nio.file.Path;

/**
 * A job with much state, which begins where its checkpoints end. An entry is a key of 8 bytes with a value of 32.
 */
public final class RecoverableState implements AutoCloseable
{
    /** Bytes of an entry, key and value. */
    public static final int ENTRY_LENGTH = 40;

    private static final long PIECE = 10_000;

    private final int keys;
    private final PacedJob job;
    private long latestCount;

    /**
     * Starts the job, which restores the latest checkpoint if there is one.
     *
     * @param directory of the checkpoints
     * @param keys      of the state, the same in every life
     */
    public RecoverableState(final Path directory, final int keys)
    {
        this.keys = keys;
        job = new PacedJob("recovery", new Pace(keys, KeyChoice.UNIFORM),
            new JobConfig().checkpointing(Checkpoints.in(directory)), this::totals);
    }

    private SingleOutputStream<?> totals(final KeyedStream<LongKey, Event> events)
    {
        return events.accumulate(KeyTotalsFlyweight.TYPE, (totals, event) ->
        {
            final long count = totals.count() + 1;
            totals.key(event.key()).count(count).sum(totals.sum() + event.value()).latest(event.time());
            latestCount = count;
        });
    }

    /**
     * Processes events: the first ones bring in every key once, the ones after them are of random keys.
     *
     * @param events how many
     */
    public void process(final long events)
    {
        for (long left = events; left > 0; left -= PIECE)
        {
            job.process(Math.min(PIECE, left));
        }
    }

    /**
     * Makes a checkpoint.
     *
     * @return the report of it, complete
     */
    public CheckpointReport checkpoint()
    {
        return job.report(job.request());
    }

    /**
     * Processes events and compares what the state says to each with what it must say after all events before.
     *
     * @param events how many
     * @throws IllegalStateException when the state is not what it must be
     */
    public void verify(final int events)
    {
        final Pace pace = job.pace();
        final int[] counts = new int[keys];
        final long first = pace.emitted();
        for (long number = 0; number < first; number++)
        {
            counts[(int)pace.key(number)]++;
        }
        for (long number = first; number < first + events; number++)
        {
            final int key = (int)pace.key(number);
            counts[key]++;
            job.process(1);
            if (latestCount != counts[key])
            {
                throw new IllegalStateException("count=" + latestCount + " of key=" + key + " at event=" + number + " after checkpoint=" +
                    restoredCheckpoint() + " must be " + counts[key] + ": the state was not restored as it was");
            }
        }
    }

    /**
     * What the job began with.
     *
     * @return id of the checkpoint, 0 for none
     */
    public long restoredCheckpoint()
    {
        return job.restoredCheckpoint();
    }

    /**
     * Memory of the job.
     *
     * @return in bytes
     */
    public long offHeapBytes()
    {
        return job.offHeapBytes();
    }

    @Override
    public void close()
    {
        job.close();
    }
}
