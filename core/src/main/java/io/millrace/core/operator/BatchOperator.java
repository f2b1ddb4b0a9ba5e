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
 * An operator that takes a batch at a time: its loop over the records is its own, and so compiled for it alone. A keyed
 * one looks the state of all up at once, then processes each.
 */
public interface BatchOperator extends Operator, BatchProcessor
{
    /** A batch of one. For tests: a task calls {@link #processBatch}. */
    @Override
    default boolean process(final long slot)
    {
        return processBatch(new long[] {slot}, 1);
    }
}
