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

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Sets the parameters of a statement from a record.
 * <pre>
 *   (statement, order) -&gt;
 *   {
 *       statement.setLong(1, order.id());
 *       statement.setBigDecimal(2, BigDecimal.valueOf(order.price(), 2));
 *   }
 * </pre>
 *
 * @param <V> read-only view of the records
 */
@FunctionalInterface
public interface StatementBinder<V>
{
    /**
     * Sets every parameter. The sink adds the statement to its batch.
     *
     * @param statement of the sink
     * @param record    valid during the call
     * @throws SQLException as the driver says
     */
    void bind(PreparedStatement statement, V record) throws SQLException;
}
