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
package io.millrace.core.savepoint;

import java.util.List;

/**
 * A job as a savepoint tells of it.
 *
 * @param name           of the job
 * @param maxParallelism number of key groups
 * @param clock          whether the positions of its sources have a part of the engine's clock
 * @param operators      sources before what they feed
 */
public record JobDescription(String name, int maxParallelism, boolean clock, List<OperatorDescription> operators)
{
    /** Copies the list. */
    public JobDescription
    {
        operators = List.copyOf(operators);
    }

    /**
     * An operator by its uid.
     *
     * @param uid of the operator
     * @return the operator, or null when there is none
     */
    public OperatorDescription operator(final String uid)
    {
        return operators.stream().filter(operator -> operator.uid().equals(uid)).findFirst().orElse(null);
    }
}
