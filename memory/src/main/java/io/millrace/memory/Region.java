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

/**
 * A block of anonymous off-heap memory with one owner, aligned and zeroed. Who allocates it closes it, after every view
 * of it was let go; the account is told of both. Not thread-safe.
 */
public final class Region implements AutoCloseable
{
    private static final long PIECE = 1 << 20;

    private final MemoryAccount account;
    private final String owner;
    private final long length;
    private final long allocated;
    private long base;
    private long address;

    private Region(final MemoryAccount account, final String owner, final long length, final long alignment)
    {
        this.account = account;
        this.owner = owner;
        this.length = length;
        this.allocated = length + alignment;
        account.add(owner, allocated);
        try
        {
            base = Memory.allocate(allocated);
        }
        catch (final OutOfMemoryError error)
        {
            account.remove(owner, allocated);
            throw error;
        }
        address = base + alignment - 1 & -alignment;
        for (long offset = 0; offset < length; offset += PIECE)
        {
            Memory.fill(address + offset, Math.min(PIECE, length - offset), (byte)0);
        }
    }

    /**
     * Allocates a zeroed region that starts on a cache line.
     *
     * @param account that the bytes are counted in
     * @param owner   for messages
     * @param length  in bytes, above 0
     * @return the region, to be closed by the caller
     */
    public static Region allocate(final MemoryAccount account, final String owner, final long length)
    {
        return allocate(account, owner, length, Memory.CACHE_LINE_LENGTH);
    }

    /**
     * Allocates a zeroed region.
     *
     * @param account   that the bytes are counted in
     * @param owner     for messages
     * @param length    in bytes, above 0
     * @param alignment of the first byte, a power of two
     * @return the region, to be closed by the caller
     */
    public static Region allocate(
        final MemoryAccount account, final String owner, final long length, final long alignment)
    {
        if (length <= 0)
        {
            throw new IllegalArgumentException("length=" + length + " of owner=" + owner + " must be above 0");
        }
        if (Long.bitCount(alignment) != 1)
        {
            throw new IllegalArgumentException(
                "alignment=" + alignment + " of owner=" + owner + " must be a power of two");
        }
        return new Region(account, owner, length, alignment);
    }

    /**
     * @return address of the first byte, 0 once closed
     */
    public long address()
    {
        return address;
    }

    /**
     * @return length in bytes
     */
    public long length()
    {
        return length;
    }

    /**
     * @return who allocated it, for messages
     */
    public String owner()
    {
        return owner;
    }

    @Override
    public void close()
    {
        if (base != 0)
        {
            Memory.free(base);
            account.remove(owner, allocated);
            base = 0;
            address = 0;
        }
    }

    @Override
    public String toString()
    {
        return owner + " length=" + length + (base == 0 ? " closed" : "");
    }
}
