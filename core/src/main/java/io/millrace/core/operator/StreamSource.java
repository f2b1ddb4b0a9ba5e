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
package io.millrace.core.operator;

import io.millrace.memory.record.RecordType;

/**
 * What a user hands to a pipeline as a source.
 *
 * @param <V> read-only view of the records
 */
public interface StreamSource<V>
{
    /**
     * What it brings.
     *
     * @return type of the records
     */
    RecordType<V, ?> type();

    /**
     * How to make it.
     *
     * @return the factory
     */
    OperatorFactory<Source> factory();

    /**
     * Whether several instances can share the input.
     *
     * @return false when there can be one instance only
     */
    default boolean parallel()
    {
        return true;
    }
}
