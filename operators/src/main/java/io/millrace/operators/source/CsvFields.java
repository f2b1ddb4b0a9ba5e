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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The fields of a line in a block of bytes. Used by one thread. */
public final class CsvFields implements CsvLine
{
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22};
    private static final long MAX_EXACT_MANTISSA = 1L << 53;
    private static final int MAX_SCALE = 18;

    private final MalformedLineException malformed = new MalformedLineException();
    private final ByteText text = new ByteText();
    private final byte delimiter;
    private byte[] bytes;
    private long lineNumber;
    private int count;
    private int[] starts = new int[32];
    private int[] ends = new int[32];
    private boolean[] doubled = new boolean[32];

    /**
     * Fields of nothing yet.
     *
     * @param delimiter between the fields
     */
    public CsvFields(final char delimiter)
    {
        this.delimiter = (byte)delimiter;
    }

    /**
     * Moves to a line.
     *
     * @param lines that stand on it
     * @throws MalformedLineException when its quotes do not match, or it is too long
     */
    public void wrap(final LineReader lines)
    {
        bytes = lines.bytes();
        lineNumber = lines.lineNumber();
        count = 0;
        if (lines.tooLong())
        {
            throw malformed.of(-1, "line is longer than " + LineReader.BLOCK_LENGTH + " bytes");
        }
        final int end = lines.end();
        int position = lines.start();
        while (position <= end)
        {
            position = (position < end && bytes[position] == '"' ? quoted(position + 1, end) : plain(position, end)) + 1;
        }
    }

    private int plain(final int start, final int end)
    {
        int position = start;
        while (position < end && bytes[position] != delimiter)
        {
            position++;
        }
        add(start, position, false);
        return position;
    }

    private int quoted(final int start, final int end)
    {
        boolean twice = false;
        int position = start;
        while (position < end)
        {
            if (bytes[position] != '"')
            {
                position++;
            }
            else if (position + 1 < end && bytes[position + 1] == '"')
            {
                twice = true;
                position += 2;
            }
            else
            {
                add(start, position, twice);
                position++;
                if (position < end && bytes[position] != delimiter)
                {
                    throw malformed.of(count - 1, "text follows the closing quote");
                }
                return position;
            }
        }
        throw malformed.of(count, "closing quote is missing: a field has no line breaks");
    }

    private void add(final int start, final int end, final boolean twice)
    {
        if (count == starts.length)
        {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
            doubled = Arrays.copyOf(doubled, count * 2);
        }
        starts[count] = start;
        ends[count] = end;
        doubled[count] = twice;
        count++;
    }

    @Override
    public long lineNumber()
    {
        return lineNumber;
    }

    @Override
    public int fields()
    {
        return count;
    }

    @Override
    public boolean isEmpty(final int field)
    {
        check(field);
        return starts[field] == ends[field];
    }

    private void check(final int field)
    {
        if (field < 0 || field >= count)
        {
            throw malformed.of(field, "field is missing: the line has fields=" + count);
        }
    }

    private int skipSpaces(final int from, final int end)
    {
        int position = from;
        while (position < end && bytes[position] == ' ')
        {
            position++;
        }
        return position;
    }

    private int trimmedEnd(final int start, final int from)
    {
        int end = from;
        while (end > start && bytes[end - 1] == ' ')
        {
            end--;
        }
        return end;
    }

    @Override
    public int getInt(final int field)
    {
        final long value = getLong(field);
        if (value != (int)value)
        {
            throw malformed.of(field, "number is beyond 32 bits");
        }
        return (int)value;
    }

    @Override
    public long getLong(final int field)
    {
        return number(field, 0, "no whole number");
    }

    @Override
    public long getDecimal(final int field, final int scale)
    {
        if (scale < 0 || scale > MAX_SCALE)
        {
            throw new IndexOutOfBoundsException("scale=" + scale + " of field=" + field + " must be 0 to " + MAX_SCALE);
        }
        return number(field, scale, "no decimal number");
    }

    /** Reads digits, and with a scale a point and more digits; negative all along, as there is one more negative number. */
    private long number(final int field, final int scale, final String reason)
    {
        check(field);
        int position = skipSpaces(starts[field], ends[field]);
        final int end = trimmedEnd(position, ends[field]);
        final boolean negative = position < end && bytes[position] == '-';
        if (position < end && (bytes[position] == '-' || bytes[position] == '+'))
        {
            position++;
        }
        long value = 0;
        int places = -1;
        int digits = 0;
        for (; position < end; position++)
        {
            final int digit = bytes[position] - '0';
            if (digit >= 0 && digit <= 9)
            {
                digits++;
                if (places < scale)
                {
                    value = append(value, digit, field);
                    places += places < 0 ? 0 : 1;
                }
                else if (digit != 0)
                {
                    throw malformed.of(field, "number has more than " + scale + " decimal places");
                }
            }
            else if (bytes[position] == '.' && places < 0 && scale > 0)
            {
                places = 0;
            }
            else
            {
                throw malformed.of(field, reason);
            }
        }
        if (digits == 0)
        {
            throw malformed.of(field, starts[field] == ends[field] ? "field is empty" : reason);
        }
        for (int i = Math.max(0, places); i < scale; i++)
        {
            value = append(value, 0, field);
        }
        if (!negative && value == Long.MIN_VALUE)
        {
            throw malformed.of(field, "number is beyond 64 bits");
        }
        return negative ? value : -value;
    }

    private long append(final long value, final int digit, final int field)
    {
        final long appended = value * 10 - digit;
        if (value < Long.MIN_VALUE / 10 || appended > 0)
        {
            throw malformed.of(field, "number is beyond 64 bits");
        }
        return appended;
    }

    @Override
    public double getDouble(final int field)
    {
        check(field);
        final int start = skipSpaces(starts[field], ends[field]);
        final int end = trimmedEnd(start, ends[field]);
        int position = start;
        final boolean negative = position < end && bytes[position] == '-';
        if (position < end && (bytes[position] == '-' || bytes[position] == '+'))
        {
            position++;
        }
        long mantissa = 0;
        int digits = 0;
        int places = -1;
        for (; position < end && mantissa <= MAX_EXACT_MANTISSA; position++)
        {
            final int digit = bytes[position] - '0';
            if (digit >= 0 && digit <= 9)
            {
                mantissa = mantissa * 10 + digit;
                digits++;
                places += places < 0 ? 0 : 1;
            }
            else if (bytes[position] == '.' && places < 0)
            {
                places = 0;
            }
            else
            {
                break;
            }
        }
        if (position < end || digits == 0 || mantissa > MAX_EXACT_MANTISSA || places >= POWERS_OF_TEN.length)
        {
            return slowDouble(field, start, end);
        }
        // Both are exact as doubles, so that the one rounding of the division gives the nearest.
        final double value = places <= 0 ? mantissa : mantissa / POWERS_OF_TEN[places];
        return negative ? -value : value;
    }

    private double slowDouble(final int field, final int start, final int end)
    {
        final String number = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
        final char last = number.isEmpty() ? 0 : number.charAt(number.length() - 1);
        // What Java's own parser takes beyond numbers, like "1d" or "0x1p3".
        if (last == 'd' || last == 'D' || last == 'f' || last == 'F' || number.indexOf('x') >= 0 || number.indexOf('X') >= 0)
        {
            throw malformed.of(field, "no number");
        }
        try
        {
            return Double.parseDouble(number);
        }
        catch (final NumberFormatException exception)
        {
            throw malformed.of(field, number.isEmpty() ? "field is empty" : "no number");
        }
    }

    @Override
    public CharSequence getText(final int field)
    {
        check(field);
        return text.wrap(bytes, starts[field], ends[field], doubled[field]);
    }

    @Override
    public RuntimeException malformed(final int field, final String reason)
    {
        throw malformed.of(field, reason);
    }

    /** Text in a block of bytes. */
    private static final class ByteText implements CharSequence
    {
        private byte[] bytes;
        private int start;
        private int length;
        private String decoded;

        private CharSequence wrap(final byte[] newBytes, final int newStart, final int end, final boolean doubledQuotes)
        {
            bytes = newBytes;
            start = newStart;
            length = end - newStart;
            decoded = null;
            boolean ascii = true;
            for (int i = newStart; i < end; i++)
            {
                ascii &= newBytes[i] >= 0;
            }
            if (doubledQuotes || !ascii)
            {
                final String whole = new String(newBytes, newStart, length, StandardCharsets.UTF_8);
                decoded = doubledQuotes ? whole.replace("\"\"", "\"") : whole;
            }
            return this;
        }

        @Override
        public int length()
        {
            return decoded == null ? length : decoded.length();
        }

        @Override
        public char charAt(final int index)
        {
            if (decoded != null)
            {
                return decoded.charAt(index);
            }
            if (index < 0 || index >= length)
            {
                throw new IndexOutOfBoundsException("index=" + index + " length=" + length);
            }
            return (char)bytes[start + index];
        }

        @Override
        public CharSequence subSequence(final int from, final int to)
        {
            return toString().subSequence(from, to);
        }

        @Override
        public String toString()
        {
            return decoded == null ? new String(bytes, start, length, StandardCharsets.ISO_8859_1) : decoded;
        }
    }
}
