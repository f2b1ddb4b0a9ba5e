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
package io.millrace.checkpoint.connector;

/**
 * The record that comes of a call which is being replayed.
 *
 * @param <W> flyweight that writes it
 */
@FunctionalInterface
public interface DecodedRecord<W>
{
    /**
     * Begins the record. A call that does not ask for it is passed over; there is one at most, so that a call has one place
     * in the stream: flat map what is more.
     *
     * @return flyweight to write it with, until the call returns; fields that are not written are zero
     * @throws IllegalStateException when the call has begun its record before, or none is being replayed
     */
    W record();
}
