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
package io.millrace.operators.sink.rolling;

import io.millrace.operators.sink.RecordBuffer;

/**
 * How records become bytes of a file. One instance of the sink, one thread.
 *
 * @param <V> read-only view of the records
 */
interface RecordEncoder<V>
{
    /**
     * Writes what a file begins with.
     *
     * @param buffer at the start of a record, which is not ended here
     */
    void header(RecordBuffer buffer);

    /**
     * Writes one record.
     *
     * @param record valid during the call
     * @param buffer in a record, which is not ended here
     */
    void record(V record, RecordBuffer buffer);
}
