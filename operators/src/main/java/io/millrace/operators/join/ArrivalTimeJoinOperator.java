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
package io.millrace.operators.join;

import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.MultipleInputOperator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.window.ByArrivalTime;

/** Runs a join by processing time: what comes from either stream has the time of its arrival. */
public final class ArrivalTimeJoinOperator extends ByArrivalTime<TimedJoinOperator> implements MultipleInputOperator
{
    private final Arriving[] inputs = {new Arriving(), new Arriving()};

    /**
     * An operator.
     *
     * @param leftType  of the left records
     * @param rightType of the right records
     * @param operators make the operator of event time
     */
    public ArrivalTimeJoinOperator(
        final RecordType<?, ?> leftType,
        final RecordType<?, ?> rightType,
        final OperatorFactory<TimedJoinOperator> operators)
    {
        super(TimedJoinOperator.class, Math.max(leftType.maxLength(), rightType.maxLength()), operators);
    }

    @Override
    protected void opened(final TimedJoinOperator made)
    {
        for (int i = 0; i < inputs.length; i++)
        {
            inputs[i].processor = made.input(i);
        }
    }

    @Override
    public BatchProcessor input(final int index)
    {
        return inputs[index];
    }

    private boolean process(final BatchProcessor processor, final long[] records, final int count)
    {
        final boolean goOn = processor.processBatch(arrived(records, count), count);
        wake();
        return goOn;
    }

    /** Takes the records of one stream. */
    private final class Arriving implements BatchProcessor
    {
        private BatchProcessor processor;

        @Override
        public boolean processBatch(final long[] records, final int count)
        {
            return process(processor, records, count);
        }
    }
}
