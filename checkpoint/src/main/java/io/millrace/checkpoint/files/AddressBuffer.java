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
package io.millrace.checkpoint.files;

import io.millrace.memory.Memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Lends raw memory to the JDK's own classes, which only take buffers: one direct {@link ByteBuffer} that is moved from
 * address to address, and the CRC32C (an intrinsic, about 14 GiB/s) of what it shows. Nothing is copied and nothing
 * allocated. Not thread-safe.
 */
public final class AddressBuffer
{
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer;

    /**
     * A buffer on nothing.
     */
    public AddressBuffer()
    {
        // A duplicate has no cleaner: only the buffer that it came from frees memory, its own.
        buffer = ByteBuffer.allocateDirect(Long.BYTES).duplicate().order(ByteOrder.nativeOrder());
    }

    /**
     * Moves the buffer. What it showed before is let go of.
     *
     * @param address of the first byte, in memory that stays valid while the buffer is used
     * @param length  in bytes
     * @return the one buffer of this object: position 0, limit and capacity {@code length}
     */
    public ByteBuffer wrap(final long address, final int length)
    {
        if (length < 0)
        {
            throw new IllegalArgumentException("length=" + length + " must not be negative");
        }
        Memory.wrap(buffer, address, length);
        return buffer;
    }

    /**
     * @param address of the first byte
     * @param length  in bytes
     * @return CRC32C of the bytes
     */
    public int crc32c(final long address, final int length)
    {
        crc.reset();
        crc.update(wrap(address, length));
        return (int)crc.getValue();
    }

    /**
     * @param address     of the first byte
     * @param length      in bytes
     * @param thenAddress of the bytes that follow
     * @param thenLength  in bytes
     * @return CRC32C of the two runs of bytes, one after the other
     */
    public int crc32c(final long address, final int length, final long thenAddress, final int thenLength)
    {
        crc.reset();
        crc.update(wrap(address, length));
        crc.update(wrap(thenAddress, thenLength));
        return (int)crc.getValue();
    }
}
