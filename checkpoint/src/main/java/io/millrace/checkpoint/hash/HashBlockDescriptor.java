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
package io.millrace.checkpoint.hash;

import io.millrace.core.checkpoint.BarrierHash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Layout of a block: the hashes of one barrier, little endian.
 * <pre>
 *   0        4         8      12     16           24       32     40         48           56
 *   +--------+---------+------+------+------------+--------+------+----------+------------+----------
 *   | CRC32C | length  | rows | flags| checkpoint | cause  | life | restored | maxEntries | rows ...
 *   +--------+---------+------+------+------------+--------+------+----------+------------+----------
 *     of all    of all          1: completed
 *     behind it bytes
 *
 *   a row:   state 8, output 8, records 8, last cause 8, subtask 4, length of the uid 4, uid in UTF-8
 * </pre>
 */
final class HashBlockDescriptor
{
    static final int HEADER_LENGTH = 56;
    static final int MAX_LENGTH = 16 << 20;

    private static final int LENGTH_OFFSET = 4;
    private static final int ROW_LENGTH = 40;
    private static final int COMPLETED = 1;

    private HashBlockDescriptor()
    {
    }

    static ByteBuffer encode(final HashBlock block)
    {
        int length = HEADER_LENGTH;
        for (final BarrierHash hash : block.hashes())
        {
            length += ROW_LENGTH + hash.operator().getBytes(StandardCharsets.UTF_8).length;
        }
        final ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(0).putInt(length).putInt(block.hashes().size()).putInt(block.completed() ? COMPLETED : 0);
        buffer.putLong(block.checkpoint()).putLong(block.cause()).putLong(block.life()).putLong(block.restored());
        buffer.putLong(block.maxEntries());
        for (final BarrierHash hash : block.hashes())
        {
            final byte[] uid = hash.operator().getBytes(StandardCharsets.UTF_8);
            buffer.putLong(hash.state()).putLong(hash.output()).putLong(hash.records()).putLong(hash.lastCause());
            buffer.putInt(hash.subtask()).putInt(uid.length).put(uid);
        }
        buffer.putInt(0, checksum(buffer.array(), length));
        return buffer.flip();
    }

    /**
     * Length of the block that begins with a header.
     *
     * @param header at least 8 bytes
     * @param left   bytes from its start to the end of the file
     * @return 0 when it is none
     */
    static int length(final ByteBuffer header, final long left)
    {
        final int length = header.order(ByteOrder.LITTLE_ENDIAN).getInt(LENGTH_OFFSET);
        return length < HEADER_LENGTH || length > left || length > MAX_LENGTH ? 0 : length;
    }

    /** The block, or null when it is damaged. */
    static HashBlock decode(final byte[] bytes)
    {
        final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER_LENGTH || buffer.getInt() != checksum(bytes, bytes.length))
        {
            return null;
        }
        buffer.getInt();
        final int rows = buffer.getInt();
        final boolean completed = (buffer.getInt() & COMPLETED) != 0;
        final long checkpoint = buffer.getLong();
        final long cause = buffer.getLong();
        final long life = buffer.getLong();
        final long restored = buffer.getLong();
        final long maxEntries = buffer.getLong();
        if (rows < 0 || rows > buffer.remaining() / ROW_LENGTH)
        {
            return null;
        }
        final BarrierHash[] hashes = new BarrierHash[rows];
        for (int i = 0; i < hashes.length; i++)
        {
            if (buffer.remaining() < ROW_LENGTH)
            {
                return null;
            }
            final long state = buffer.getLong();
            final long output = buffer.getLong();
            final long records = buffer.getLong();
            final long last = buffer.getLong();
            final int subtask = buffer.getInt();
            final int uidLength = buffer.getInt();
            if (uidLength < 0 || uidLength > buffer.remaining())
            {
                return null;
            }
            final byte[] uid = new byte[uidLength];
            buffer.get(uid);
            hashes[i] = new BarrierHash(
                checkpoint, cause, new String(uid, StandardCharsets.UTF_8), subtask, state, output, records, last);
        }
        return new HashBlock(checkpoint, cause, completed, life, restored, maxEntries, List.of(hashes));
    }

    private static int checksum(final byte[] bytes, final int length)
    {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, LENGTH_OFFSET, length - LENGTH_OFFSET);
        return (int)crc.getValue();
    }
}
