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

import io.millrace.checkpoint.replay.ReplayJournals;
import io.millrace.checkpoint.replay.ReplayablePipeline;
import io.millrace.core.plan.Plan;
import io.millrace.core.runtime.JobConfig;

/** A pipeline that a command line finds by its name. */
public class RecordedPipeline implements ReplayablePipeline
{
    static final long SEED = 4;
    static final int RECORDS = 1_000;

    private final Fault fault;

    /** The pipeline as it was recorded. */
    public RecordedPipeline()
    {
        this(Fault.NONE);
    }

    RecordedPipeline(final Fault fault)
    {
        this.fault = fault;
    }

    @Override
    public Plan plan(final ReplayJournals journals, final JobConfig config)
    {
        return new RandomPipeline(SEED, RECORDS).pipeline(
            name -> journals.input(name.toString()), journals.output(RandomPipeline.OUTPUT), fault).plan(config);
    }
}
