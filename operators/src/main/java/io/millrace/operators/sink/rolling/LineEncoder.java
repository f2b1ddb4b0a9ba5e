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

import io.millrace.operators.sink.FileSink;
import io.millrace.operators.sink.RecordBuffer;

/** A line for each record, as the user writes it. */
final class LineEncoder<V> implements RecordEncoder<V>
{
    private final FileSink.LineFunction<? super V> function;

    LineEncoder(final FileSink.LineFunction<? super V> function)
    {
        this.function = function;
    }

    @Override
    public void header(final RecordBuffer buffer)
    {
    }

    @Override
    public void record(final V record, final RecordBuffer buffer)
    {
        function.write(record, buffer);
        buffer.putByte('\n');
    }
}
