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
package io.millrace.core.state;

/**
 * A state as a savepoint tells of it.
 *
 * @param name            unique for the operator
 * @param placement       what becomes of the entries when the parallelism changes
 * @param sliced          whether it is kept by slices of time
 * @param keyLength       bytes of a key
 * @param streamKeyLength bytes of a key that decide its key group
 * @param valueLength     bytes of a value
 * @param recordOffset    of the record in a value
 * @param schema          of the record, as {@link io.millrace.memory.record.RecordType#schema()} gives; empty when there is none
 */
public record StateDescription(
    String name,
    StatePlacement placement,
    boolean sliced,
    int keyLength,
    int streamKeyLength,
    int valueLength,
    int recordOffset,
    String schema)
{
    /**
     * Bytes of an entry.
     *
     * @return those of key and value
     */
    public int entryLength()
    {
        return keyLength + valueLength;
    }
}
