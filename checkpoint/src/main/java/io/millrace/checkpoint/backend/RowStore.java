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

import java.util.function.Supplier;

/** All rows of an operator instance, in a library. */
interface RowStore extends AutoCloseable
{
    /**
     * Declares a state.
     *
     * @param shape of its entries
     * @return makes the rows of one slice of it after the other
     */
    Supplier<Rows> declare(StateShape shape);

    /** Writes at once what was written or deleted since the last call and is held back. */
    default void commit()
    {
    }

    /** Closes the library's part; no cursor is open any more. */
    @Override
    void close();
}
