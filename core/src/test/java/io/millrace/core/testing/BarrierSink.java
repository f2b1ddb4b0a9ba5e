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
package io.millrace.core.testing;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;

import java.util.List;

/** Takes note of the checkpoints that it is part of. */
public final class BarrierSink implements Operator
{
    private final List<Long> barriers;

    /**
     * A sink.
     *
     * @param barriers takes their ids
     */
    public BarrierSink(final List<Long> barriers)
    {
        this.barriers = barriers;
    }

    @Override
    public void open(final OperatorContext context)
    {
    }

    @Override
    public boolean process(final long slot)
    {
        return true;
    }

    @Override
    public void prepareSnapshot(final long checkpointId)
    {
        barriers.add(checkpointId);
    }
}
