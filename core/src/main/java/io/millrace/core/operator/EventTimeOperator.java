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
package io.millrace.core.operator;

/**
 * An operator that gives its records event time anew, and with it makes watermarks of its own. It is the head of its
 * task, which gives it records up to the one behind which a watermark is due and sends that through the chain before the
 * next record. The task does not tell it of the watermarks and the idleness that come in, except the last watermark,
 * {@link Long#MAX_VALUE}, which goes on (SEMANTICS WM-12).
 */
public interface EventTimeOperator extends Operator
{
    /**
     * Takes records in their order, until one behind which a watermark is due.
     *
     * @param slots addresses of the records' slots, the first {@code count} of them; valid during the call, and not to be
     *              changed
     * @param count number of records, from 1 to {@link BatchProcessor#MAX_BATCH}
     * @return number of records that were taken, from 1; the others come again
     */
    int takeBatch(long[] slots, int count);

    /**
     * Whether a watermark is due behind the record that was taken last.
     *
     * @return true to call {@link #takeWatermark()}
     */
    boolean watermarkDue();

    /**
     * Takes the watermark that is due.
     *
     * @return the watermark, greater than all before
     */
    long takeWatermark();

    /** A batch of one. For tests: a task calls {@link #takeBatch}. */
    @Override
    default boolean process(final long slot)
    {
        return takeBatch(new long[] {slot}, 1) == 1;
    }
}
