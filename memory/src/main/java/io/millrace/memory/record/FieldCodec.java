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

import java.util.Objects;

/**
 * Reads and writes the bytes of fields, as {@link FieldDescriptor} lays them out: the one place where generated
 * flyweights and field views touch more than a primitive. Nothing here allocates, except to describe an error.
 * Addresses are the caller's to vouch for.
 */
public final class FieldCodec
{
    private static final int MAX_INLINE_COPY = 128;
    private static final int MAX_SHOWN = 64;
    private static final int MAX_ASCII = 0x7F;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private FieldCodec()
    {
    }

    /**
     * Writes ASCII text and zeros behind it. On an error about its characters the field is left empty.
     *
     * @param field address of the field
     * @param bound the most characters that it holds
     * @param value to write; copied byte by byte when it is a view of an ASCII field
     * @param name  of the field, for messages
     * @throws IllegalArgumentException when the text is too long or not ASCII
     */
    public static void putAscii(final long field, final int bound, final CharSequence value, final String name)
    {
        if (value instanceof AsciiView view)
        {
            putTextBytes(field, bound, view, name, "Ascii");
            return;
        }
        final int length = value.length();
        if (length > bound)
        {
            throw tooLong(name, value, length + " characters", "Ascii", bound);
        }
        final long bytes = field + FieldDescriptor.textPrefixLength(bound);
        int seen = 0;
        int i = 0;
        for (; i <= bound - Long.BYTES; i += Long.BYTES)
        {
            // Eight characters, or the zeros behind the last one, in one store.
            long word = 0;
            final int end = Math.min(Long.BYTES, length - i);
            for (int j = 0; j < end; j++)
            {
                final char next = value.charAt(i + j);
                seen |= next;
                word |= (next & 0xFFL) << j * Byte.SIZE;
            }
            Memory.putLong(bytes + i, word);
        }
        for (; i < bound; i++)
        {
            final char next = i < length ? value.charAt(i) : 0;
            seen |= next;
            Memory.putByte(bytes + i, (byte)next);
        }
        putTextLength(field, bound, length);
        if (seen > MAX_ASCII)
        {
            zero(field, FieldDescriptor.length(FieldKind.ASCII, bound));
            throw notAscii(name, value);
        }
    }

    /**
     * Writes text as UTF-8 and zeros behind it.
     *
     * @param field address of the field
     * @param bound the most bytes that it holds
     * @param value to write; copied byte by byte when it is a view of a text field
     * @param name  of the field, for messages
     * @throws IllegalArgumentException when the text is too long or has half a surrogate pair; the field is as it was
     */
    public static void putUtf8(final long field, final int bound, final CharSequence value, final String name)
    {
        if (value instanceof TextView view)
        {
            putTextBytes(field, bound, view, name, "Utf8");
            return;
        }
        final int length = utf8Length(value, name);
        if (length > bound)
        {
            throw tooLong(name, value, length + " bytes of UTF-8", "Utf8", bound);
        }
        putTextLength(field, bound, length);
        final long bytes = field + FieldDescriptor.textPrefixLength(bound);
        encodeUtf8(value, bytes);
        zero(bytes + length, bound - length);
    }

    /**
     * Writes a field of fixed bytes.
     *
     * @param field  address of the field
     * @param bound  its exact number of bytes
     * @param value  to write
     * @param name   of the field, for messages
     * @throws IllegalArgumentException when the value has another length
     */
    public static void putBytes(final long field, final int bound, final ByteView value, final String name)
    {
        checkExactLength(bound, value.length(), name);
        copyIn(value, bound, field);
    }

    /**
     * Writes a field of fixed bytes.
     *
     * @param field  address of the field
     * @param bound  its exact number of bytes
     * @param source array to read from
     * @param offset of the first byte in the array
     * @param length in bytes
     * @param name   of the field, for messages
     * @throws IllegalArgumentException  when the value has another length
     * @throws IndexOutOfBoundsException when the array has not that many bytes
     */
    public static void putBytes(
        final long field, final int bound, final byte[] source, final int offset, final int length, final String name)
    {
        checkExactLength(bound, length, name);
        Objects.checkFromIndexSize(offset, length, source.length);
        Memory.copyIn(source, offset, field, length);
    }

    static void copyIn(final ByteView value, final int length, final long destination)
    {
        if (value instanceof BytesView view)
        {
            copy(view.bytesAddress(), destination, length);
            return;
        }
        for (int i = 0; i < length; i++)
        {
            Memory.putByte(destination + i, value.byteAt(i));
        }
    }

    /**
     * Copies bytes; for the lengths of fields it is faster than a call into the runtime. The ranges must not overlap,
     * or be the same.
     *
     * @param source      address to read from
     * @param destination address to write to
     * @param length      in bytes
     */
    public static void copy(final long source, final long destination, final int length)
    {
        if (length > MAX_INLINE_COPY)
        {
            Memory.copy(source, destination, length);
            return;
        }
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES)
        {
            Memory.putLong(destination + i, Memory.getLong(source + i));
        }
        if ((length & Integer.BYTES) != 0)
        {
            Memory.putInt(destination + i, Memory.getInt(source + i));
            i += Integer.BYTES;
        }
        if ((length & Short.BYTES) != 0)
        {
            Memory.putShort(destination + i, Memory.getShort(source + i));
            i += Short.BYTES;
        }
        if ((length & Byte.BYTES) != 0)
        {
            Memory.putByte(destination + i, Memory.getByte(source + i));
        }
    }

    /**
     * Writes zeros.
     *
     * @param address of the first byte
     * @param length  in bytes
     */
    public static void zero(final long address, final int length)
    {
        if (length > MAX_INLINE_COPY)
        {
            Memory.fill(address, length, (byte)0);
            return;
        }
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES)
        {
            Memory.putLong(address + i, 0);
        }
        if ((length & Integer.BYTES) != 0)
        {
            Memory.putInt(address + i, 0);
            i += Integer.BYTES;
        }
        if ((length & Short.BYTES) != 0)
        {
            Memory.putShort(address + i, (short)0);
            i += Short.BYTES;
        }
        if ((length & Byte.BYTES) != 0)
        {
            Memory.putByte(address + i, (byte)0);
        }
    }

    /**
     * @param first  address of some bytes
     * @param second address of others
     * @param length in bytes, of both
     * @return true when they are the same
     */
    public static boolean equal(final long first, final long second, final int length)
    {
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES)
        {
            if (Memory.getLong(first + i) != Memory.getLong(second + i))
            {
                return false;
            }
        }
        for (; i < length; i++)
        {
            if (Memory.getByte(first + i) != Memory.getByte(second + i))
            {
                return false;
            }
        }
        return true;
    }

    /**
     * Goes on with a hash code in the manner of {@link java.util.List#hashCode()}. For Java's tables only: it is not
     * what keys are partitioned by.
     *
     * @param seed    hash code of what came before
     * @param address of the first byte
     * @param length  in bytes
     * @return a hash code of both
     */
    public static int hash(final int seed, final long address, final int length)
    {
        int hash = seed;
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES)
        {
            hash = 31 * hash + Long.hashCode(Memory.getLong(address + i));
        }
        for (; i < length; i++)
        {
            hash = 31 * hash + Memory.getByte(address + i);
        }
        return hash;
    }

    /**
     * Writes a decimal with its point: 150 with 2 decimals is {@code 1.50}.
     *
     * @param text     to append to
     * @param value    scaled
     * @param decimals digits behind the point
     */
    public static void appendDecimal(final StringBuilder text, final long value, final int decimals)
    {
        if (value < 0)
        {
            text.append('-');
        }
        final int start = text.length();
        text.append(Long.toUnsignedString(Math.abs(value)));
        while (text.length() - start <= decimals)
        {
            text.insert(start, '0');
        }
        if (decimals > 0)
        {
            text.insert(text.length() - decimals, '.');
        }
    }

    /**
     * Writes bytes in hexadecimal, the first 64 of them.
     *
     * @param text  to append to
     * @param value to write
     */
    public static void appendBytes(final StringBuilder text, final ByteView value)
    {
        text.append("0x");
        final int length = value.length();
        for (int i = 0; i < length && i < MAX_SHOWN; i++)
        {
            text.append(HEX[value.byteAt(i) >> 4 & 0xF]).append(HEX[value.byteAt(i) & 0xF]);
        }
        if (length > MAX_SHOWN)
        {
            text.append("... (").append(length).append(" bytes)");
        }
    }

    static int textLength(final long field, final int bound)
    {
        return FieldDescriptor.textPrefixLength(bound) == 1 ? Memory.getByte(field) & 0xFF : Memory.getChar(field);
    }

    /**
     * Decodes UTF-8. What is malformed becomes U+FFFD, as in {@link String}.
     *
     * @param bytes  address of the first byte
     * @param length in bytes
     * @param chars  to write to, with room for a character a byte
     * @return number of characters
     */
    static int decodeUtf8(final long bytes, final int length, final char[] chars)
    {
        int count = 0;
        int i = 0;
        while (i < length)
        {
            final int lead = Memory.getByte(bytes + i);
            if (lead >= 0)
            {
                chars[count++] = (char)lead;
                i++;
            }
            else
            {
                final int codePoint = decodeUtf8(bytes + i, lead & 0xFF, length - i);
                i += codePoint < 0 ? 1 : utf8Length(codePoint);
                count += Character.toChars(codePoint < 0 ? 0xFFFD : codePoint, chars, count);
            }
        }
        return count;
    }

    private static int decodeUtf8(final long bytes, final int lead, final int available)
    {
        final int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || length > available)
        {
            return -1;
        }
        int codePoint = lead & 0x7F >> length;
        for (int i = 1; i < length; i++)
        {
            final int next = Memory.getByte(bytes + i);
            if ((next & 0xC0) != 0x80)
            {
                return -1;
            }
            codePoint = codePoint << 6 | next & 0x3F;
        }
        final boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        return surrogate || codePoint > Character.MAX_CODE_POINT || utf8Length(codePoint) != length ? -1 : codePoint;
    }

    private static int utf8Length(final int codePoint)
    {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    private static int utf8Length(final CharSequence value, final String name)
    {
        final int length = value.length();
        int bytes = 0;
        for (int i = 0; i < length; i++)
        {
            final char next = value.charAt(i);
            if (Character.isSurrogate(next))
            {
                final char second = i + 1 < length ? value.charAt(i + 1) : 0;
                if (!Character.isSurrogatePair(next, second))
                {
                    throw new IllegalArgumentException(name + " has half a surrogate pair at index=" + i + " of " +
                        length + ": text was cut within a character, cut it between two");
                }
                i++;
                bytes += 4;
            }
            else
            {
                bytes += utf8Length(next);
            }
        }
        return bytes;
    }

    private static void encodeUtf8(final CharSequence value, final long destination)
    {
        final int length = value.length();
        long next = destination;
        for (int i = 0; i < length; i++)
        {
            final char first = value.charAt(i);
            if (first < 0x80)
            {
                Memory.putByte(next++, (byte)first);
            }
            else if (Character.isHighSurrogate(first))
            {
                i++;
                next = encodeUtf8(Character.toCodePoint(first, value.charAt(i)), next);
            }
            else
            {
                next = encodeUtf8(first, next);
            }
        }
    }

    private static long encodeUtf8(final int codePoint, final long destination)
    {
        final int length = utf8Length(codePoint);
        final int leadBits = 0xF00 >> length & 0xFF;
        Memory.putByte(destination, (byte)(leadBits | codePoint >> 6 * (length - 1)));
        for (int i = 1; i < length; i++)
        {
            Memory.putByte(destination + i, (byte)(0x80 | codePoint >> 6 * (length - 1 - i) & 0x3F));
        }
        return destination + length;
    }

    private static void putTextBytes(
        final long field, final int bound, final TextView view, final String name, final String annotation)
    {
        final int length = view.byteLength();
        if (length > bound)
        {
            throw tooLong(name, view, length + " bytes", annotation, bound);
        }
        final long bytes = field + FieldDescriptor.textPrefixLength(bound);
        copy(view.bytesAddress(), bytes, length);
        putTextLength(field, bound, length);
        zero(bytes + length, bound - length);
    }

    private static void putTextLength(final long field, final int bound, final int length)
    {
        if (FieldDescriptor.textPrefixLength(bound) == 1)
        {
            Memory.putByte(field, (byte)length);
        }
        else
        {
            Memory.putChar(field, (char)length);
        }
    }

    private static void checkExactLength(final int bound, final int length, final String name)
    {
        if (length != bound)
        {
            throw new IllegalArgumentException(name + " has " + length + " bytes, @FixedBytes(" + bound +
                ") takes exactly " + bound + ": pad the value, or declare the field @VarBytes");
        }
    }

    private static IllegalArgumentException tooLong(
        final String name, final CharSequence value, final String actual, final String annotation, final int bound)
    {
        return new IllegalArgumentException(name + "=\"" + shown(value) + "\" has " + actual + ", @" + annotation +
            '(' + bound + ") allows " + bound + ": shorten it, or declare the field with a larger bound");
    }

    private static IllegalArgumentException notAscii(final String name, final CharSequence value)
    {
        int index = 0;
        while (value.charAt(index) <= MAX_ASCII)
        {
            index++;
        }
        return new IllegalArgumentException(name + "=\"" + shown(value) + "\" has the character " +
            String.format("U+%04X", (int)value.charAt(index)) + " at index=" + index +
            ", @Ascii allows U+0000 to U+007F: declare the field @Utf8");
    }

    private static String shown(final CharSequence value)
    {
        return value.length() <= MAX_SHOWN ? value.toString() : value.subSequence(0, MAX_SHOWN) + "...";
    }
}
