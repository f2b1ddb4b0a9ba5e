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

import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.Source;
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
public final class CsvFileSource<W extends Flyweight> implements Source
{
    private final RecordType<?, W> type;
    private final CsvSource.LineFunction<? super W> function;
    private final CsvInput input;
    private final CsvFields fields;
    private final DeadLetterFlyweight deadLetter = new DeadLetterFlyweight();
    private final boolean fixedLength;
    private final int blockLength;
    private W flyweight;
    private LineReader lines;
    private Output deadLetters;
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
        if (input.deadLetters() != null)
        {
            deadLetters = context.sideOutput(input.deadLetters());
            if (deadLetters == null)
            {
                throw new IllegalStateException("malformed lines of source " + name + " go to side output " +
                    input.deadLetters() + " that nobody takes: end stream.sideOutput(tag) in a sink, " +
                    "or leave deadLetters(tag) out to fail at the first one");
            }
        }
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
        catch (final IllegalArgumentException exception)
        {
            malformed(exception);
            output.nextCause(lines.lineNumber());
            return;
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
    }

    /** The line has no record: what the claimed slot holds is overwritten by the next claim. */
    private void malformed(final IllegalArgumentException exception)
    {
        malformedLines.increment();
        final int field = exception instanceof MalformedLineException line ? line.field() : -1;
        if (deadLetters == null)
        {
            throw new IllegalStateException("malformed line in " + input.name() + ": line=" + lines.lineNumber() +
                (field < 0 ? "" : " field=" + field) + " text=\"" + text(DeadLetter.MAX_TEXT) + "\": " +
                exception.getMessage(), exception instanceof MalformedLineException ? null : exception);
        }
        final long slot = deadLetters.claim();
        Memory.putLong(slot + SlotDescriptor.TIMESTAMP_OFFSET, Long.MIN_VALUE);
        SlotDescriptor.cause(slot, lines.lineNumber() - 1);
        SlotDescriptor.ingressTime(slot, System.nanoTime());
        final long record = slot + SlotDescriptor.HEADER_LENGTH;
        Memory.zero(record, DeadLetterFlyweight.BLOCK_LENGTH);
        deadLetter.wrapUnchecked(record);
        deadLetter.lineNumber(lines.lineNumber()).field(field).text(text(DeadLetter.MAX_TEXT))
            .reason(bounded(String.valueOf(exception.getMessage()), DeadLetter.MAX_REASON));
        goOn = deadLetters.commit();
    }

    private String text(final int bound)
    {
        final int length = Math.min(lines.end() - lines.start(), bound);
        return bounded(new String(lines.bytes(), lines.start(), length, StandardCharsets.UTF_8), bound);
    }

    /** Cuts text to a number of bytes in UTF-8, between characters. */
    private static String bounded(final String text, final int bound)
    {
        int bytes = 0;
        int end = 0;
        while (end < text.length())
        {
            final int codePoint = text.codePointAt(end);
            bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (bytes > bound)
            {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end);
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
