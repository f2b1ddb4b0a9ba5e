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
package io.millrace.core.state;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads what {@link BlobWriter} wrote. Reading past the end, or a length that cannot be, is an error that names the
 * owner.
 */
public final class BlobReader
{
    private final String owner;
    private final ByteBuffer buffer;

    /**
     * A reader from the first byte on.
     *
     * @param owner for messages
     * @param bytes to read
     */
    public BlobReader(final String owner, final byte[] bytes)
    {
        this.owner = owner;
        this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a long.
     *
     * @return the value
     */
    public long getLong()
    {
        try
        {
            return buffer.getLong();
        }
        catch (final BufferUnderflowException exception)
        {
            throw tooShort(Long.BYTES, exception);
        }
    }

    /**
     * Reads a long of each part.
     *
     * @param parts to read from
     * @return the least; {@link Long#MAX_VALUE} when there are no parts
     */
    public static long leastLong(final List<BlobReader> parts)
    {
        long least = Long.MAX_VALUE;
        for (final BlobReader part : parts)
        {
            least = Math.min(least, part.getLong());
        }
        return least;
    }

    /**
     * Reads an int.
     *
     * @return the value
     */
    public int getInt()
    {
        try
        {
            return buffer.getInt();
        }
        catch (final BufferUnderflowException exception)
        {
            throw tooShort(Integer.BYTES, exception);
        }
    }

    /**
     * Reads bytes behind their length.
     *
     * @return the bytes
     */
    public byte[] getBytes()
    {
        final int length = getInt();
        if (length < 0 || length > buffer.remaining())
        {
            throw tooShort(length, null);
        }
        final byte[] value = new byte[length];
        buffer.get(value);
        return value;
    }

    /**
     * Reads text.
     *
     * @return the text
     */
    public String getText()
    {
        return new String(getBytes(), StandardCharsets.UTF_8);
    }

    /**
     * Bytes not read yet.
     *
     * @return 0 or more
     */
    public int remaining()
    {
        return buffer.remaining();
    }

    private IllegalStateException tooShort(final int wanted, final Throwable cause)
    {
        return new IllegalStateException("snapshot of operator " + owner + " is too short: wants=" + wanted +
            " bytes at=" +
            buffer.position() + " of=" + buffer.limit() + ": it was written by another version of the operator", cause);
    }
}
