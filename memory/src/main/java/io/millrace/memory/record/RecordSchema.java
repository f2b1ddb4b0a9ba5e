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

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the text of {@link RecordType#schema()} says.
 *
 * @param name        of the type
 * @param fields      in order of their offsets
 * @param blockLength bytes of the fixed fields
 * @param maxLength   the most bytes that a record may take
 */
record RecordSchema(String name, List<RecordField> fields, int blockLength, int maxLength)
{
    RecordSchema
    {
        fields = List.copyOf(fields);
    }

    static RecordSchema parse(final String text)
    {
        return new Parser(text).parse();
    }

    RecordField field(final String fieldName)
    {
        return fields.stream().filter(field -> field.name().equals(fieldName)).findFirst().orElse(null);
    }

    private static final class Parser
    {
        private final String text;
        private int position;

        private Parser(final String text)
        {
            this.text = Objects.requireNonNull(text, "schema");
        }

        private RecordSchema parse()
        {
            final String name = until('{');
            final List<RecordField> fields = new ArrayList<>();
            if (text.startsWith("}", position))
            {
                position++;
            }
            else
            {
                do
                {
                    fields.add(field());
                }
                while (next() == ',');
                if (text.charAt(position - 1) != '}')
                {
                    throw malformed("'}' or ','");
                }
            }
            final int blockLength = number(until('/'));
            return new RecordSchema(name, fields, blockLength, number(text.substring(position)));
        }

        private RecordField field()
        {
            final String name = until(':');
            final StringBuilder kindName = new StringBuilder();
            String argument = "";
            char next = next();
            while (next != '@' && next != '(')
            {
                kindName.append(next);
                next = next();
            }
            final FieldKind kind = kind(kindName.toString());
            if (next == '(')
            {
                argument = argument();
                if (next() != '@')
                {
                    throw malformed("'@'");
                }
            }
            final int offset = number(until('+'));
            final boolean detailed = kind == FieldKind.ENUM || kind == FieldKind.RECORD;
            final int parameter = detailed || argument.isEmpty() ? 0 : number(argument);
            return new RecordField(name, kind, offset, digits(), parameter, false, detailed ? argument : "");
        }

        private String argument()
        {
            final int start = position;
            int depth = 1;
            while (depth > 0)
            {
                final char next = next();
                depth += next == '(' ? 1 : next == ')' ? -1 : 0;
            }
            return text.substring(start, position - 1);
        }

        private int digits()
        {
            final int start = position;
            while (position < text.length() && Character.isDigit(text.charAt(position)))
            {
                position++;
            }
            return number(text.substring(start, position));
        }

        private String until(final char end)
        {
            final int start = position;
            final int index = text.indexOf(end, start);
            if (index < 0)
            {
                throw malformed("'" + end + "'");
            }
            position = index + 1;
            return text.substring(start, index);
        }

        private char next()
        {
            if (position >= text.length())
            {
                throw malformed("more");
            }
            return text.charAt(position++);
        }

        private int number(final String digits)
        {
            try
            {
                return Integer.parseInt(digits);
            }
            catch (final NumberFormatException exception)
            {
                throw new IllegalStateException(malformed("a number").getMessage(), exception);
            }
        }

        private FieldKind kind(final String name)
        {
            for (final FieldKind kind : FieldKind.values())
            {
                if (kind.name().equals(name))
                {
                    return kind;
                }
            }
            throw new IllegalStateException("schema=\"" + text + "\" has the unknown kind=" + name +
                ": it was stored by a later version, read it with that one");
        }

        private IllegalStateException malformed(final String expected)
        {
            return new IllegalStateException("schema=\"" + text + "\" is damaged: expected " + expected + " at index=" +
                position + " in the form name{field:KIND(parameter)@offset+length,...}blockLength/maxLength");
        }
    }
}
