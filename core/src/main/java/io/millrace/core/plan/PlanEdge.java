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
package io.millrace.core.plan;

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorFactory;

/**
 * A stream from one node to another.
 *
 * @param from       where the records come from
 * @param tag        of the side output, or null for the main output
 * @param to         where they go
 * @param input      which of its inputs they are, from 0; only a {@link io.millrace.core.operator.MultipleInputOperator}
 *                   has more than one
 * @param exchange   how they are dealt
 * @param keyEncoder gives the key of a record for {@link Exchange#HASH}, else null
 */
public record PlanEdge(
    PlanNode from, String tag, PlanNode to, int input, Exchange exchange, OperatorFactory<KeyEncoder> keyEncoder)
{
    /**
     * Whether both ends may run in one task.
     *
     * @return true when no record would change its subtask on the way
     */
    boolean chainable()
    {
        return whyNotChainable() == null;
    }

    /**
     * Why the ends may not run in one task.
     *
     * @return the reason for people, or null when they may
     */
    String whyNotChainable()
    {
        if (from.parallelism() != to.parallelism())
        {
            return "parallelism " + from.parallelism() + " before " + to.parallelism();
        }
        if (exchange != Exchange.FORWARD && to.parallelism() > 1)
        {
            return "records change their instance";
        }
        return to.chaining() ? null : "startNewChain()";
    }
}
