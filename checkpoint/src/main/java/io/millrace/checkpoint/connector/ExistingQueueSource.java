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

import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.StreamSource;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A Chronicle Queue that another program writes, as a source: its documents are raw bytes or the calls of a method
 * writer, and a decoder makes a record of each, or none. The queue is opened to be read only, and followed as it grows.
 * <p>
 * A document whose decoder throws fails the job, or goes to the dead letters with its bytes where the stream says
 * {@code onError(ErrorPolicy.skipToDeadLetters())}; a decoder that wants none of it says false.
 * <p>
 * Such documents have no checksum. What a loss of power tore is decoded as it is; {@link ChronicleQueueSink} writes journals in
 * which it is found. Files of the queue must stay until no checkpoint that is kept is before them.
 *
 * @param <V> read-only view of the records
 * @param <W> flyweight that writes them
 */
public final class ExistingQueueSource<V, W extends Flyweight> implements StreamSource<V>
{
    private final Path directory;
    private final RecordType<V, W> type;
    private final DocumentReaderFactory<W> readers;
    private final boolean bounded;

    private ExistingQueueSource(
        final Path directory, final RecordType<V, W> type, final DocumentReaderFactory<W> readers, final boolean bounded)
    {
        this.directory = Objects.requireNonNull(directory, "directory");
        this.type = Objects.requireNonNull(type, "type");
        this.readers = readers;
        this.bounded = bounded;
    }

    /**
     * A queue of documents.
     *
     * @param directory of the queue; it may not exist yet
     * @param type      of the records
     * @param decoder   makes a record of a document
     * @param <V>       read-only view of the records
     * @param <W>       flyweight that writes them
     * @return the source
     */
    public static <V, W extends Flyweight> ExistingQueueSource<V, W> ofDocuments(
        final Path directory, final RecordType<V, W> type, final DocumentDecoder<? super W> decoder)
    {
        Objects.requireNonNull(decoder, "decoder");
        return new ExistingQueueSource<>(directory, type, tailer -> new RawDocumentReader<>(tailer, decoder), false);
    }

    /**
     * A queue of calls. Calls of methods that the receiver does not have are passed over.
     *
     * @param directory of the queue; it may not exist yet
     * @param type      of the records
     * @param decoder   makes what the calls are replayed to
     * @param <V>       read-only view of the records
     * @param <W>       flyweight that writes them
     * @return the source
     */
    public static <V, W extends Flyweight> ExistingQueueSource<V, W> ofMethodCalls(
        final Path directory, final RecordType<V, W> type, final MethodDecoder<W> decoder)
    {
        Objects.requireNonNull(decoder, "decoder");
        return new ExistingQueueSource<>(directory, type, tailer -> new MethodCallReader<>(tailer, decoder), false);
    }

    /**
     * Ends with what the queue holds when its end is reached for the first time.
     *
     * @return another source
     */
    public ExistingQueueSource<V, W> bounded()
    {
        return new ExistingQueueSource<>(directory, type, readers, true);
    }

    @Override
    public RecordType<V, W> type()
    {
        return type;
    }

    @Override
    public OperatorFactory<Source> factory()
    {
        return OperatorFactory.of(DocumentSource.class, directory, type, readers, bounded);
    }

    @Override
    public boolean parallel()
    {
        return false;
    }
}
