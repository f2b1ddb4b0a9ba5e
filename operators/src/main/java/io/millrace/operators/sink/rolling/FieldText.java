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

import io.millrace.memory.Memory;
import io.millrace.memory.record.FieldDescriptor;
import io.millrace.memory.record.FieldKind;
import io.millrace.memory.record.RecordField;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.sink.RecordBuffer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One field of a record as text: its name, and how its value is written. Text fields hold UTF-8 or ASCII, whose bytes are
 * copied as they are; what must be escaped is one byte each. Allocates nothing for a record.
 */
final class FieldText
{
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    /** As the schema has it, with those of the records that it is nested in: {@code outer.inner}. */
    final String path;
    final RecordField field;
    final List<FieldText> nested;
    private final int offset;
    private final byte[][] constants;

    private FieldText(final String path, final RecordField field, final int offset, final List<FieldText> nested)
    {
        this.path = path;
        this.field = field;
        this.offset = offset;
        this.nested = nested;
        this.constants = field.kind() != FieldKind.ENUM ? new byte[0][] : Arrays.stream(field.detail().split("\\|"))
            .map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    /** The fields of a type, nested ones in their places. */
    static List<FieldText> of(final RecordType<?, ?> type)
    {
        if (type.fields().isEmpty())
        {
            throw new IllegalArgumentException("record=" + type.name() + " declares no fields that could be written: write its " +
                "lines with a function, see RollingFileSink.lines");
        }
        return of("", 0, type.fields());
    }

    private static List<FieldText> of(final String prefix, final int base, final List<RecordField> fields)
    {
        final List<FieldText> texts = new ArrayList<>();
        for (final RecordField field : fields)
        {
            final String path = prefix + field.name();
            final int offset = base + field.offset();
            texts.add(new FieldText(path, field, offset, of(path + '.', offset, field.nested())));
        }
        return List.copyOf(texts);
    }

    /** The fields without records, those of nested records in their place. */
    static List<FieldText> flat(final List<FieldText> fields)
    {
        final List<FieldText> flat = new ArrayList<>();
        for (final FieldText each : fields)
        {
            if (each.nested.isEmpty())
            {
                flat.add(each);
            }
            else
            {
                flat.addAll(flat(each.nested));
            }
        }
        return List.copyOf(flat);
    }

    /** Writes the value of a field that is no record, for CSV. */
    void csv(final long record, final RecordBuffer buffer)
    {
        final long address = record + offset;
        switch (field.kind())
        {
            case ASCII, UTF8 -> csvText(textAddress(address), textLength(address), buffer);
            case CHAR -> csvChar(Memory.getChar(address), buffer);
            case FLOAT -> buffer.appendFloat(Memory.getFloat(address));
            case DOUBLE -> buffer.append(Memory.getDouble(address));
            case ENUM -> buffer.putBytes(constant(address), 0, constant(address).length);
            default -> plain(record, address, buffer);
        }
    }

    /** Writes the value of a field that is no record, for JSON. */
    void json(final long record, final RecordBuffer buffer)
    {
        final long address = record + offset;
        switch (field.kind())
        {
            case ASCII, UTF8 -> jsonText(textAddress(address), textLength(address), buffer);
            case CHAR -> jsonChar(Memory.getChar(address), buffer);
            case FLOAT ->
            {
                final float value = Memory.getFloat(address);
                if (Float.isFinite(value))
                {
                    buffer.appendFloat(value);
                }
                else
                {
                    buffer.putBytes(NULL, 0, NULL.length);
                }
            }
            case DOUBLE ->
            {
                final double value = Memory.getDouble(address);
                if (Double.isFinite(value))
                {
                    buffer.append(value);
                }
                else
                {
                    buffer.putBytes(NULL, 0, NULL.length);
                }
            }
            case ENUM ->
                buffer.putByte('"').putBytes(constant(address), 0, constant(address).length).putByte('"');
            case BYTES, VAR_BYTES ->
            {
                buffer.putByte('"');
                plain(record, address, buffer);
                buffer.putByte('"');
            }
            default -> plain(record, address, buffer);
        }
    }

    private void plain(final long record, final long address, final RecordBuffer buffer)
    {
        switch (field.kind())
        {
            case BOOLEAN ->
            {
                final byte[] text = Memory.getByte(address) == 0 ? FALSE : TRUE;
                buffer.putBytes(text, 0, text.length);
            }
            case BYTE -> buffer.append((long)Memory.getByte(address));
            case SHORT -> buffer.append((long)Memory.getShort(address));
            case INT -> buffer.append((long)Memory.getInt(address));
            case LONG -> buffer.append(Memory.getLong(address));
            case DECIMAL -> buffer.appendDecimal(Memory.getLong(address), field.parameter());
            case BYTES -> hex(address, field.length(), buffer);
            case VAR_BYTES -> hex(record + Memory.getInt(address + FieldDescriptor.VAR_OFFSET_OFFSET),
                Memory.getInt(address + FieldDescriptor.VAR_LENGTH_OFFSET), buffer);
            default -> throw new IllegalStateException("field=" + path + " of kind=" + field.kind() + " has no text");
        }
    }

    private int textLength(final long address)
    {
        return FieldDescriptor.textPrefixLength(field.parameter()) == 1 ?
            Memory.getByte(address) & 0xFF : Memory.getChar(address);
    }

    private long textAddress(final long address)
    {
        return address + FieldDescriptor.textPrefixLength(field.parameter());
    }

    private byte[] constant(final long address)
    {
        final int ordinal = Memory.getByte(address) & 0xFF;
        if (ordinal >= constants.length)
        {
            throw new IllegalStateException("field=" + path + " has ordinal=" + ordinal + " of an enum with constants=" +
                field.detail() + ": the record was written by another version of the enum");
        }
        return constants[ordinal];
    }

    private static void csvText(final long address, final int length, final RecordBuffer buffer)
    {
        boolean quoted = false;
        for (int i = 0; i < length && !quoted; i++)
        {
            final byte next = Memory.getByte(address + i);
            quoted = next == ',' || next == '"' || next == '\n' || next == '\r';
        }
        if (!quoted)
        {
            buffer.putMemory(address, length);
            return;
        }
        buffer.putByte('"');
        for (int i = 0; i < length; i++)
        {
            final byte next = Memory.getByte(address + i);
            if (next == '"')
            {
                buffer.putByte('"');
            }
            buffer.putByte(next);
        }
        buffer.putByte('"');
    }

    private static void csvChar(final char value, final RecordBuffer buffer)
    {
        if (value == '"')
        {
            buffer.append("\"\"\"\"");
        }
        else if (value == ',' || value == '\n' || value == '\r')
        {
            buffer.append('"').append(value).append('"');
        }
        else
        {
            buffer.append(value);
        }
    }

    private static void jsonText(final long address, final int length, final RecordBuffer buffer)
    {
        buffer.putByte('"');
        int written = 0;
        for (int i = 0; i < length; i++)
        {
            final byte next = Memory.getByte(address + i);
            if (escaped(next))
            {
                buffer.putMemory(address + written, i - written);
                escape(next, buffer);
                written = i + 1;
            }
        }
        buffer.putMemory(address + written, length - written);
        buffer.putByte('"');
    }

    private static void jsonChar(final char value, final RecordBuffer buffer)
    {
        buffer.putByte('"');
        if (value < 0x80 && escaped((byte)value))
        {
            escape((byte)value, buffer);
        }
        else
        {
            buffer.append(value);
        }
        buffer.putByte('"');
    }

    /** Writes a text that is known before, as a JSON string. */
    static byte[] jsonName(final String text)
    {
        final RecordBuffer buffer = new RecordBuffer();
        buffer.begin().putByte('"');
        for (final byte next : text.getBytes(StandardCharsets.UTF_8))
        {
            if (escaped(next))
            {
                escape(next, buffer);
            }
            else
            {
                buffer.putByte(next);
            }
        }
        buffer.putByte('"').end();
        return Arrays.copyOf(buffer.bytes(), buffer.ready());
    }

    /** Bytes of characters from U+0080 on are negative, and stay as they are. */
    private static boolean escaped(final byte next)
    {
        return next >= 0 && next < ' ' || next == '"' || next == '\\';
    }

    private static void escape(final byte next, final RecordBuffer buffer)
    {
        buffer.putByte('\\');
        switch (next)
        {
            case '"', '\\' -> buffer.putByte(next);
            case '\b' -> buffer.putByte('b');
            case '\f' -> buffer.putByte('f');
            case '\n' -> buffer.putByte('n');
            case '\r' -> buffer.putByte('r');
            case '\t' -> buffer.putByte('t');
            default -> buffer.putByte('u').putByte('0').putByte('0').putByte(HEX[next >> 4]).putByte(HEX[next & 0xF]);
        }
    }

    private static void hex(final long address, final int length, final RecordBuffer buffer)
    {
        for (int i = 0; i < length; i++)
        {
            final byte next = Memory.getByte(address + i);
            buffer.putByte(HEX[next >> 4 & 0xF]).putByte(HEX[next & 0xF]);
        }
    }
}
