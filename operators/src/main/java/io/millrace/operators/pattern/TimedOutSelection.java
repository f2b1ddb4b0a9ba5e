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
package io.millrace.operators.pattern;

import io.millrace.memory.record.Flyweight;
import io.millrace.operators.function.OutputTag;

import java.util.Objects;

/**
 * What becomes of partial matches that time out.
 *
 * @param tag      of the side output
 * @param function makes its records
 * @param <V>      read-only view of the records
 * @param <W>      flyweight that writes those of the side output
 */
public record TimedOutSelection<V, W extends Flyweight>(
    OutputTag<?, W> tag, SelectFunction<V, ? super W> function)
{
    public TimedOutSelection
    {
        Objects.requireNonNull(tag, "tag");
        Objects.requireNonNull(function, "function");
    }
}
