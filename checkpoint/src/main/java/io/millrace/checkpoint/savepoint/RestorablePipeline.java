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
package io.millrace.checkpoint.savepoint;

import io.millrace.core.plan.Plan;
import io.millrace.core.runtime.JobConfig;

/**
 * Declares the pipeline of an application for tools that look at it, and do not run it: {@code SavepointMain verify} finds it in
 * a jar. It is a public class with a public constructor without parameters, named in
 * {@code META-INF/services/io.millrace.checkpoint.savepoint.RestorablePipeline}, as the main class of the jar, or on the command
 * line.
 * <pre>
 *   public final class Prices implements RestorablePipeline
 *   {
 *       public Plan plan(final JobConfig config)
 *       {
 *           return pipeline().plan(config);
 *       }
 *
 *       public JobConfig config()
 *       {
 *           return new JobConfig().migrating("bars", "accumulated", Prices::migrate);
 *       }
 *       ...
 * </pre>
 */
@FunctionalInterface
public interface RestorablePipeline
{
    /**
     * Declares the pipeline and checks it; opens nothing and writes nothing.
     *
     * @param config as {@link #config()} gave it; not to be changed
     * @return the plan
     */
    Plan plan(JobConfig config);

    /**
     * The configuration that the job is started with, as far as it is about state: {@code maxParallelism}, {@code migrating},
     * {@code allowNonRestoredState}.
     *
     * @return a new one each time
     */
    default JobConfig config()
    {
        return new JobConfig();
    }
}
