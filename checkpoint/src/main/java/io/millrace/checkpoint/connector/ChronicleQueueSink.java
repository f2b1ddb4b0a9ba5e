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

import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.StreamSink;
import io.millrace.memory.record.RecordType;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A journal on Chronicle Queue as a sink: what it takes is shown at once and exactly once. After a restart it compares
 * what comes again with what the journal holds, and drops it; a difference stops the job.
 *
 * @param <V> read-only view of the records
 */
public final class ChronicleQueueSink<V> implements StreamSink<V>
{
    private final Path directory;
    private final RecordType<V, ?> type;
    private final SyncLevel durability;

    private ChronicleQueueSink(final Path directory, final RecordType<V, ?> type, final SyncLevel durability)
    {
        this.directory = Objects.requireNonNull(directory, "directory");
        this.type = Objects.requireNonNull(type, "type");
        this.durability = durability;
    }

    /**
     * A sink.
     *
     * @param directory of the journal, made when it is not there
     * @param type      of the records
     * @param <V>       read-only view of the records
     * @return the sink
     */
    public static <V> ChronicleQueueSink<V> exactlyOnce(final Path directory, final RecordType<V, ?> type)
    {
        return new ChronicleQueueSink<>(directory, type, SyncLevel.PROCESS);
    }

    /**
     * What a written record survives, by default the end of the process.
     *
     * @param level {@link SyncLevel#DURABLE} for a loss of power as well, at the price of an fsync a frame
     * @return another sink
     */
    public ChronicleQueueSink<V> durability(final SyncLevel level)
    {
        return new ChronicleQueueSink<>(directory, type, level);
    }

    @Override
    public OperatorFactory<Operator> factory(final RecordType<? extends V, ?> streamType)
    {
        if (!streamType.schema().equals(type.schema()))
        {
            throw new IllegalArgumentException("sink journal=" + directory + " takes schema=" + type.schema() +
                " but the stream has schema=" + streamType.schema() + ": give the sink the type of its stream");
        }
        return OperatorFactory.of(
            JournalSink.class, new JournalContext().directory(directory).recordType(type).syncLevel(durability));
    }
}
