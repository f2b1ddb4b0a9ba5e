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
package io.millrace.checkpoint.replay;

import io.millrace.checkpoint.savepoint.RestorablePipeline;
import io.millrace.core.plan.Plan;
import io.millrace.core.runtime.JobConfig;

import java.nio.file.Path;

/**
 * Declares a pipeline whose journals lie where it is told, so that the same code runs live and in a {@link Replay}.
 * <pre>
 *   final class Prices implements ReplayablePipeline
 *   {
 *       public Plan plan(final ReplayJournals journals, final JobConfig config)
 *       {
 *           final Pipeline pipeline = Pipeline.create("prices");
 *           pipeline.source(ChronicleQueueSource.of(journals.input("trades"), ...), ..., "trades")
 *               ...
 *               .sink(ChronicleQueueSink.exactlyOnce(journals.output("bars"), ...), "bars");
 *           return pipeline.plan(config);
 *       }
 *   }
 * </pre>
 * A command line finds it by its name: then it is a public class with a public constructor without parameters.
 */
@FunctionalInterface
public interface ReplayablePipeline extends RestorablePipeline
{
    /**
     * Declares the pipeline and checks it. Called once a run; writes nothing.
     *
     * @param journals says where journals lie
     * @param config   of the job; not to be changed
     * @return the plan
     */
    Plan plan(ReplayJournals journals, JobConfig config);

    /** Journals are not opened here, and lie where the process runs. */
    @Override
    default Plan plan(final JobConfig config)
    {
        return plan(ReplayJournals.in(Path.of("")), config);
    }
}
