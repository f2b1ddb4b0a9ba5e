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

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.StreamSink;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.sink.FileSink;
import io.millrace.operators.sink.transaction.TwoPhaseCommitSink;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

/**
 * A sink that writes files one after the other: CSV, JSON lines, binary records, or lines as you write them. Exactly once:
 * a file appears under its name when it is whole and a checkpoint that counts on it is complete, and is never changed after.
 *
 * <pre>
 *   trades.sink(RollingFileSink.csv(Path.of("out"), "trades").rollAtLength(64 &lt;&lt; 20).rollEvery(Duration.ofHours(1)));
 *
 *   out/trades-0-000000000000.csv          shown: prefix, instance, sequence number
 *   out/trades-0-000000000001.csv.part     being written
 *   out/.trades-0.lock                     says whose files they are, held by the job
 * </pre>
 *
 * <b>Files are closed</b> by their records alone: the one that makes the file as long as {@link #rollAtLength} is its last, and
 * the first of another {@link #rollEvery interval} of event time begins the next. So names and contents are the same in every
 * run over the same input, whenever checkpoints were made and however often the job was restarted. A file that is open at
 * a checkpoint goes on behind it, and what is in it is not shown before it is closed. With {@link #rollAtCheckpoints} each
 * checkpoint closes the file, so that everything is shown then; files are as many and as small as checkpoints are.
 * <p>
 * With another number of instances, from a savepoint, files that were open there end and are shown, and numbers of files go on above
 * those of all instances.
 * <p>
 * <b>Recovery</b> cuts the open file to what the checkpoint holds, after its checksum was verified, deletes what was begun
 * later, and gives their names to files that wait for it. A file that is gone by then counts as read and removed. Where the job
 * goes back to an older checkpoint, since the latest is damaged, files that are shown already are written again, compared and
 * dropped, and a difference stops the job; with {@link #rollAtCheckpoints} they cannot be compared, and get
 * {@code .superseded} behind their names. A job that begins without a checkpoint finds no files with its prefix, or fails.
 * <p>
 * <b>Durability.</b> Files survive the process; {@link #forced()} makes them survive the loss of power: every file is forced
 * before the checkpoint counts on it, then the directory, and the directory again after files got their names. Directories are made
 * with mode 0700, files with 0600.
 * <p>
 * <b>Errors.</b> A full disk, like every other error, fails the job, with the path and the bytes needed; what was written behind
 * the last checkpoint is taken back, and the job goes on from there when it is started again.
 * <p>
 * Everything runs on the thread of the sink's task: a write for each 64 KiB, a rename for each file, and when forced an fsync
 * for each closed file and two or three for each checkpoint, milliseconds each. {@code startNewChain()} keeps that from others.
 * Without checkpoints all files are shown at the end of the input. Each instance writes files of its own. Immutable: each
 * setting gives a new sink.
 *
 * @param <V> read-only view of the records
 */
public final class RollingFileSink<V> implements StreamSink<V>
{
    /** At which length a file is closed, by default: 128 MiB. */
    public static final long DEFAULT_MAX_LENGTH = 128L << 20;

    private final Path path;
    private final RollingFileSettings settings;
    private final Function<RecordType<?, ?>, ? extends RecordEncoder<? super V>> encoders;
    private final Function<Path, ? extends OutputDirectory> directories;

    private RollingFileSink(
        final Path path,
        final RollingFileSettings settings,
        final Function<RecordType<?, ?>, ? extends RecordEncoder<? super V>> encoders,
        final Function<Path, ? extends OutputDirectory> directories)
    {
        this.path = path;
        this.settings = settings;
        this.encoders = encoders;
        this.directories = directories;
    }

    private static <V> RollingFileSink<V> of(
        final Path directory,
        final String prefix,
        final String extension,
        final Function<RecordType<?, ?>, ? extends RecordEncoder<? super V>> encoders)
    {
        FileNames.check(prefix, extension);
        return new RollingFileSink<>(
            Objects.requireNonNull(directory, "directory"),
            new RollingFileSettings(
                prefix, extension, DEFAULT_MAX_LENGTH, null, false, false, TwoPhaseCommitSink.DEFAULT_MAX_PENDING),
            encoders,
            LocalDirectory::new);
    }

    /**
     * CSV files, each with a line of names first. RFC 4180 in UTF-8, with line feeds: a text with a comma, a quote or a line
     * break is between quotes. Decimals have all their digits, bytes are hexadecimal, the fields of a nested record are
     * columns {@code outer.inner}.
     *
     * @param directory of the files, made when it is not there
     * @param prefix    of their names, 1 to 64 of letters, digits, _ and -
     * @param <V>       read-only view of the records
     * @return the sink
     */
    public static <V> RollingFileSink<V> csv(final Path directory, final String prefix)
    {
        return of(directory, prefix, "csv", CsvEncoder::new);
    }

    /**
     * Files of JSON lines: an object for each record, RFC 8259 in UTF-8. Decimals are numbers with all their digits, bytes are
     * strings of hexadecimal digits, a floating-point value that is no number is null, nested records are objects.
     *
     * @param directory of the files, made when it is not there
     * @param prefix    of their names, 1 to 64 of letters, digits, _ and -
     * @param <V>       read-only view of the records
     * @return the sink
     */
    public static <V> RollingFileSink<V> jsonLines(final Path directory, final String prefix)
    {
        return of(directory, prefix, "jsonl", JsonEncoder::new);
    }

    /**
     * Binary files: the schema, then the records as they are in memory, each behind its length and a CRC32C of both. To be
     * read by {@link BinaryFiles}.
     *
     * @param directory of the files, made when it is not there
     * @param prefix    of their names, 1 to 64 of letters, digits, _ and -
     * @param <V>       read-only view of the records
     * @return the sink
     */
    public static <V> RollingFileSink<V> binary(final Path directory, final String prefix)
    {
        return of(directory, prefix, "bin", BinaryEncoder::new);
    }

    /**
     * Files of lines in UTF-8, each ended by a line feed.
     *
     * @param directory of the files, made when it is not there
     * @param prefix    of their names, 1 to 64 of letters, digits, _ and -
     * @param extension of their names, 1 to 16 letters and digits
     * @param function  that writes the line of a record
     * @param <V>       read-only view of the records
     * @return the sink
     */
    public static <V> RollingFileSink<V> lines(
        final Path directory, final String prefix, final String extension, final FileSink.LineFunction<? super V> function)
    {
        Objects.requireNonNull(function, "function");
        return of(directory, prefix, extension, type -> new LineEncoder<V>(function));
    }

    /**
     * Closes a file with the record that makes it so long, by default {@value #DEFAULT_MAX_LENGTH}.
     *
     * @param bytes 1 or more
     * @return a sink that does
     */
    public RollingFileSink<V> rollAtLength(final long bytes)
    {
        if (bytes < 1)
        {
            throw new IllegalArgumentException("length=" + bytes + " at which a file is closed must be 1 or more");
        }
        return with(new RollingFileSettings(settings.prefix(), settings.extension(), bytes, settings.interval(),
            settings.atCheckpoints(), settings.forced(), settings.maxPending()));
    }

    /**
     * Closes a file before the first record of a later interval of event time; intervals begin at multiples of their length. A
     * record that is late goes into the file that is open. By default time does not count.
     *
     * @param interval a whole number of the pipeline's time unit, 1 or more
     * @return a sink that does
     */
    public RollingFileSink<V> rollEvery(final Duration interval)
    {
        if (interval.isNegative() || interval.isZero())
        {
            throw new IllegalArgumentException("interval=" + interval + " of a file must be above 0");
        }
        return with(new RollingFileSettings(settings.prefix(), settings.extension(), settings.maxLength(), interval,
            settings.atCheckpoints(), settings.forced(), settings.maxPending()));
    }

    /**
     * Closes the file at every checkpoint as well, so that all that the checkpoint holds is shown when it is complete.
     *
     * @return a sink that does
     */
    public RollingFileSink<V> rollAtCheckpoints()
    {
        return with(new RollingFileSettings(settings.prefix(), settings.extension(), settings.maxLength(),
            settings.interval(), true, settings.forced(), settings.maxPending()));
    }

    /**
     * Forces files and names to storage, so that they survive the loss of power as the checkpoint does. By default they
     * survive the process.
     *
     * @return a sink that does
     */
    public RollingFileSink<V> forced()
    {
        return with(new RollingFileSettings(settings.prefix(), settings.extension(), settings.maxLength(),
            settings.interval(), settings.atCheckpoints(), true, settings.maxPending()));
    }

    /**
     * Bounds how many checkpoints in a row may be declined, see {@link TwoPhaseCommitSink#maxPending}.
     *
     * @param transactions 1 or more
     * @return a sink that does
     */
    public RollingFileSink<V> maxPending(final int transactions)
    {
        if (transactions < 1)
        {
            throw new IllegalArgumentException("maxPending=" + transactions + " must be 1 or more");
        }
        return with(new RollingFileSettings(settings.prefix(), settings.extension(), settings.maxLength(),
            settings.interval(), settings.atCheckpoints(), settings.forced(), transactions));
    }

    private RollingFileSink<V> with(final RollingFileSettings newSettings)
    {
        return new RollingFileSink<>(path, newSettings, encoders, directories);
    }

    /** With another disk. */
    RollingFileSink<V> on(final Function<Path, ? extends OutputDirectory> newDirectories)
    {
        return new RollingFileSink<>(path, settings, encoders, newDirectories);
    }

    /** A new target, not open yet. */
    RollingFileTarget<V> target(final RecordType<?, ?> type)
    {
        return new RollingFileTarget<>(directories.apply(path), settings, encoders.apply(type));
    }

    @Override
    public OperatorFactory<Operator> factory(final RecordType<? extends V, ?> type)
    {
        return TwoPhaseCommitSink.<FileTransaction, V>of(this::target).maxPending(settings.maxPending()).factory(type);
    }

    @Override
    public String toString()
    {
        return "rolling file sink " + path + "/" + settings.prefix();
    }
}
