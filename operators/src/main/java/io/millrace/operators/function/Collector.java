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

/**
 * Takes the results of a function that makes any number of them. Valid during the call that it is handed to.
 *
 * @param <W> flyweight that writes the results
 */
public interface Collector<W>
{
    /**
     * The next result, all zeros at first. It is not sent before {@link #emit()}; asking again without emit starts it
     * over.
     *
     * @return flyweight to write it with
     */
    W next();

    /** Sends the result that {@link #next()} gave. */
    void emit();

    /**
     * A side output, whose records have the time and the identity of the record that the function was called with. What
     * goes to a side output that nobody takes is dropped, and counted as {@code sideOutputRecordsDropped}.
     *
     * @param tag of the side output; best a constant
     * @param <X> flyweight that writes its records
     * @return takes the records; the same for every call with that tag
     */
    <X extends Flyweight> Collector<X> sideOutput(OutputTag<?, X> tag);
}
