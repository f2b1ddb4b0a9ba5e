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
package io.millrace.operators.pattern;

import io.millrace.operators.function.FilterFunction;

/**
 * A condition of a step.
 *
 * @param test   that decides
 * @param simple whether it looks at nothing but the record, so that its answer holds for every partial match
 * @param <V>    read-only view of the records
 */
record StepCondition<V>(IterativeCondition<V> test, boolean simple)
{
    static <V> StepCondition<V> of(final FilterFunction<? super V> condition)
    {
        return new StepCondition<>((record, match) -> condition.test(record), true);
    }

    static <V> StepCondition<V> of(final IterativeCondition<V> condition)
    {
        return new StepCondition<>(condition, false);
    }

    StepCondition<V> and(final StepCondition<V> other)
    {
        return new StepCondition<>((record, match) -> test.test(record, match) && other.test.test(record, match),
            simple && other.simple);
    }

    StepCondition<V> or(final StepCondition<V> other)
    {
        return new StepCondition<>((record, match) -> test.test(record, match) || other.test.test(record, match),
            simple && other.simple);
    }
}
