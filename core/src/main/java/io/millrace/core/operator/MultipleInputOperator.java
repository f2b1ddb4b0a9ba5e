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
 * An operator with several inputs, each of records of its own type: joins, connected streams. Watermarks and barriers
 * are those of all inputs together, as everywhere where streams meet.
 */
public interface MultipleInputOperator extends Operator
{
    /**
     * What takes the records of one input. Asked once for each stream into the operator, before {@link #open}.
     *
     * @param index from 0, as the plan numbers the inputs
     * @return takes the records; called between {@link #open} and {@link #close}
     */
    BatchProcessor input(int index);

    /** Records go to the {@link #input inputs}; this is none of them. */
    @Override
    default boolean process(final long slot)
    {
        throw new UnsupportedOperationException("an operator with several inputs takes records by input(index)");
    }
}
