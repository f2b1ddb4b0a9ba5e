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
package io.millrace.operators.keyed;

import io.millrace.core.operator.KeyEncoder;
import io.millrace.memory.Memory;

/** Layout of text and composite keys: {@code | length 8 | bytes, zeros behind them 32 |}. */
public final class KeyFormat
{
    /** Length of the tag with the number of bytes. */
    public static final int TAG_LENGTH = Long.BYTES;
    /** Length of a text or composite key. */
    public static final int KEY_LENGTH = TAG_LENGTH + KeyEncoder.MAX_KEY_BYTES;

    private KeyFormat()
    {
    }

    /**
     * Appends text in UTF-8 behind what the key holds already.
     *
     * @param bytes  address behind the tag
     * @param offset of the first byte to write
     * @param text   to write
     * @return offset behind the last byte
     * @throws IllegalArgumentException when it does not fit
     */
    public static int putText(final long bytes, final int offset, final CharSequence text)
    {
        final int length = text.length();
        int position = offset;
        for (int i = 0; i < length; i++)
        {
            final char character = text.charAt(i);
            if (character < 0x80)
            {
                if (position >= KeyEncoder.MAX_KEY_BYTES)
                {
                    throw tooLong(text);
                }
                Memory.putByte(bytes + position++, (byte)character);
            }
            else
            {
                final int codePoint = Character.codePointAt(text, i);
                i += Character.charCount(codePoint) - 1;
                position = putCodePoint(bytes, position, codePoint);
                if (position < 0)
                {
                    throw tooLong(text);
                }
            }
        }
        return position;
    }

    /**
     * Writes a text key: the length of the text as its tag, the text, and zeros behind it.
     *
     * @param key  address of {@link #KEY_LENGTH} bytes
     * @param text to write
     * @throws IllegalArgumentException when it does not fit
     */
    public static void putTextKey(final long key, final CharSequence text)
    {
        Memory.zero(key, KEY_LENGTH);
        Memory.putLong(key, putText(key + TAG_LENGTH, 0, text));
    }

    private static int putCodePoint(final long bytes, final int offset, final int codePoint)
    {
        final int width = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
        if (offset + width > KeyEncoder.MAX_KEY_BYTES)
        {
            return -1;
        }
        int rest = codePoint;
        for (int i = width - 1; i > 0; i--)
        {
            Memory.putByte(bytes + offset + i, (byte)(0x80 | rest & 0x3F));
            rest >>>= 6;
        }
        Memory.putByte(bytes + offset, (byte)(0xF00 >> width & 0xFF | rest));
        return offset + width;
    }

    private static IllegalArgumentException tooLong(final CharSequence text)
    {
        return new IllegalArgumentException("key=\"" + text + "\" is longer than " + KeyEncoder.MAX_KEY_BYTES +
            " bytes: use a shorter field as the key, or map it to a number first");
    }

    /**
     * The error for a record without key.
     *
     * @param what   is there instead, for the message
     * @param record for the message
     * @return the error
     */
    public static IllegalArgumentException missing(final String what, final String record)
    {
        return new IllegalArgumentException("key is missing (" + what + ") in record=" + record +
            ": filter such records out before keyBy, or give the field a value");
    }
}
