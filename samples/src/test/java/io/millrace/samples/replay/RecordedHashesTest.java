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
package io.millrace.samples.replay;

import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.checkpoint.hash.HashBlock;
import io.millrace.core.checkpoint.BarrierHash;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Hashes at barriers are the same in another threading mode, and are kept beside the checkpoints. */
class RecordedHashesTest
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldRecordTheSameHashesUnderAnotherThreadingMode(final long seed) throws Exception
    {
        final RandomPipeline random = new RandomPipeline(seed, 3_000);
        random.writeInputs(directory, seed);
        final Path live = directory.resolve("live");
        final Path again = directory.resolve("again");
        run(random, live, checkpoints(live, 4096), new JobConfig().threading(ThreadingMode.DEDICATED).ringCapacity(64));
        final JobConfig replaying = new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false);
        if (!random.single())
        {
            replaying.replaying(Checkpoints.recordedOrder(live));
        }
        run(random, again, checkpoints(again, 4096), replaying);
        final List<HashBlock> first = Checkpoints.recordedHashes(live);
        final List<HashBlock> second = Checkpoints.recordedHashes(again);
        assertTrue(first.size() > 3, random + " " + first);
        assertTrue(first.stream().allMatch(HashBlock::completed));
        assertFalse(first.stream().flatMap(block -> block.hashes().stream()).noneMatch(hash -> hash.records() > 0));
        assertEquals(text(first), text(second), random.toString());
    }

    private static Map<String, String> text(final List<HashBlock> blocks)
    {
        final Map<String, String> text = new TreeMap<>();
        for (final HashBlock block : blocks)
        {
            for (final BarrierHash hash : block.hashes())
            {
                text.putIfAbsent(hash.cause() + " " + hash.operator() + " " + hash.subtask(),
                    hash.state() + " " + hash.output() + " " + hash.records());
            }
        }
        return text;
    }

    static Checkpoints checkpoints(final Path run, final long entries)
    {
        return Checkpoints.in(run).everyRecords(400).keepingOrder().recordingHashes(entries);
    }

    private void run(final RandomPipeline random, final Path run, final Checkpoints checkpoints, final JobConfig config)
        throws Exception
    {
        try (Job job = random.pipeline(directory::resolve, run.resolve("totals"), Fault.NONE)
            .start(config.checkpointing(checkpoints)))
        {
            while (job.explain().contains("INVOKER") && job.status() == JobStatus.RUNNING)
            {
                job.doWork();
            }
            job.await(60, TimeUnit.SECONDS);
        }
    }
}
