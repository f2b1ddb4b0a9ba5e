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
package io.millrace.core.testing;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;

import java.util.List;

/**
 * A sink under {@link SinkContract}, and the outside that it writes to: a directory, a table, a list. The outside stays
 * from life to life.
 */
public interface SinkSubject extends AutoCloseable
{
    /**
     * How to make the sink. Asked for in each life; each writes to the same outside.
     *
     * @return the factory of its operator
     */
    OperatorFactory<? extends Operator> factory();

    /**
     * What a reader sees who takes what he is shown: the numbers of the records, in the order in which he finds them.
     *
     * @return the numbers
     */
    List<Long> visible();

    /** Called when a life has ended, however it did: the outside may lose here what an end like that can cost. */
    default void ended()
    {
    }

    /** Clears the outside away. */
    @Override
    default void close()
    {
    }
}
