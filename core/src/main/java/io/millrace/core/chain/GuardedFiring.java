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
import io.millrace.core.operator.DeadLetterOutput;
import io.millrace.core.operator.FiringGuard;
import io.millrace.memory.record.RecordType;

/** Has firings that fail dealt with as the operator's error policy says. One for each operator instance. */
public final class GuardedFiring implements FiringGuard
{
    private final ErrorPolicy policy;
    private final FailureJudge judge;
    private final DeadLetterOutput deadLetters;
    private int attempts;
    private boolean again;
    private boolean goOn;

    /**
     * A guard.
     *
     * @param policy      of the operator
     * @param judge       tells which failures are the operator's
     * @param deadLetters of the operator; null when its policy has none
     */
    public GuardedFiring(final ErrorPolicy policy, final FailureJudge judge, final DeadLetterOutput deadLetters)
    {
        this.policy = policy;
        this.judge = judge;
        this.deadLetters = deadLetters;
    }

    @Override
    public void begin()
    {
        attempts = 0;
        again = false;
        goOn = true;
    }

    @Override
    public boolean takes(final Throwable thrown, final long slot, final String firing)
    {
        final boolean taken = takes(thrown);
        if (taken && !again)
        {
            goOn &= deadLetters.put(slot, firing, attempts, thrown);
        }
        return taken;
    }

    @Override
    public boolean takes(final Throwable thrown, final long slot, final RecordType<?, ?> type)
    {
        final boolean taken = takes(thrown);
        if (taken && !again)
        {
            goOn &= deadLetters.put(slot, type, attempts, thrown);
        }
        return taken;
    }

    private boolean takes(final Throwable thrown)
    {
        if (!judge.blames(thrown))
        {
            return false;
        }
        attempts++;
        again = attempts <= policy.retries();
        final boolean taken = again || deadLetters != null;
        if (!taken)
        {
            judge.exhausted(thrown);
        }
        return taken;
    }

    @Override
    public boolean again()
    {
        return again;
    }

    @Override
    public boolean goOn()
    {
        return goOn;
    }
}
