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
package io.millrace.extensions.jdbc;

import java.sql.SQLException;

/** What drivers say. A batch that fails says it in its next exceptions. */
public final class JdbcFailures
{
    private JdbcFailures()
    {
    }

    /**
     * All that was said, in one line.
     *
     * @param failure of a driver
     * @return messages with their SQL states
     */
    public static String describe(final SQLException failure)
    {
        final StringBuilder text = new StringBuilder();
        for (SQLException at = failure; at != null; at = at.getNextException())
        {
            text.append(text.isEmpty() ? "" : "; ").append(at.getMessage()).append(" (SQLState ").append(at.getSQLState()).append(')');
        }
        return text.toString();
    }
}
