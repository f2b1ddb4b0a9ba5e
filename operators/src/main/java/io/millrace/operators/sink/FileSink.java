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

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.StreamSink;
import io.millrace.memory.record.RecordType;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A sink that writes a file: a line, or some bytes, for each record, in the order of the stream.
 *
 * <pre>
 *   prices.sink(FileSink.lines(Path.of("prices.csv"), (price, line) -&gt;
 *       line.append(price.symbol()).append(',').appendDecimal(price.price(), 2)));
 * </pre>
 *
 * <b>With checkpoints</b> it is exactly-once: each checkpoint holds the length of the file, and after a restart the file
 * is cut to that and written on, so that it has the same bytes as without the restart. What is behind the latest
 * complete checkpoint may be taken back: a reader that must not see that reads what is there when the job has finished.
 * Until the first checkpoint is complete the file is called so with {@code .part} behind its name. It survives the
 * process; {@link #forced()} makes it survive the loss of power too.
 * <p>
 * <b>Without checkpoints</b> a file is begun under its name; a process that dies in the middle may leave a part of a
 * record at its end.
 * <p>
 * A file that exists before the job begins is an error, unless the sink is {@link #overwriting()}. Records are gathered
 * in blocks of 64 KiB, which are written when they are full, when the stream has nothing more at the moment, and at
 * checkpoints; the write happens on the task's thread. A full disk, like every other error, fails the job, and the file ends
 * behind a whole record. There is one instance. Immutable: each setting gives a new sink.
 *
 * @param <V> read-only view of the records
 */
public final class FileSink<V> implements StreamSink<V>
{
    /**
     * Writes the line of a record.
     *
     * @param <V> read-only view of the records
     */
    @FunctionalInterface
    public interface LineFunction<V>
    {
        /**
         * Writes one line. When it throws, the job fails, and nothing of the line is written.
         *
         * @param record valid during the call
         * @param line   takes the text, without the line break; valid during the call
         */
        void write(V record, LineWriter line);
    }

    /**
     * Writes the bytes of a record.
     *
     * @param <V> read-only view of the records
     */
    @FunctionalInterface
    public interface BytesFunction<V>
    {
        /**
         * Writes one record. When it throws, the job fails, and nothing of the record is written.
         *
         * @param record valid during the call
         * @param bytes  takes the bytes; nothing is put between those of two records; valid during the call
         */
        void write(V record, BytesWriter bytes);
    }

    private final Path path;
    private final LineFunction<? super V> lines;
    private final BytesFunction<? super V> bytes;
    private final boolean forced;
    private final boolean overwriting;

    private FileSink(
        final Path path,
        final LineFunction<? super V> lines,
        final BytesFunction<? super V> bytes,
        final boolean forced,
        final boolean overwriting)
    {
        this.path = path;
        this.lines = lines;
        this.bytes = bytes;
        this.forced = forced;
        this.overwriting = overwriting;
    }

    /**
     * A file of lines in UTF-8, each ended by a line feed.
     *
     * @param path     of the file; its directory must be there when the job starts
     * @param function that writes the line of a record
     * @param <V>      read-only view of the records
     * @return the sink
     */
    public static <V> FileSink<V> lines(final Path path, final LineFunction<? super V> function)
    {
        return new FileSink<>(
            named(path), Objects.requireNonNull(function, "function"), null, false, false);
    }

    /**
     * A file of bytes.
     *
     * @param path     of the file; its directory must be there when the job starts
     * @param function that writes the bytes of a record
     * @param <V>      read-only view of the records
     * @return the sink
     */
    public static <V> FileSink<V> bytes(final Path path, final BytesFunction<? super V> function)
    {
        return new FileSink<>(
            named(path), null, Objects.requireNonNull(function, "function"), false, false);
    }

    private static Path named(final Path path)
    {
        if (path.getFileName() == null || path.getFileName().toString().isEmpty())
        {
            throw new IllegalArgumentException("file=" + path + " of the sink has no name: name a file in it");
        }
        return path;
    }

    /**
     * Forces the file to storage at each checkpoint and at the end, so that it survives the loss of power as the
     * checkpoint does. By default it is not: that blocks the task's thread, for milliseconds or longer.
     *
     * @return a sink that does
     */
    public FileSink<V> forced()
    {
        return new FileSink<>(path, lines, bytes, true, overwriting);
    }

    /**
     * Replaces a file that exists when the job begins without restoring a checkpoint. By default that is an error, so
     * that no results are lost. A job without checkpoints that restarts needs it, as it begins its file anew.
     *
     * @return a sink that does
     */
    public FileSink<V> overwriting()
    {
        return new FileSink<>(path, lines, bytes, forced, true);
    }

    @Override
    public OperatorFactory<Operator> factory(final RecordType<? extends V, ?> type)
    {
        return OperatorFactory.of(FileOperator.class, type, this);
    }

    @Override
    public boolean parallel()
    {
        return false;
    }

    /**
     * What writes lines; for the engine.
     *
     * @return the function, null when the sink writes bytes
     */
    public LineFunction<? super V> lines()
    {
        return lines;
    }

    /**
     * What writes bytes; for the engine.
     *
     * @return the function, null when the sink writes lines
     */
    public BytesFunction<? super V> bytes()
    {
        return bytes;
    }

    /**
     * What the sink writes to; for the engine.
     *
     * @return a new one, not open yet
     */
    public FileTarget newTarget()
    {
        return new FileTarget(path, overwriting);
    }

    /**
     * Whether checkpoints wait for storage; for the engine.
     *
     * @return as set
     */
    public boolean isForced()
    {
        return forced;
    }

    @Override
    public String toString()
    {
        return "file sink " + path;
    }
}
