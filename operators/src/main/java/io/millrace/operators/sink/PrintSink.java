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
package io.millrace.operators.sink;

import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.StreamSink;

import java.io.PrintStream;
import java.util.Objects;

/**
 * A sink for people: prints every record on a line, as {@code prefix @time record}. It makes text, and so it allocates;
 * it blocks as its stream does. At least once.
 */
public final class PrintSink
{
    private PrintSink()
    {
    }

    /**
     * Prints to standard output.
     *
     * @param <V> read-only view of the records
     * @return the sink
     */
    public static <V> StreamSink<V> toStandardOutput()
    {
        return to(System.out, "");
    }

    /**
     * Prints to a stream.
     *
     * @param out    to print to; flushed when the input is empty, at checkpoints and at the end, and left open
     * @param prefix of each line, or empty
     * @param <V>    read-only view of the records
     * @return the sink
     */
    public static <V> StreamSink<V> to(final PrintStream out, final String prefix)
    {
        Objects.requireNonNull(out, "out");
        final String start = prefix.isEmpty() ? "" : prefix + ' ';
        return type -> OperatorFactory.of(PrintOperator.class, type, out, start);
    }
}
