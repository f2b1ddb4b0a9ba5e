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

import java.util.List;
import java.util.Objects;

/**
 * One field of a {@link RecordType}.
 *
 * @param name      as in the schema interface
 * @param kind      how the bytes are read
 * @param offset    of the first byte in the record
 * @param length    in bytes, of the field's fixed part
 * @param parameter decimals of a {@link Decimal}, the bound of a text or byte field, 0 for others
 * @param eventTime true for the field that a source takes event time from
 * @param detail    the constants of an enum, in order, as {@code BUY|SELL}; the {@link RecordType#schema()} of a nested
 *                  record; empty for others
 */
public record RecordField(
    String name, FieldKind kind, int offset, int length, int parameter, boolean eventTime, String detail)
{
    public RecordField
    {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(detail, "detail");
    }

    /**
     * A field that is neither an enum nor a record.
     *
     * @param name      as in the schema interface
     * @param kind      how the bytes are read
     * @param offset    of the first byte in the record
     * @param length    in bytes, of the field's fixed part
     * @param parameter decimals of a {@link Decimal}, the bound of a text or byte field, 0 for others
     * @param eventTime true for the field that a source takes event time from
     */
    public RecordField(
        final String name,
        final FieldKind kind,
        final int offset,
        final int length,
        final int parameter,
        final boolean eventTime)
    {
        this(name, kind, offset, length, parameter, eventTime, "");
    }

    /**
     * The fields of a nested record, with offsets from its own start.
     *
     * @return in order of their offsets; none for a field of another kind
     */
    public List<RecordField> nested()
    {
        return kind == FieldKind.RECORD ? RecordSchema.parse(detail).fields() : List.of();
    }

    @Override
    public String toString()
    {
        return name + ':' + form() + '@' + offset + '+' + length;
    }

    String form()
    {
        final String argument = detail.isEmpty() ? parameter == 0 ? "" : Integer.toString(parameter) : detail;
        return argument.isEmpty() ? kind.name() : kind + "(" + argument + ')';
    }
}
