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

import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.core.state.StateIds;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import net.openhft.chronicle.map.MapSegmentContext;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one state of a job that runs with {@link ChronicleMapBackend}, from any process of the same user on the same
 * machine. What it shows may be older than the job's by what is said there, and of different moments for different keys.
 * <pre>
 *   try (ChronicleMapReader sums = ChronicleMapReader.open(directory, "job", "sum", 0, "total"))
 *   {
 *       sums.forEach((slice, key, value) -&gt; ...);
 *   }
 * </pre>
 * Keys and values are the bytes that the operator keeps, little-endian. It never writes; but while it looks at a row it
 * holds a lock in the file, so a reader that is killed at that moment may stop the job, which then fails after a minute.
 * For one thread.
 */
public final class ChronicleMapReader implements AutoCloseable
{
    private final Path file;
    private final Object opened;
    private final ChronicleMap<byte[], byte[]> map;
    private byte[] row = new byte[0];

    /** Takes rows one after the other. */
    @FunctionalInterface
    public interface RowConsumer
    {
        /**
         * Takes a row.
         *
         * @param slice start of the window slice; 0 for a state that has none
         * @param key   its bytes, the consumer's own
         * @param value its bytes, the consumer's own; 8 zeros for a state without values
         */
        void row(long slice, byte[] key, byte[] value);
    }

    private ChronicleMapReader(final Path file, final Object opened, final ChronicleMap<byte[], byte[]> map)
    {
        this.file = file;
        this.opened = opened;
        this.map = map;
    }

    /**
     * Opens a state of a running job.
     *
     * @param directory as the job's configuration names it
     * @param job       name of the job
     * @param operator  uid of the operator
     * @param subtask   index of its instance
     * @param state     name of the state
     * @return the reader, closed by the caller
     * @throws IllegalStateException when no such job is running
     */
    public static ChronicleMapReader open(
        final Path directory, final String job, final String operator, final int subtask, final String state)
    {
        OptionalLibrary.CHRONICLE_MAP.require();
        final Path file = directory.resolve(LiveDirectory.name(job, operator, subtask)).resolve(LiveDirectory.LIVE)
            .resolve(ChronicleMapStore.fileName(StateIds.of(operator, state, subtask)));
        if (!Files.isRegularFile(file))
        {
            throw new IllegalStateException("state=" + state + " of job " + job + " operator " + operator + "-" +
                subtask + " is not in file=" + file + ": start the job with ChronicleMapBackend.in(" + directory +
                ") first, and check the names");
        }
        try
        {
            final Object key = fileKey(file);
            return new ChronicleMapReader(
                file, key, ChronicleMapBuilder.of(byte[].class, byte[].class).createPersistedTo(file.toFile()));
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot read the Chronicle Map in " + file +
                ": the job may just have ended; it must be the same user's", exception);
        }
    }

    private static Object fileKey(final Path file) throws IOException
    {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /**
     * Looks up a row of a state without slices.
     *
     * @param key   its bytes
     * @param value of the state's length; takes the value
     * @return false when there is no such row
     */
    public boolean read(final byte[] key, final byte[] value)
    {
        return read(0, key, value);
    }

    /**
     * Looks up a row.
     *
     * @param slice start of the window slice
     * @param key   its bytes
     * @param value of the state's length; takes the value
     * @return false when there is no such row
     */
    public boolean read(final long slice, final byte[] key, final byte[] value)
    {
        if (row.length != RowDescriptor.PLAIN_KEY_OFFSET + key.length)
        {
            row = new byte[RowDescriptor.PLAIN_KEY_OFFSET + key.length];
        }
        RowDescriptor.plainSlice(row, slice);
        System.arraycopy(key, 0, row, RowDescriptor.PLAIN_KEY_OFFSET, key.length);
        final byte[] read = map.getUsing(row, value);
        if (read != null && read != value)
        {
            throw new IllegalArgumentException("value.length=" + value.length + " of state in " + file + " must be " +
                read.length);
        }
        return read != null;
    }

    /**
     * Shows all rows, in no order. A part of them is copied at a time, so that the job is not held up by the consumer.
     *
     * @param consumer of the rows
     */
    public void forEach(final RowConsumer consumer)
    {
        final List<byte[]> rows = new ArrayList<>();
        for (int i = 0; i < map.segments(); i++)
        {
            try (MapSegmentContext<byte[], byte[], ?> segment = map.segmentContext(i))
            {
                segment.forEachSegmentEntry(entry ->
                {
                    rows.add(entry.key().getUsing(null));
                    rows.add(entry.value().getUsing(null));
                });
            }
            for (int next = 0; next < rows.size(); next += 2)
            {
                final byte[] key = rows.get(next);
                consumer.row(ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getLong(RowDescriptor.SLICE_OFFSET),
                    Arrays.copyOfRange(key, RowDescriptor.PLAIN_KEY_OFFSET, key.length), rows.get(next + 1));
            }
            rows.clear();
        }
    }

    /**
     * How many rows there are.
     *
     * @return of all slices
     */
    public long size()
    {
        return map.longSize();
    }

    /**
     * Whether the rows are still those of the job: when it has ended, or was started again, open another reader.
     *
     * @return false when the file is gone, or is another one
     */
    public boolean isCurrent()
    {
        try
        {
            return opened.equals(fileKey(file));
        }
        catch (final IOException gone)
        {
            return false;
        }
    }

    @Override
    public void close()
    {
        map.close();
    }
}
