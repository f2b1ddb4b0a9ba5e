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
package io.millrace.operators.sink.transaction;

import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Whose transactions they are: one instance of one sink of one job. It is the same in every life of the job, so that what
 * an earlier life left open can be found by it.
 *
 * @param job           name of the pipeline
 * @param operator      uid of the sink
 * @param instance      which of the parallel instances, from 0
 * @param instances     number of parallel instances
 * @param timeUnit      what event time is counted in
 * @param checkpointing false when the job makes no checkpoints: there is one transaction then, committed at the end
 */
public record TransactionScope(
    String job, String operator, int instance, int instances, TimeUnit timeUnit, boolean checkpointing)
{
    /**
     * A scope.
     */
    public TransactionScope
    {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(operator, "operator");
        Objects.requireNonNull(timeUnit, "timeUnit");
    }

    /**
     * The scope as text, the same in every life.
     *
     * @return {@code job/operator/instance}
     */
    public String text()
    {
        return job + '/' + operator + '/' + instance;
    }
}
