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

import io.millrace.memory.Memory;
import io.millrace.memory.table.KeyHash;

import java.util.Comparator;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What a backend should hold: a keyed state and one by slices, with their entries in canonical order. */
final class StateModel
{
    static final int KEY_LENGTH = 16;
    static final int VALUE_LENGTH = 24;

    /** A key of 16 bytes. */
    record ModelKey(long low, long high)
    {
        /** The other key that has the same hash as that of a number. */
        static ModelKey twin(final long number)
        {
            return new ModelKey(number ^ Long.rotateLeft(0xC2B2AE3D27D4EB4FL, 31) * 0x9E3779B185EBCA87L, 1);
        }

        long hash(final long address)
        {
            Memory.putLong(address, low);
            Memory.putLong(address + 8, high);
            return KeyHash.hash(address, KEY_LENGTH);
        }
    }

    private final Comparator<ModelKey> order;
    final NavigableMap<ModelKey, Long> numbers;
    final NavigableMap<Long, NavigableMap<ModelKey, Long>> slices = new TreeMap<>();

    /**
     * An empty model.
     *
     * @param scratch address of a key
     */
    StateModel(final long scratch)
    {
        order = Comparator.<ModelKey, Long>comparing(key -> key.hash(scratch), Long::compareUnsigned)
            .thenComparing(key -> Long.reverseBytes(key.low), Long::compareUnsigned)
            .thenComparing(key -> Long.reverseBytes(key.high), Long::compareUnsigned);
        numbers = new TreeMap<>(order);
    }

    NavigableMap<ModelKey, Long> slice(final long start)
    {
        return slices.computeIfAbsent(start, absent -> new TreeMap<>(order));
    }

    StateModel copy(final long scratch)
    {
        final StateModel copy = new StateModel(scratch);
        copy.numbers.putAll(numbers);
        slices.forEach((start, entries) -> copy.slice(start).putAll(entries));
        return copy;
    }
}
