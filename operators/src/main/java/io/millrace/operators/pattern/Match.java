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
 * The records of a match, grouped by the names of the pattern's steps. It and its views are valid during the call that
 * it is handed to.
 *
 * @param <V> read-only view of the records
 */
public interface Match<V>
{
    /**
     * The records that took a step, in their order.
     *
     * @param name of the step
     * @return the records, none when the step was not taken
     * @throws IllegalArgumentException when the pattern has no step of that name, or it is a negated one
     */
    MatchedEvents<V> events(String name);

    /**
     * Time of the match: in a condition that of the record that is looked at, in a result that of the record which
     * completed the match or of the timeout which ended it.
     *
     * @return event time
     */
    long timestamp();
}
