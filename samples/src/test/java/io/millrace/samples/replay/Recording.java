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
import io.millrace.checkpoint.replay.Replay;
import io.millrace.checkpoint.replay.ReplayablePipeline;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A run of a {@link RandomPipeline} that was recorded, and replays of it. */
final class Recording
{
    final Path directory;
    final RandomPipeline random;

    Recording(final Path directory, final long seed, final int records)
    {
        this(directory, new RandomPipeline(seed, records));
        random.writeInputs(directory, seed);
    }

    private Recording(final Path directory, final RandomPipeline random)
    {
        this.directory = directory;
        this.random = random;
    }

    /** One that is there. */
    static Recording of(final Path directory, final long seed, final int records)
    {
        return new Recording(directory, new RandomPipeline(seed, records));
    }

    Path checkpointDirectory()
    {
        return directory.resolve("checkpoints");
    }

    Path output()
    {
        return directory.resolve(RandomPipeline.OUTPUT);
    }

    Path scratch()
    {
        return directory.resolve("scratch");
    }

    Checkpoints checkpoints()
    {
        return Checkpoints.in(checkpointDirectory()).everyRecords(400).keepingOrder().recordingHashes().retained(4);
    }

    void run(final ThreadingMode mode, final int ringCapacity, final Fault fault) throws Exception
    {
        try (Job job = start(mode, ringCapacity, fault))
        {
            job.await(60, TimeUnit.SECONDS);
        }
    }

    Job start(final ThreadingMode mode, final int ringCapacity, final Fault fault)
    {
        return random.pipeline(directory::resolve, output(), fault)
            .start(new JobConfig().threading(mode).ringCapacity(ringCapacity).checkpointing(checkpoints()));
    }

    /** Runs so many steps and leaves the job there, as a kill would. */
    void runSome(final int steps, final Fault fault)
    {
        final JobConfig config = new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false).checkpointing(checkpoints());
        try (Job job = random.pipeline(directory::resolve, output(), fault).start(config))
        {
            for (int step = 0; step < steps && job.status() == JobStatus.RUNNING; step++)
            {
                job.doWork();
            }
        }
    }

    ReplayablePipeline pipeline(final Fault fault)
    {
        return (journals, config) -> random
            .pipeline(name -> journals.input(name.toString()), journals.output(RandomPipeline.OUTPUT), fault).plan(config);
    }

    Replay replay(final Fault fault)
    {
        final Replay replay = Replay.of(pipeline(fault)).checkpoints(checkpointDirectory())
            .output(RandomPipeline.OUTPUT, output()).scratch(scratch());
        random.sources().forEach(name -> replay.journal(name, directory.resolve(name)));
        return replay;
    }
}
