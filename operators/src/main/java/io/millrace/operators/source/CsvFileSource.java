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

import io.millrace.core.chain.FailureJudge;
import io.millrace.core.metrics.Counter;
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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Emits a record for each line of what a {@link CsvSource} describes. The cause of a record is its line's number, counted
 * from 0.
 *
 * @param <W> flyweight that writes the records
 */
public final class CsvFileSource<W extends Flyweight> implements DecodingSource
{
    /** The most bytes of a line that a message has. */
    private static final int MAX_TEXT = 512;

    private final RecordType<?, W> type;
    private final CsvSource.LineFunction<? super W> function;
    private final CsvInput input;
    private final CsvFields fields;
    private final boolean fixedLength;
    private final int blockLength;
    private W flyweight;
    private LineReader lines;
    private DeadLetterOutput deadLetters;
    private int retries;
    private Counter malformedLines;
    private String name;
    private long restoredOffset;
    private long restoredLine;
    private boolean ended;
    private boolean goOn;

    /**
     * A source.
     *
     * @param type     of the records
     * @param function makes a record of a line
     * @param input    what to read, and how
     */
    public CsvFileSource(
        final RecordType<?, W> type, final CsvSource.LineFunction<? super W> function, final CsvInput input)
    {
        this.type = type;
        this.function = function;
        this.input = input;
        this.fields = new CsvFields(input.delimiter());
        this.fixedLength = type.fixedLength();
        this.blockLength = type.blockLength();
        this.flyweight = type.newFlyweight();
    }

    @Override
    public void open(final OperatorContext context)
    {
        name = context.name();
        malformedLines = context.counter("malformedLines");
        deadLetters = context.deadLetters();
        retries = context.errorPolicy().retries();
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        try
        {
            return lines == null && !begin() ? 0 : read(output, limit);
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("source " + name + " cannot read " + input.name() + " at line=" +
                (lines == null ? restoredLine : lines.lineNumber()) + ": " + exception.getMessage(), exception);
        }
    }

    private boolean begin() throws IOException
    {
        lines = new LineReader(input.supplier().open());
        if (restoredOffset > 0)
        {
            lines.seek(restoredOffset, restoredLine);
        }
        while (lines.lineNumber() < input.skippedLines())
        {
            if (!lines.next())
            {
                ended = true;
                return false;
            }
        }
        return true;
    }

    private int read(final SourceOutput output, final int limit) throws IOException
    {
        int emitted = 0;
        goOn = true;
        output.nextCause(lines.lineNumber());
        while (goOn && emitted < limit)
        {
            if (!lines.next())
            {
                ended = true;
                break;
            }
            emit(output);
            emitted++;
        }
        return emitted;
    }

    private void emit(final SourceOutput output)
    {
        int attempts = 1;
        while (!readLine(output, attempts))
        {
            attempts++;
        }
    }

    /** Reads a line; false to do it again. */
    private boolean readLine(final SourceOutput output, final int attempts)
    {
        final long slot = output.claim();
        Memory.zero(slot + SlotDescriptor.HEADER_LENGTH, blockLength);
        if (DebugMode.ENABLED)
        {
            flyweight = type.newFlyweight();
        }
        final W out = flyweight;
        if (fixedLength)
        {
            out.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        }
        else
        {
            out.wrap(slot + SlotDescriptor.HEADER_LENGTH, type.maxLength());
        }
        try
        {
            fields.wrap(lines);
            function.read(fields, out);
        }
        catch (final RuntimeException | AssertionError thrown)
        {
            final boolean ofLine = FailureJudge.isOfRecord(thrown);
            if (ofLine && attempts <= retries)
            {
                return false;
            }
            if (!malformed(thrown, ofLine, attempts))
            {
                throw thrown;
            }
            output.nextCause(lines.lineNumber());
            return true;
        }
        if (!fixedLength)
        {
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, out.encodedLength());
        }
        if (DebugMode.ENABLED)
        {
            out.release(name);
        }
        goOn = output.commit();
        return true;
    }

    /** The line has no record: what the claimed slot holds is overwritten by the next claim. False to throw on. */
    private boolean malformed(final Throwable thrown, final boolean ofLine, final int attempts)
    {
        malformedLines.increment();
        if (ofLine && deadLetters != null)
        {
            goOn = deadLetters.put(
                lines.lineNumber() - 1, lines.bytes(), lines.start(), lines.end() - lines.start(), attempts, thrown);
            return true;
        }
        if (!(thrown instanceof IllegalArgumentException))
        {
            return false;
        }
        final int length = Math.min(lines.end() - lines.start(), MAX_TEXT);
        throw new IllegalStateException("malformed line in " + input.name() + ": line=" + lines.lineNumber() + " text=\"" +
            new String(lines.bytes(), lines.start(), length, StandardCharsets.UTF_8) + "\" " + thrown.getMessage(),
            thrown instanceof MalformedLineException ? null : thrown);
    }

    @Override
    public boolean finished()
    {
        return ended;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(lines == null ? restoredOffset : lines.offset())
            .putLong(lines == null ? restoredLine : lines.lineNumber());
    }

    @Override
    public void restore(final BlobReader reader)
    {
        restoredOffset = reader.getLong();
        restoredLine = reader.getLong();
    }

    @Override
    public void close()
    {
        if (lines == null)
        {
            return;
        }
        try
        {
            lines.close();
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("source " + name + " cannot close " + input.name(), exception);
        }
    }
}
