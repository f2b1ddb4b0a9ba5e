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
package io.millrace.core.ordering;

/** Reads an order log a piece at a time, so that no more than a piece is in memory. One thread at a time. */
public interface OrderLogReader extends AutoCloseable
{
    /**
     * Hands out the entries of the next piece; there may be none for the handler in it.
     *
     * @param handler that takes them
     * @return false at the end of the log
     * @throws IllegalStateException when the log is damaged
     */
    boolean read(OrderLogHandler handler);

    /**
     * Hands out the entries of all pieces that are left.
     *
     * @param handler that takes them
     * @throws IllegalStateException when the log is damaged
     */
    default void readAll(final OrderLogHandler handler)
    {
        boolean more;
        do
        {
            more = read(handler);
        }
        while (more);
    }

    @Override
    void close();
}
