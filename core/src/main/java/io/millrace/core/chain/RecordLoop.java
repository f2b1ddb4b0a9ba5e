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
import io.millrace.core.operator.Operator;

/**
 * Feeds a batch to an operator that takes one record at a time.
 */
public final class RecordLoop implements BatchProcessor
{
    private final Operator operator;

    /**
     * A loop.
     *
     * @param operator that takes the records
     */
    public RecordLoop(final Operator operator)
    {
        this.operator = operator;
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        final Operator next = operator;
        boolean goOn = true;
        for (int i = 0; i < count; i++)
        {
            goOn &= next.process(slots[i]);
        }
        return goOn;
    }
}
