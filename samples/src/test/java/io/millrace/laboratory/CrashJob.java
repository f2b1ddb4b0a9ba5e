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

import io.millrace.checkpoint.backend.ChronicleMapBackend;
import io.millrace.checkpoint.backend.RocksDbBackend;
import io.millrace.checkpoint.connector.ChronicleQueueSink;
import io.millrace.checkpoint.connector.ChronicleQueueSource;
import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.MemoryAccount;
import io.millrace.operators.DataStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.SingleOutputStream;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The job under test: journals in, a count and a sum by key, a journal out, exactly once.
 * <pre>
 *   impulses-0 --+
 *                +--hash--> 2 x tallies --> tallies (journal)
 *   impulses-1 --+
 * </pre>
 *
 * @param directory  of everything that is the job's
 * @param state      where keyed state lives
 * @param threading  who steps the tasks
 * @param durability of checkpoints and journals
 * @param fault      of the job
 */
record CrashJob(Path directory, State state, ThreadingMode threading, SyncLevel durability, JobFault fault)
{
    static final int PARTITIONS = 2;
    static final int KEYS = 500;

    private static final Duration BETWEEN_CHECKPOINTS = Duration.ofMillis(5);
    private static final long MAX_ENTRIES = 4L * KEYS;

    /** Where keyed state may live. */
    enum State
    {
        OFF_HEAP, CHRONICLE_MAP, ROCKSDB
    }

    List<String> arguments()
    {
        return List.of(
            directory.toString(), state.toString(), threading.toString(), durability.toString(), fault.toString());
    }

    static CrashJob of(final String... arguments)
    {
        return new CrashJob(Path.of(arguments[0]), State.valueOf(arguments[1]), ThreadingMode.valueOf(arguments[2]),
            SyncLevel.valueOf(arguments[3]), JobFault.valueOf(arguments[4]));
    }

    Path impulses(final int partition)
    {
        return directory.resolve("impulses-" + partition);
    }

    Path tallies()
    {
        return directory.resolve("tallies");
    }

    Path checkpoints()
    {
        return directory.resolve("checkpoints");
    }

    JournalContext talliesContext()
    {
        return new JournalContext().directory(tallies()).recordType(TallyFlyweight.TYPE).account(
            new MemoryAccount("tallies"));
    }

    Pipeline pipeline()
    {
        final Pipeline pipeline = Pipeline.create("crash");
        final DataStream<Impulse> impulses = source(pipeline, 0).union(source(pipeline, 1));
        impulses.keyByLong(Impulse::key)
            .process(TallyFlyweight.TYPE, () -> new Tallying(fault)).name("tallies").uid("tallies").parallelism(2)
            .rebalance()
            .sink(fault == JobFault.OUTPUT_COMES_AGAIN ? new ForgetfulSink(talliesContext()) :
                ChronicleQueueSink.exactlyOnce(tallies(), TallyFlyweight.TYPE).durability(durability), "journal")
            .parallelism(1);
        return pipeline;
    }

    private SingleOutputStream<Impulse> source(final Pipeline pipeline, final int partition)
    {
        return pipeline.source(ChronicleQueueSource.of(impulses(partition), ImpulseFlyweight.TYPE),
            WatermarkStrategy.forMonotonousTimestamps(), "impulses-" + partition);
    }

    JobConfig config()
    {
        return new JobConfig()
            .threading(threading)
            .stateBackend(backend())
            .ringCapacity(256)
            .checkpointing(Checkpoints.in(checkpoints()).every(BETWEEN_CHECKPOINTS).durability(durability));
    }

    private StateBackendFactory backend()
    {
        return switch (state)
        {
            case OFF_HEAP -> OffHeapBackend.factory();
            case CHRONICLE_MAP -> ChronicleMapBackend.in(directory.resolve("state")).entries(MAX_ENTRIES);
            case ROCKSDB -> RocksDbBackend.in(directory.resolve("state"));
        };
    }
}
