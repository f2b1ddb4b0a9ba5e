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
package io.millrace.core.chain;

import io.millrace.core.failure.ErrorPolicy;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.memory.record.RecordType;

/**
 * Feeds records one by one to an operator with an error policy, so that a failure has one record and its neighbours have
 * none of it: no operator need know how far it got. What the operator puts out is made into batches again behind it. The
 * batch is in one try; there is nothing to be caught where nothing fails.
 */
public final class GuardedProcessor implements BatchProcessor
{
    private final BatchProcessor next;
    private final SkippingOperator operator;
    private final RecordType<?, ?> type;
    private final OperatorContext context;
    private final ErrorPolicy policy;
    private final FailureJudge judge;
    private final long[] one = new long[1];

    /**
     * A guard.
     *
     * @param next     input of the operator
     * @param operator that may fail
     * @param type     of the records
     * @param context  of the operator
     * @param policy   of the operator
     * @param judge    tells which failures are the operator's
     */
    public GuardedProcessor(
        final BatchProcessor next,
        final SkippingOperator operator,
        final RecordType<?, ?> type,
        final OperatorContext context,
        final ErrorPolicy policy,
        final FailureJudge judge)
    {
        this.next = next;
        this.operator = operator;
        this.type = type;
        this.context = context;
        this.policy = policy;
        this.judge = judge;
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        final BatchProcessor next = this.next;
        final long[] one = this.one;
        boolean goOn = true;
        int done = 0;
        int attempts = 0;
        while (done < count)
        {
            final int before = done;
            try
            {
                while (done < count)
                {
                    one[0] = slots[done];
                    goOn &= next.processBatch(one, 1);
                    done++;
                }
            }
            catch (final Throwable thrown)
            {
                attempts = done == before ? attempts + 1 : 1;
                if (!judge.blames(thrown))
                {
                    throw thrown;
                }
                final boolean again = attempts <= policy.retries();
                if (!again && !policy.deadLetters())
                {
                    throw thrown;
                }
                operator.recordFailed(again);
                if (!again)
                {
                    goOn &= context.deadLetters().put(slots[done], type, attempts, thrown);
                    done++;
                    attempts = 0;
                }
            }
        }
        return goOn;
    }
}
