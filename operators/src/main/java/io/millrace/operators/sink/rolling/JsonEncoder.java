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

import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.sink.RecordBuffer;

import java.util.List;

/**
 * A JSON object on a line for each record (RFC 8259, UTF-8). Decimals are numbers with all their digits, bytes are strings
 * of hexadecimal digits, what is no number is null, nested records are objects.
 */
final class JsonEncoder<V> implements RecordEncoder<V>
{
    /** What lies before the value of a field: brace or comma, name, colon. */
    private static final class Member
    {
        private final byte[] start;
        private final FieldText field;
        /** Of the nested record, when the field is one. */
        private final Member[] members;

        private Member(final byte[] start, final FieldText field, final Member[] members)
        {
            this.start = start;
            this.field = field;
            this.members = members;
        }
    }

    private final Member[] members;

    JsonEncoder(final RecordType<?, ?> type)
    {
        members = members(FieldText.of(type));
    }

    private static Member[] members(final List<FieldText> fields)
    {
        final Member[] members = new Member[fields.size()];
        for (int i = 0; i < members.length; i++)
        {
            final FieldText field = fields.get(i);
            final byte[] name = FieldText.jsonName(field.field.name());
            final byte[] start = new byte[name.length + 2];
            start[0] = (byte)(i == 0 ? '{' : ',');
            System.arraycopy(name, 0, start, 1, name.length);
            start[start.length - 1] = ':';
            members[i] = new Member(start, field, members(field.nested));
        }
        return members;
    }

    @Override
    public void header(final RecordBuffer buffer)
    {
    }

    @Override
    public void record(final V record, final RecordBuffer buffer)
    {
        object(((Flyweight)record).address(), members, buffer);
        buffer.putByte('\n');
    }

    private static void object(final long record, final Member[] members, final RecordBuffer buffer)
    {
        for (final Member member : members)
        {
            buffer.putBytes(member.start, 0, member.start.length);
            if (member.members.length > 0)
            {
                object(record, member.members, buffer);
            }
            else
            {
                member.field.json(record, buffer);
            }
        }
        buffer.putByte('}');
    }
}
