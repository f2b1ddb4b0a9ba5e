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
package io.millrace.checkpoint.backend;

/** A place among the {@link Rows} of a table. */
interface RowCursor extends AutoCloseable
{
    /**
     * Goes to the next row.
     *
     * @param key address that its key is copied to
     * @return false when there is none
     */
    boolean next(long key);

    /**
     * Copies the value of the row out that the cursor is on; once a row.
     *
     * @param value address that it is copied to
     */
    void value(long value);

    @Override
    void close();
}
