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
import io.millrace.core.runtime.JobConfig;

import java.nio.file.Path;

/** How the job runs, as the command line says. */
final class JobSettings
{
    /** Often enough that a run of milliseconds has some. */
    static final int TRADES_PER_CHECKPOINT = 10_000;

    private JobSettings()
    {
    }

    static JobConfig config(final MarketDataOptions options, final Path checkpoints)
    {
        return new JobConfig()
            .threading(options.threads())
            .checkpointing(Checkpoints.in(checkpoints).everyRecords(TRADES_PER_CHECKPOINT));
    }
}
