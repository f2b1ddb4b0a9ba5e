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
package io.millrace.memory.record;

import io.millrace.memory.Memory;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows records to people by their schema alone, whatever class made them: for tools. Every field is one text. Allocates.
 */
public final class RecordText
{
    private final RecordSchema schema;
    private final Map<String, RecordText> nested = new LinkedHashMap<>();

    private RecordText(final RecordSchema schema)
    {
        this.schema = schema;
        for (final RecordField field : schema.fields())
        {
            if (field.kind() == FieldKind.RECORD)
            {
                nested.put(field.name(), of(field.detail()));
            }
        }
    }

    /**
     * Shows records of a schema.
     *
     * @param schema text of {@link RecordType#schema()}
     * @return what shows them
     * @throws IllegalStateException when the text is no schema
     */
    public static RecordText of(final String schema)
    {
        return new RecordText(RecordSchema.parse(schema));
    }

    /**
     * Name of the record.
     *
     * @return as in the schema
     */
    public String name()
    {
        return schema.name();
    }

    /**
     * The fields of one record.
     *
     * @param address of its payload
     * @param length  of the payload in bytes; fields beyond it are shown as {@code ?}
     * @return values by names, in the order of the schema
     */
    public Map<String, String> fields(final long address, final int length)
    {
        final Map<String, String> fields = new LinkedHashMap<>();
        for (final RecordField field : schema.fields())
        {
            fields.put(field.name(), field.offset() + field.length() > length ? "?" : text(field, address, length));
        }
        return fields;
    }

    private String text(final RecordField field, final long record, final int length)
    {
        final long address = record + field.offset();
        return switch (field.kind())
        {
            case BOOLEAN -> Boolean.toString(Memory.getByte(address) != 0);
            case BYTE -> Byte.toString(Memory.getByte(address));
            case SHORT -> Short.toString(Memory.getShort(address));
            case CHAR -> Character.toString((char)Memory.getShort(address));
            case INT -> Integer.toString(Memory.getInt(address));
            case LONG -> Long.toString(Memory.getLong(address));
            case FLOAT -> Float.toString(Float.intBitsToFloat(Memory.getInt(address)));
            case DOUBLE -> Double.toString(Double.longBitsToDouble(Memory.getLong(address)));
            case DECIMAL -> BigDecimal.valueOf(Memory.getLong(address), field.parameter()).toPlainString();
            case ENUM -> constant(field, address);
            case ASCII -> bounded(field, address, StandardCharsets.ISO_8859_1);
            case UTF8 -> bounded(field, address, StandardCharsets.UTF_8);
            case BYTES -> hex(address, field.length());
            case RECORD -> nested.get(field.name()).fields(address, field.length()).toString();
            case VAR_BYTES -> variable(address, record, length);
        };
    }

    private static String constant(final RecordField field, final long address)
    {
        final List<String> constants = new ArrayList<>(List.of(field.detail().split("\\|")));
        final int ordinal = field.length() == Byte.BYTES ? Memory.getByte(address) & 0xFF : Memory.getShort(address) & 0xFFFF;
        return ordinal < constants.size() ? constants.get(ordinal) : "#" + ordinal;
    }

    private static String bounded(final RecordField field, final long address, final Charset charset)
    {
        final int length = Math.max(0, Math.min(FieldCodec.textLength(address, field.parameter()), field.parameter()));
        final byte[] bytes = new byte[length];
        Memory.copyOut(address + FieldDescriptor.textPrefixLength(field.parameter()), bytes, 0, length);
        return new String(bytes, charset);
    }

    private static String variable(final long address, final long record, final int length)
    {
        final int field = (int)(address - record);
        final long bytes = VarBytesCodec.bytes(record, field);
        final int count = VarBytesCodec.length(record, field);
        return count < 0 || bytes < record || bytes + count > record + length ? "?" : hex(bytes, count);
    }

    private static String hex(final long address, final int length)
    {
        final byte[] bytes = new byte[length];
        Memory.copyOut(address, bytes, 0, length);
        return HexFormat.of().formatHex(bytes);
    }
}
