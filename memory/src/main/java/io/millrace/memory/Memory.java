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
package io.millrace.memory;

import org.agrona.UnsafeApi;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The one door to off-heap memory: plain, ordered and volatile access at raw addresses.
 * <p>
 * Nothing here is checked. An address must lie in an open {@link Region}, with room for the whole value; generated
 * flyweights make sure of it with one span check a record. Multi-byte values are in the machine's byte order, which
 * must be little-endian.
 */
public final class Memory
{
    /** Size of a cache line, and the alignment of everything that two threads share. */
    public static final int CACHE_LINE_LENGTH = 64;

    private static final long BYTES_OFFSET = UnsafeApi.arrayBaseOffset(byte[].class);
    private static final long BUFFER_ADDRESS_OFFSET = UnsafeApi.objectFieldOffset(Buffer.class, "address");
    private static final long BUFFER_CAPACITY_OFFSET = UnsafeApi.objectFieldOffset(Buffer.class, "capacity");

    static
    {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN)
        {
            throw new IllegalStateException(
                "byteOrder=" + ByteOrder.nativeOrder() + ": Millrace needs a little-endian machine");
        }
    }

    private Memory()
    {
    }

    public static byte getByte(final long address)
    {
        return UnsafeApi.getByte(address);
    }

    public static void putByte(final long address, final byte value)
    {
        UnsafeApi.putByte(address, value);
    }

    public static short getShort(final long address)
    {
        return UnsafeApi.getShort(address);
    }

    public static void putShort(final long address, final short value)
    {
        UnsafeApi.putShort(address, value);
    }

    public static char getChar(final long address)
    {
        return UnsafeApi.getChar(address);
    }

    public static void putChar(final long address, final char value)
    {
        UnsafeApi.putChar(address, value);
    }

    public static int getInt(final long address)
    {
        return UnsafeApi.getInt(address);
    }

    public static void putInt(final long address, final int value)
    {
        UnsafeApi.putInt(address, value);
    }

    public static long getLong(final long address)
    {
        return UnsafeApi.getLong(address);
    }

    public static void putLong(final long address, final long value)
    {
        UnsafeApi.putLong(address, value);
    }

    public static float getFloat(final long address)
    {
        return UnsafeApi.getFloat(address);
    }

    public static void putFloat(final long address, final float value)
    {
        UnsafeApi.putFloat(address, value);
    }

    public static double getDouble(final long address)
    {
        return UnsafeApi.getDouble(address);
    }

    public static void putDouble(final long address, final double value)
    {
        UnsafeApi.putDouble(address, value);
    }

    public static int getIntVolatile(final long address)
    {
        return UnsafeApi.getIntVolatile(null, address);
    }

    public static void putIntRelease(final long address, final int value)
    {
        UnsafeApi.putIntRelease(null, address, value);
    }

    public static long getLongVolatile(final long address)
    {
        return UnsafeApi.getLongVolatile(null, address);
    }

    public static void putLongRelease(final long address, final long value)
    {
        UnsafeApi.putLongRelease(null, address, value);
    }

    /**
     * Copies bytes. The two ranges may overlap. Pieces above 1 MiB are for the caller to split, so that safepoints need
     * not wait.
     *
     * @param source      address to read from
     * @param destination address to write to
     * @param length      in bytes
     */
    public static void copy(final long source, final long destination, final long length)
    {
        UnsafeApi.copyMemory(source, destination, length);
    }

    /**
     * Copies bytes out to the heap.
     *
     * @param source      address to read from
     * @param destination array to write to
     * @param offset      of the first byte in the array
     * @param length      in bytes
     */
    public static void copyOut(final long source, final byte[] destination, final int offset, final int length)
    {
        UnsafeApi.copyMemory(null, source, destination, BYTES_OFFSET + offset, length);
    }

    /**
     * Copies bytes in from the heap.
     *
     * @param source      array to read from
     * @param offset      of the first byte in the array
     * @param destination address to write to
     * @param length      in bytes
     */
    public static void copyIn(final byte[] source, final int offset, final long destination, final int length)
    {
        UnsafeApi.copyMemory(source, BYTES_OFFSET + offset, null, destination, length);
    }

    /**
     * Sets bytes. Never used on a file mapping: a full disk would end the process there.
     *
     * @param address first byte
     * @param length  in bytes
     * @param value   of each byte
     */
    public static void fill(final long address, final long length, final byte value)
    {
        UnsafeApi.setMemory(address, length, value);
    }

    /**
     * Sets a few words to zero with plain stores; for blocks of a record's size.
     *
     * @param address first byte
     * @param length  in bytes, a multiple of 8
     */
    public static void zero(final long address, final int length)
    {
        long next = address;
        for (int left = length >>> 5; left > 0; left--)
        {
            UnsafeApi.putLong(next, 0);
            UnsafeApi.putLong(next + 8, 0);
            UnsafeApi.putLong(next + 16, 0);
            UnsafeApi.putLong(next + 24, 0);
            next += 32;
        }
        if ((length & 16) != 0)
        {
            UnsafeApi.putLong(next, 0);
            UnsafeApi.putLong(next + 8, 0);
            next += 16;
        }
        if ((length & 8) != 0)
        {
            UnsafeApi.putLong(next, 0);
        }
    }

    /**
     * Copies a few words with plain loads and stores; for blocks of a record's size. The ranges must not overlap.
     *
     * @param source      address to read from
     * @param destination address to write to
     * @param length      in bytes, a multiple of 8
     */
    public static void copyWords(final long source, final long destination, final int length)
    {
        long from = source;
        long to = destination;
        for (int left = length >>> 5; left > 0; left--)
        {
            UnsafeApi.putLong(to, UnsafeApi.getLong(from));
            UnsafeApi.putLong(to + 8, UnsafeApi.getLong(from + 8));
            UnsafeApi.putLong(to + 16, UnsafeApi.getLong(from + 16));
            UnsafeApi.putLong(to + 24, UnsafeApi.getLong(from + 24));
            from += 32;
            to += 32;
        }
        if ((length & 16) != 0)
        {
            UnsafeApi.putLong(to, UnsafeApi.getLong(from));
            UnsafeApi.putLong(to + 8, UnsafeApi.getLong(from + 8));
            from += 16;
            to += 16;
        }
        if ((length & 8) != 0)
        {
            UnsafeApi.putLong(to, UnsafeApi.getLong(from));
        }
    }

    /** Stops earlier reads from moving behind later reads and writes. */
    public static void loadFence()
    {
        UnsafeApi.loadFence();
    }

    /** Stops earlier reads and writes from moving behind later writes. */
    public static void storeFence()
    {
        UnsafeApi.storeFence();
    }

    /**
     * Moves a direct buffer to other memory, for the JDK's classes that only take buffers.
     *
     * @param buffer  without a cleaner of its own, such as a duplicate; afterwards with position 0, and limit and
     *                capacity {@code length}
     * @param address of the first byte, in memory that stays valid while the buffer is used
     * @param length  in bytes, 0 or more
     */
    public static void wrap(final ByteBuffer buffer, final long address, final int length)
    {
        buffer.clear();
        UnsafeApi.putLong(buffer, BUFFER_ADDRESS_OFFSET, address);
        UnsafeApi.putInt(buffer, BUFFER_CAPACITY_OFFSET, length);
        buffer.limit(length);
    }

    /**
     * Reaches for a byte of memory, so that a missing JVM flag shows before anything else is done.
     *
     * @throws LinkageError when the JVM does not let memory be reached
     */
    public static void probe()
    {
        free(allocate(1));
    }

    static long allocate(final long length)
    {
        return UnsafeApi.allocateMemory(length);
    }

    static void free(final long address)
    {
        UnsafeApi.freeMemory(address);
    }
}
