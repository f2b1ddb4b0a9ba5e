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

import io.millrace.core.operator.BatchProcessor;

/** The next operator behind one that is guarded: what it throws is not the guarded one's. */
public final class FencedProcessor implements BatchProcessor
{
    private final BatchProcessor next;
    private final PassedFailure passed;

    /**
     * A fence.
     *
     * @param next   takes the records
     * @param passed is told of what it throws
     */
    public FencedProcessor(final BatchProcessor next, final PassedFailure passed)
    {
        this.next = next;
        this.passed = passed;
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        try
        {
            return next.processBatch(slots, count);
        }
        catch (final Throwable thrown)
        {
            passed.passes(thrown);
            throw thrown;
        }
    }
}
