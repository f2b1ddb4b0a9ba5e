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
package io.millrace.core.state;

/**
 * Keyed state by slice of time: a table a slice, made when first asked for and dropped whole. Only the task's thread
 * may call it.
 */
public interface WindowTables
{
    /**
     * The table of a slice, made when there is none.
     *
     * @param slice start of the slice
     * @return its table, until it is dropped
     */
    KeyedTable table(long slice);

    /**
     * The table of a slice.
     *
     * @param slice start of the slice
     * @return its table, or null when there is none
     */
    KeyedTable find(long slice);

    /**
     * The earliest slice at or after a time.
     *
     * @param from the time
     * @return start of the slice, or {@link Long#MAX_VALUE} when there is none
     */
    long firstSlice(long from);

    /**
     * Drops a slice with all its keys.
     *
     * @param slice start of the slice; nothing happens when there is none
     */
    void drop(long slice);
}
