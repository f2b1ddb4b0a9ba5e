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
 * The records that took one step of a pattern. Valid as long as the {@link Match} that it is of.
 *
 * @param <V> read-only view of the records
 */
public interface MatchedEvents<V>
{
    /**
     * Number of records.
     *
     * @return 0 or more
     */
    int count();

    /**
     * One of the records. Views of different records can be used side by side.
     *
     * @param index from 0 to {@link #count()} - 1
     * @return view of it
     * @throws IndexOutOfBoundsException when there is none
     */
    V get(int index);
}
