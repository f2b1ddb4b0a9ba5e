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
package io.millrace.operators.transform;

import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Output;

/** Passes on every record: where several streams of one type become one, and where a stream changes its parallelism. */
public final class UnionOperator implements BatchOperator
{
    private Output output;

    /** An operator. */
    public UnionOperator()
    {
    }

    @Override
    public void open(final OperatorContext context)
    {
        output = context.output();
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        return output.forwardBatch(slots, count);
    }
}
