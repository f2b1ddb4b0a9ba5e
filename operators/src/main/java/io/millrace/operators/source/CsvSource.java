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
package io.millrace.operators.source;

import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.StreamSource;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A source that reads the lines of a text file in UTF-8, each as one record.
 *
 * <pre>
 *   CsvSource.of(Path.of("trades.csv"), TradeFlyweight.TYPE, (line, out) -&gt;
 *           out.time(line.getLong(0)).price(line.getDecimal(1, 8)).size(line.getDecimal(2, 8)))
 *       .skipLines(1)
 * </pre>
 *
 * Fields are separated by commas; one that begins with a double quote ends with one, and may contain commas, and quotes
 * twice, but no line breaks. Lines end with LF or CRLF. A line that cannot be read fails the job with its number, field and
 * text, or goes to the dead letters where the stream says {@code onError(ErrorPolicy.skipToDeadLetters())}: its bytes, its
 * number less 1 as the position, and no timestamp; it is counted as {@code malformedLines}. The position in a
 * checkpoint is the byte offset and the line number. The file is read in blocks of 64 KiB on the task's thread, to its
 * end as it is then. One instance reads it.
 * <p>
 * Immutable: each setting gives a new source.
 *
 * @param <V> read-only view of the records
 * @param <W> flyweight that writes them
 */
public final class CsvSource<V, W extends Flyweight> implements StreamSource<V>
{
    /**
     * Makes a record of a line. Called by the task's thread.
     *
     * @param <W> flyweight that writes the records
     */
    @FunctionalInterface
    public interface LineFunction<W>
    {
        /**
         * Reads one line.
         *
         * @param line its fields; valid during the call
         * @param out  all zeros at first; valid during the call
         * @throws IllegalArgumentException when the line is malformed: a value that a field of the record cannot hold
         */
        void read(CsvLine line, W out);
    }

    /** Opens the bytes to read, from the first one on; called again after a restart. */
    @FunctionalInterface
    public interface InputSupplier
    {
        /**
         * Opens.
         *
         * @return a stream, closed by the source; one that skips fast restarts fast
         * @throws IOException when it cannot be opened
         */
        InputStream open() throws IOException;
    }

    private final RecordType<V, W> type;
    private final LineFunction<? super W> function;
    private final CsvInput input;

    private CsvSource(final RecordType<V, W> type, final LineFunction<? super W> function, final CsvInput input)
    {
        this.type = type;
        this.function = function;
        this.input = input;
    }

    /**
     * Reads a file.
     *
     * @param file     to read
     * @param type     of the records
     * @param function makes a record of a line
     * @param <V>      read-only view of the records
     * @param <W>      flyweight that writes them
     * @return the source
     */
    public static <V, W extends Flyweight> CsvSource<V, W> of(
        final Path file, final RecordType<V, W> type, final LineFunction<? super W> function)
    {
        return of(() -> Files.newInputStream(file), file.toString(), type, function);
    }

    /**
     * Reads a resource of the class path, say one within a jar.
     *
     * @param owner    class whose loader finds it
     * @param resource its name, as {@link Class#getResourceAsStream} takes it
     * @param type     of the records
     * @param function makes a record of a line
     * @param <V>      read-only view of the records
     * @param <W>      flyweight that writes them
     * @return the source
     */
    public static <V, W extends Flyweight> CsvSource<V, W> ofResource(
        final Class<?> owner,
        final String resource,
        final RecordType<V, W> type,
        final LineFunction<? super W> function)
    {
        return of(() -> openResource(owner, resource), "resource " + resource, type, function);
    }

    private static InputStream openResource(final Class<?> owner, final String resource) throws FileNotFoundException
    {
        final InputStream stream = owner.getResourceAsStream(resource);
        if (stream == null)
        {
            throw new FileNotFoundException("resource=" + resource + " is not found from " + owner);
        }
        return stream;
    }

    /**
     * Reads what a supplier opens.
     *
     * @param supplier opens the bytes, the same ones each time
     * @param name     for messages
     * @param type     of the records
     * @param function makes a record of a line
     * @param <V>      read-only view of the records
     * @param <W>      flyweight that writes them
     * @return the source
     */
    public static <V, W extends Flyweight> CsvSource<V, W> of(
        final InputSupplier supplier,
        final String name,
        final RecordType<V, W> type,
        final LineFunction<? super W> function)
    {
        return new CsvSource<>(Objects.requireNonNull(type, "type"), Objects.requireNonNull(function, "function"),
            new CsvInput(Objects.requireNonNull(supplier, "supplier"), name, ',', 0));
    }

    /**
     * Separates fields by another character than a comma.
     *
     * @param character of ASCII, not a double quote and not a line break
     * @return a new source
     */
    public CsvSource<V, W> delimiter(final char character)
    {
        if (character >= 0x80 || character == '"' || character == '\n' || character == '\r')
        {
            throw new IllegalArgumentException("delimiter=" + (int)character + " of " + input.name() +
                " must be a character of ASCII, not a double quote and not a line break");
        }
        return new CsvSource<>(type, function,
            new CsvInput(input.supplier(), input.name(), character, input.skippedLines()));
    }

    /**
     * Skips lines at the beginning: headers.
     *
     * @param lines 0 or more
     * @return a new source
     */
    public CsvSource<V, W> skipLines(final int lines)
    {
        if (lines < 0)
        {
            throw new IllegalArgumentException("skipLines=" + lines + " of " + input.name() + " must be 0 or more");
        }
        return new CsvSource<>(type, function,
            new CsvInput(input.supplier(), input.name(), input.delimiter(), lines));
    }

    @Override
    public RecordType<V, ?> type()
    {
        return type;
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public OperatorFactory<Source> factory()
    {
        return OperatorFactory.of((Class)CsvFileSource.class, type, function, input);
    }

    @Override
    public boolean parallel()
    {
        return false;
    }
}
