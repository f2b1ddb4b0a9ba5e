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

import io.millrace.core.exchange.KeyedOutput;
import io.millrace.core.failure.ErrorPolicy;
import io.millrace.core.operator.DeadLetterOutput;
import io.millrace.core.operator.Output;
import io.millrace.memory.record.RecordType;

/** An edge to an operator with an error policy, which takes what the key of a record fails with on its way there. */
public final class GuardedKeyedOutput implements Output
{
    private final Output next;
    private final KeyedOutput keyed;
    private final RecordType<?, ?> type;
    private final DeadLetterOutput deadLetters;
    private final ErrorPolicy policy;
    private final FailureJudge judge;
    private final long[] one = new long[1];
    private long[] claimed;

    /**
     * An edge.
     *
     * @param next        asks for the keys
     * @param keyed       the same, as what tells whether it is asking
     * @param type        of the records
     * @param deadLetters takes the records that have no key
     * @param policy      of the operator that the edge leads to
     * @param judge       tells which failures are the record's
     */
    public GuardedKeyedOutput(
        final Output next,
        final KeyedOutput keyed,
        final RecordType<?, ?> type,
        final DeadLetterOutput deadLetters,
        final ErrorPolicy policy,
        final FailureJudge judge)
    {
        this.next = next;
        this.keyed = keyed;
        this.type = type;
        this.deadLetters = deadLetters;
        this.policy = policy;
        this.judge = judge;
    }

    @Override
    public long claim()
    {
        claimed = next.claimBatch(1);
        return claimed[0];
    }

    @Override
    public boolean commit()
    {
        return forwardBatch(claimed, 1);
    }

    @Override
    public boolean forward(final long slot)
    {
        one[0] = slot;
        return forwardBatch(one, 1);
    }

    @Override
    public long[] claimBatch(final int count)
    {
        claimed = next.claimBatch(count);
        return claimed;
    }

    @Override
    public boolean commitBatch(final int count)
    {
        return forwardBatch(claimed, count);
    }

    @Override
    public boolean forwardBatch(final long[] slots, final int count)
    {
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
                    goOn &= next.forward(slots[done]);
                    done++;
                }
            }
            catch (final Throwable thrown)
            {
                attempts = done == before ? attempts + 1 : 1;
                if (keyed.currentSlot() == 0 || !judge.blames(thrown))
                {
                    throw thrown;
                }
                if (attempts > policy.retries())
                {
                    if (!policy.deadLetters())
                    {
                        throw thrown;
                    }
                    keyed.failureTaken();
                    goOn &= deadLetters.put(slots[done], type, attempts, thrown);
                    done++;
                    attempts = 0;
                }
            }
        }
        return goOn;
    }
}
