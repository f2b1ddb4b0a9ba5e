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

/**
 * Decides whether a record takes a step of a pattern, given what the partial match has taken before.
 *
 * @param <V> read-only view of the records
 */
@FunctionalInterface
public interface IterativeCondition<V>
{
    /**
     * Decides on one record.
     *
     * @param record valid during the call
     * @param match  the partial match without the record, its timestamp that of the record; valid during the call
     * @return true when the record may take the step
     */
    boolean test(V record, Match<V> match);
}
