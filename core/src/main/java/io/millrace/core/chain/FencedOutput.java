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

import io.millrace.core.operator.Output;

/** The way out of a task behind an operator that is guarded: what it throws is not the operator's. */
public final class FencedOutput implements Output
{
    private final Output next;
    private final PassedFailure passed;

    /**
     * A fence.
     *
     * @param next   takes the records
     * @param passed is told of what it throws
     */
    public FencedOutput(final Output next, final PassedFailure passed)
    {
        this.next = next;
        this.passed = passed;
    }

    @Override
    public long claim()
    {
        return next.claim();
    }

    @Override
    public boolean commit()
    {
        try
        {
            return next.commit();
        }
        catch (final Throwable thrown)
        {
            passed.passes(thrown);
            throw thrown;
        }
    }

    @Override
    public boolean forward(final long slot)
    {
        try
        {
            return next.forward(slot);
        }
        catch (final Throwable thrown)
        {
            passed.passes(thrown);
            throw thrown;
        }
    }

    @Override
    public long[] claimBatch(final int count)
    {
        return next.claimBatch(count);
    }

    @Override
    public boolean commitBatch(final int count)
    {
        try
        {
            return next.commitBatch(count);
        }
        catch (final Throwable thrown)
        {
            passed.passes(thrown);
            throw thrown;
        }
    }

    @Override
    public boolean forwardBatch(final long[] slots, final int count)
    {
        try
        {
            return next.forwardBatch(slots, count);
        }
        catch (final Throwable thrown)
        {
            passed.passes(thrown);
            throw thrown;
        }
    }
}
