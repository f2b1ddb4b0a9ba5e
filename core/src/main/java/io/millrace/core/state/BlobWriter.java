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

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes what an operator keeps outside its tables, in the order in which {@link BlobReader} reads it. Reused; grows as
 * needed.
 */
public final class BlobWriter
{
    private ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

    /** Starts over. */
    public void reset()
    {
        buffer.clear();
    }

    /**
     * Appends a long.
     *
     * @param value to write
     * @return this
     */
    public BlobWriter putLong(final long value)
    {
        ensure(Long.BYTES);
        buffer.putLong(value);
        return this;
    }

    /**
     * Appends an int.
     *
     * @param value to write
     * @return this
     */
    public BlobWriter putInt(final int value)
    {
        ensure(Integer.BYTES);
        buffer.putInt(value);
        return this;
    }

    /**
     * Appends bytes behind their length.
     *
     * @param value to write
     * @return this
     */
    public BlobWriter putBytes(final byte[] value)
    {
        ensure(Integer.BYTES + value.length);
        buffer.putInt(value.length).put(value);
        return this;
    }

    /**
     * Appends text.
     *
     * @param value to write
     * @return this
     */
    public BlobWriter putText(final String value)
    {
        return putBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Bytes written since the last reset.
     *
     * @return 0 or more
     */
    public int length()
    {
        return buffer.position();
    }

    /**
     * The bytes; only the first {@link #length()} count.
     *
     * @return the array behind this writer
     */
    public byte[] bytes()
    {
        return buffer.array();
    }

    private void ensure(final int length)
    {
        if (buffer.remaining() < length)
        {
            final int position = buffer.position();
            final byte[] larger = Arrays.copyOf(buffer.array(), Math.max(buffer.capacity() * 2, position + length));
            buffer = ByteBuffer.wrap(larger).order(ByteOrder.LITTLE_ENDIAN).position(position);
        }
    }
}
