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
 * An operator that can bring near what the state of some records lies in, before it gets them: the waits of all of them
 * overlap then.
 */
@FunctionalInterface
public interface ReadAheadOperator
{
    /** Reads nothing. */
    ReadAheadOperator NONE = (slots, inputs, count) ->
    {
    };

    /**
     * Reads what records will ask for; changes nothing. They are processed next, in this order, unless one fails.
     *
     * @param slots  of the records, the first {@code count} of them
     * @param inputs the input that each is for, see {@link MultipleInputOperator#input}
     * @param count  number of records, from 1 to {@link BatchProcessor#MAX_BATCH}
     */
    void readAhead(long[] slots, int[] inputs, int count);
}
