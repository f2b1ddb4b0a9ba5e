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

import io.millrace.checkpoint.backend.ChronicleMapBackend;
import io.millrace.checkpoint.backend.RocksDbBackend;
import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;

import java.nio.file.Path;

/** How the job runs, as the command line says. */
final class JobSettings
{
    /** Often enough that a run of milliseconds has some. */
    static final int TRADES_PER_CHECKPOINT = 10_000;

    /** Of the windows that are open at a time, one an instrument. */
    private static final long MAX_ENTRIES = 100_000;

    private JobSettings()
    {
    }

    /**
     * Settings of a job that keeps everything of its own in a directory.
     *
     * @param options   of the command line
     * @param directory of checkpoints and, unless it lies in memory, of live state
     */
    static JobConfig config(final MarketDataOptions options, final Path directory)
    {
        final Checkpoints checkpoints = Checkpoints.in(checkpoints(directory)).everyRecords(TRADES_PER_CHECKPOINT);
        if (options.replay())
        {
            checkpoints.keepingOrder().recordingHashes();
        }
        return new JobConfig()
            .threading(options.threads())
            .stateBackend(backend(options.state(), state(directory)))
            .checkpointing(checkpoints);
    }

    private static StateBackendFactory backend(final MarketDataOptions.State state, final Path directory)
    {
        return switch (state)
        {
            case OFF_HEAP -> OffHeapBackend.factory();
            case CHRONICLE_MAP -> ChronicleMapBackend.in(directory).entries(MAX_ENTRIES);
            case ROCKSDB -> RocksDbBackend.in(directory);
        };
    }

    static Path checkpoints(final Path directory)
    {
        return directory.resolve("checkpoints");
    }

    static Path state(final Path directory)
    {
        return directory.resolve("state");
    }
}
