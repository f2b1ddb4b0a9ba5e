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
package io.millrace.operators.window;

import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.memory.record.RecordType;

/** Runs an operator of one stream by processing time. */
public final class ArrivalTimeOperator extends ByArrivalTime<TimedOperator> implements BatchOperator
{
    private TimedOperator operator;

    /**
     * An operator.
     *
     * @param inputType of the records
     * @param operators make the operator of event time
     */
    public ArrivalTimeOperator(final RecordType<?, ?> inputType, final OperatorFactory<TimedOperator> operators)
    {
        super(TimedOperator.class, inputType.maxLength(), operators);
    }

    @Override
    protected void opened(final TimedOperator made)
    {
        operator = made;
    }

    @Override
    public boolean processBatch(final long[] records, final int count)
    {
        final boolean goOn = operator.processBatch(arrived(records, count), count);
        wake();
        return goOn;
    }
}
