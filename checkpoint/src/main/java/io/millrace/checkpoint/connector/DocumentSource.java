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

import io.millrace.checkpoint.journal.ForeignQueue;
import io.millrace.core.chain.FailureJudge;
import io.millrace.core.operator.DeadLetterOutput;
import io.millrace.core.operator.DecodingSource;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.nio.file.Path;

/**
 * Emits what is decoded of a queue that another program writes. A record's cause is the number of its document, from 1;
 * documents that are passed over have one too,
 * and so have those that cannot be decoded, by which they are in the dead letters.
 *
 * @param <W> flyweight that writes the records
 */
public final class DocumentSource<W extends Flyweight> implements DecodingSource
{
    private static final int CAUSE_SHIFT = 16;
    /** The most bytes of a document that are copied for a dead letter. */
    private static final int MAX_BYTES = 1 << 16;

    private final RecordType<?, W> type;
    private final DocumentReaderFactory<W> readers;
    private final boolean bounded;
    private final ForeignQueue queue;
    private DocumentReader<W> reader;
    private W flyweight;
    private String name;
    private DeadLetterOutput deadLetters;
    private int retries;
    private boolean goOn;
    /** Number of the document that was read last. */
    private long number;
    private boolean finished;

    /**
     * A source.
     *
     * @param directory of the queue
     * @param type      of the records
     * @param readers   make the reader of its documents
     * @param bounded   true to end at the queue's end, though it may yet grow
     */
    public DocumentSource(
        final Path directory,
        final RecordType<?, W> type,
        final DocumentReaderFactory<W> readers,
        final Boolean bounded)
    {
        this.type = type;
        this.readers = readers;
        this.bounded = bounded;
        this.queue = new ForeignQueue(directory);
        this.flyweight = type.newFlyweight();
    }

    @Override
    public void open(final OperatorContext context)
    {
        name = context.name();
        deadLetters = context.deadLetters();
        retries = context.errorPolicy().retries();
        if (context.parallelism() != 1)
        {
            throw new IllegalStateException("source " + name + " has parallelism=" + context.parallelism() +
                ", but a queue has one reader that keeps its order: set parallelism 1 and rebalance() or key the stream");
        }
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        if (reader == null && !open())
        {
            return 0;
        }
        int emitted = 0;
        goOn = true;
        while (goOn && emitted < limit)
        {
            final long slot = output.claim();
            final int outcome = readGuarded(slot);
            if (outcome == DocumentReader.NOTHING)
            {
                finished = bounded;
                break;
            }
            number++;
            if (outcome == DocumentReader.RECORD)
            {
                output.nextCause(number << CAUSE_SHIFT);
                emitted++;
                goOn = output.commit();
            }
        }
        return emitted;
    }

    private boolean open()
    {
        if (!queue.open())
        {
            finished = bounded;
            return false;
        }
        reader = readers.readerOf(queue.tailer());
        return true;
    }

    /** Reads a document; one that cannot be decoded is passed over when it is in the dead letters. */
    private int readGuarded(final long slot)
    {
        int attempts = 1;
        while (true)
        {
            try
            {
                return read(slot);
            }
            catch (final RuntimeException | AssertionError failure)
            {
                final boolean ofDocument = FailureJudge.isOfRecord(failure);
                if (!ofDocument || attempts > retries && deadLetters == null)
                {
                    throw new IllegalArgumentException("source " + name + " cannot decode document=" + (number + 1) +
                        " at index=0x" + Long.toHexString(queue.lastIndex()) + " of queue=" + queue.directory() +
                        ": have the decoder pass over what it does not know", failure);
                }
                if (attempts > retries)
                {
                    final byte[] bytes = queue.lastDocument(MAX_BYTES);
                    goOn = deadLetters.put(number + 1 << CAUSE_SHIFT, bytes, 0, bytes.length, attempts, failure);
                    return DocumentReader.PASSED_OVER;
                }
                queue.goBack();
                attempts++;
            }
        }
    }

    private int read(final long slot)
    {
        final long record = slot + SlotDescriptor.HEADER_LENGTH;
        if (DebugMode.ENABLED)
        {
            flyweight = type.newFlyweight();
        }
        final W flyweight = this.flyweight;
        Memory.zero(record, flyweight.blockLength());
        flyweight.wrapUnchecked(record);
        final int outcome = reader.read(flyweight);
        if (outcome == DocumentReader.RECORD)
        {
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, flyweight.encodedLength());
        }
        if (DebugMode.ENABLED)
        {
            flyweight.release(name);
        }
        return outcome;
    }

    @Override
    public boolean finished()
    {
        return finished;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(number).putLong(number == 0 ? 0 : queue.lastIndex());
    }

    @Override
    public void restore(final BlobReader blob)
    {
        number = blob.getLong();
        final long index = blob.getLong();
        if (number != 0)
        {
            queue.openBehind(index);
            reader = readers.readerOf(queue.tailer());
        }
        finished = false;
    }

    @Override
    public void close()
    {
        queue.close();
    }
}
