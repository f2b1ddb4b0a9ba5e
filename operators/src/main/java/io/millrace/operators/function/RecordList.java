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
package io.millrace.operators.function;

/**
 * Records that a function is handed together. Valid during the call.
 *
 * @param <V> read-only view of the records
 */
public interface RecordList<V>
{
    /**
     * Number of records.
     *
     * @return 0 or more
     */
    int size();

    /**
     * Shows a record.
     *
     * @param index from 0
     * @return its view, valid until the next call of this, or the end of the call that the list was handed to
     */
    V get(int index);

    /**
     * Whether there is none.
     *
     * @return true when there is none
     */
    default boolean isEmpty()
    {
        return size() == 0;
    }
}
