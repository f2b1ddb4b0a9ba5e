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

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.StreamSource;
import io.millrace.memory.record.RecordType;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A journal on Chronicle Queue as a source. It follows the journal as it grows, and comes to its end where the journal
 * was ended.
 *
 * @param <V> read-only view of the records
 */
public final class ChronicleQueueSource<V> implements StreamSource<V>
{
    private final Path directory;
    private final RecordType<V, ?> type;
    private final boolean bounded;

    private ChronicleQueueSource(final Path directory, final RecordType<V, ?> type, final boolean bounded)
    {
        this.directory = Objects.requireNonNull(directory, "directory");
        this.type = Objects.requireNonNull(type, "type");
        this.bounded = bounded;
    }

    /**
     * A source.
     *
     * @param directory of the journal; it may not exist yet
     * @param type      of the records
     * @param <V>       read-only view of the records
     * @return the source
     */
    public static <V> ChronicleQueueSource<V> of(final Path directory, final RecordType<V, ?> type)
    {
        return new ChronicleQueueSource<>(directory, type, false);
    }

    /**
     * Ends with what the journal holds when its end is reached for the first time, even when the journal was not ended.
     *
     * @return another source
     */
    public ChronicleQueueSource<V> bounded()
    {
        return new ChronicleQueueSource<>(directory, type, true);
    }

    @Override
    public RecordType<V, ?> type()
    {
        return type;
    }

    @Override
    public OperatorFactory<Source> factory()
    {
        return OperatorFactory.of(JournalSource.class, new JournalContext().directory(directory).recordType(type), bounded);
    }
}
