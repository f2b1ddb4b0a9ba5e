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
package io.millrace.operators.sink;

import io.millrace.memory.Memory;
import io.millrace.memory.record.ByteView;

/**
 * Encoded records that wait to be written, always whole ones: what a function wrote before it failed is forgotten, and a
 * record that is longer than what is free makes the buffer grow. Used by one thread. Not for applications.
 *
 * <pre>
 *   | records, whole ............ | record that is being written ... | free |
 *   0                             ready                              end    bytes.length
 * </pre>
 */
public final class RecordBuffer implements LineWriter, BytesWriter
{
    /** What is gathered before it is written. */
    static final int BLOCK_LENGTH = 64 * 1024;
    /** The longest record. */
    static final int MAX_RECORD_LENGTH = 16 * 1024 * 1024;

    private static final int MAX_SCALE = 18;
    private static final int MAX_DIGITS = 20;

    private final StringBuilder floating = new StringBuilder(32);
    private final byte[] digits = new byte[MAX_DIGITS];
    private byte[] bytes = new byte[2 * BLOCK_LENGTH];
    private int ready;
    private int end;

    /** An empty buffer. */
    public RecordBuffer()
    {
    }

    /**
     * Begins a record, and forgets one that was begun and not ended.
     *
     * @return this
     */
    public RecordBuffer begin()
    {
        end = ready;
        return this;
    }

    /** Ends a record. */
    public void end()
    {
        ready = end;
    }

    /** Ends a record that is a line. */
    public void endLine()
    {
        putByte('\n');
        ready = end;
    }

    /**
     * Whether there is enough to write it.
     *
     * @return true from 64 KiB on
     */
    public boolean full()
    {
        return ready >= BLOCK_LENGTH;
    }

    /**
     * What the records lie in, from index 0.
     *
     * @return valid until the next record is begun
     */
    public byte[] bytes()
    {
        return bytes;
    }

    /**
     * How much there is to write.
     *
     * @return length of all whole records, in bytes
     */
    public int ready()
    {
        return ready;
    }

    /** Forgets all records: they are written. */
    public void clear()
    {
        ready = 0;
        end = 0;
    }

    @Override
    public RecordBuffer append(final CharSequence text)
    {
        return putText(text);
    }

    @Override
    public RecordBuffer append(final char character)
    {
        putCodePoint(Character.isSurrogate(character) ? '?' : character);
        return this;
    }

    @Override
    public RecordBuffer append(final long number)
    {
        return appendDecimal(number, 0);
    }

    @Override
    public RecordBuffer append(final double number)
    {
        floating.setLength(0);
        floating.append(number);
        return putText(floating);
    }

    /**
     * Appends a floating-point number of single precision.
     *
     * @param number as {@link Float#toString(float)} has it
     * @return this
     */
    public RecordBuffer appendFloat(final float number)
    {
        floating.setLength(0);
        floating.append(number);
        return putText(floating);
    }

    @Override
    public RecordBuffer appendDecimal(final long unscaled, final int scale)
    {
        if (scale < 0 || scale > MAX_SCALE)
        {
            throw new IllegalArgumentException("scale=" + scale + " must be 0 to " + MAX_SCALE +
                ": that of the field's @Decimal");
        }
        if (unscaled < 0)
        {
            putByte('-');
        }
        // Negative, as the least long has no positive counterpart.
        long rest = unscaled < 0 ? unscaled : -unscaled;
        int count = 0;
        do
        {
            digits[count++] = (byte)('0' - rest % 10);
            rest /= 10;
        }
        while (rest != 0 || count <= scale);
        while (count > 0)
        {
            if (count == scale)
            {
                putByte('.');
            }
            putByte(digits[--count]);
        }
        return this;
    }

    @Override
    public RecordBuffer appendCsv(final CharSequence text)
    {
        if (!needsQuotes(text))
        {
            return putText(text);
        }
        putByte('"');
        final int length = text.length();
        int start = 0;
        for (int i = 0; i < length; i++)
        {
            if (text.charAt(i) == '"')
            {
                putText(text, start, i + 1);
                start = i;
            }
        }
        putText(text, start, length);
        return putByte('"');
    }

    private static boolean needsQuotes(final CharSequence text)
    {
        for (int i = 0; i < text.length(); i++)
        {
            final char character = text.charAt(i);
            if (character == ',' || character == '"' || character == '\n' || character == '\r')
            {
                return true;
            }
        }
        return false;
    }

    @Override
    public RecordBuffer putByte(final int value)
    {
        room(1);
        bytes[end++] = (byte)value;
        return this;
    }

    @Override
    public RecordBuffer putInt(final int value)
    {
        room(Integer.BYTES);
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE)
        {
            bytes[end++] = (byte)(value >>> shift);
        }
        return this;
    }

    @Override
    public RecordBuffer putLong(final long value)
    {
        putInt((int)(value >>> Integer.SIZE));
        return putInt((int)value);
    }

    @Override
    public RecordBuffer putDouble(final double value)
    {
        return putLong(Double.doubleToRawLongBits(value));
    }

    @Override
    public RecordBuffer putBytes(final byte[] source, final int offset, final int length)
    {
        room(length);
        System.arraycopy(source, offset, bytes, end, length);
        end += length;
        return this;
    }

    @Override
    public RecordBuffer putBytes(final ByteView source)
    {
        final int length = source.length();
        room(length);
        for (int i = 0; i < length; i++)
        {
            bytes[end++] = source.byteAt(i);
        }
        return this;
    }

    /**
     * Appends bytes of raw memory.
     *
     * @param address of the first
     * @param length  number of bytes
     * @return this
     */
    public RecordBuffer putMemory(final long address, final int length)
    {
        room(length);
        Memory.copyOut(address, bytes, end, length);
        end += length;
        return this;
    }

    /**
     * Where the record that is being written ends so far.
     *
     * @return index in {@link #bytes()}
     */
    public int position()
    {
        return end;
    }

    /**
     * Overwrites 4 bytes that were appended before.
     *
     * @param index in {@link #bytes()}
     * @param value to put there, most significant byte first
     */
    public void setInt(final int index, final int value)
    {
        for (int i = 0; i < Integer.BYTES; i++)
        {
            bytes[index + i] = (byte)(value >>> Integer.SIZE - Byte.SIZE * (i + 1));
        }
    }

    @Override
    public RecordBuffer putText(final CharSequence text)
    {
        putText(text, 0, text.length());
        return this;
    }

    private void putText(final CharSequence text, final int from, final int to)
    {
        for (int i = from; i < to; i++)
        {
            final char character = text.charAt(i);
            if (character < 0x80)
            {
                room(1);
                bytes[end++] = (byte)character;
            }
            else if (!Character.isSurrogate(character))
            {
                putCodePoint(character);
            }
            else if (Character.isHighSurrogate(character) && i + 1 < to && Character.isLowSurrogate(text.charAt(i + 1)))
            {
                putCodePoint(Character.toCodePoint(character, text.charAt(++i)));
            }
            else
            {
                putByte('?');
            }
        }
    }

    private void putCodePoint(final int codePoint)
    {
        if (codePoint < 0x80)
        {
            putByte(codePoint);
            return;
        }
        final int width = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
        room(width);
        int rest = codePoint;
        for (int i = width - 1; i > 0; i--)
        {
            bytes[end + i] = (byte)(0x80 | rest & 0x3F);
            rest >>>= 6;
        }
        bytes[end] = (byte)(0xF00 >> width & 0xFF | rest);
        end += width;
    }

    private void room(final int length)
    {
        if (length > bytes.length - end)
        {
            grow(length);
        }
    }

    private void grow(final int length)
    {
        final long needed = (long)end + length;
        if (needed - ready > MAX_RECORD_LENGTH)
        {
            throw new IllegalStateException("a record of the file sink has length=" + (needed - ready) +
                " bytes, the longest is maxLength=" + MAX_RECORD_LENGTH + ": write less for one record");
        }
        final byte[] larger = new byte[(int)Math.max(needed, 2L * bytes.length)];
        System.arraycopy(bytes, 0, larger, 0, end);
        bytes = larger;
    }
}
