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

import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;

import java.util.Objects;

/**
 * Names a side output and its records.
 *
 * @param name unique for the operator
 * @param type of the records
 * @param <V>  read-only view of the records
 * @param <W>  flyweight that writes them
 */
public record OutputTag<V, W extends Flyweight>(String name, RecordType<V, W> type)
{
    public OutputTag
    {
        if (name.isBlank())
        {
            throw new IllegalArgumentException("name of an output tag for record=" + type +
                " is blank: give it a name");
        }
        Objects.requireNonNull(type, "type");
    }
}
