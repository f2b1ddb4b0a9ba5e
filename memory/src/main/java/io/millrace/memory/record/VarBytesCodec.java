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
 * Reads and writes the variable bytes behind a record's fixed block, as {@link FieldDescriptor} lays them out. Writing
 * one field moves the bytes of the fields behind it, so it is cheapest to write them in declaration order. The record
 * must have been cleared before its first field is written, and needs room for its type's maximum length.
 */
public final class VarBytesCodec
{
    private VarBytesCodec()
    {
    }

    /**
     * @param record      address of the record
     * @param blockLength of its type
     * @param fields      offsets of its variable fields, ascending
     * @return bytes that the record takes
     */
    public static int encodedLength(final long record, final int blockLength, final int[] fields)
    {
        int length = blockLength;
        for (final int field : fields)
        {
            length += length(record, field);
        }
        return length;
    }

    /**
     * @param record address of the record
     * @param field  offset of the field
     * @return number of its bytes
     */
    public static int length(final long record, final int field)
    {
        return Memory.getInt(record + field + FieldDescriptor.VAR_LENGTH_OFFSET);
    }

    /**
     * Writes a variable field.
     *
     * @param record      address of the record
     * @param blockLength of its type
     * @param fields      offsets of its variable fields, ascending
     * @param field       offset of the one to write
     * @param bound       the most bytes that it holds
     * @param value       to write
     * @param name        of the field, for messages
     * @throws IllegalArgumentException when the value is too long; the record is as it was
     */
    public static void put(
        final long record,
        final int blockLength,
        final int[] fields,
        final int field,
        final int bound,
        final ByteView value,
        final String name)
    {
        final int length = value.length();
        if (value instanceof BytesView view && view.bytesAddress() >= record &&
            view.bytesAddress() < record + encodedLength(record, blockLength, fields))
        {
            // The bytes may move while room is made for them: the one case that needs a copy.
            final byte[] copy = new byte[length];
            value.copyTo(copy, 0);
            put(record, blockLength, fields, field, bound, copy, 0, length, name);
            return;
        }
        checkLength(bound, length, name);
        FieldCodec.copyIn(value, length, makeRoom(record, blockLength, fields, field, length));
    }

    /**
     * Writes a variable field.
     *
     * @param record      address of the record
     * @param blockLength of its type
     * @param fields      offsets of its variable fields, ascending
     * @param field       offset of the one to write
     * @param bound       the most bytes that it holds
     * @param source      array to read from
     * @param offset      of the first byte in the array
     * @param length      in bytes
     * @param name        of the field, for messages
     * @throws IllegalArgumentException  when the value is too long; the record is as it was
     * @throws IndexOutOfBoundsException when the array has not that many bytes
     */
    public static void put(
        final long record,
        final int blockLength,
        final int[] fields,
        final int field,
        final int bound,
        final byte[] source,
        final int offset,
        final int length,
        final String name)
    {
        checkLength(bound, length, name);
        Objects.checkFromIndexSize(offset, length, source.length);
        Memory.copyIn(source, offset, makeRoom(record, blockLength, fields, field, length), length);
    }

    /**
     * @param first  address of a record
     * @param second address of another of the same type
     * @param field  offset of the field
     * @return true when both have the same bytes there
     */
    public static boolean equal(final long first, final long second, final int field)
    {
        final int length = length(first, field);
        return length == length(second, field) && FieldCodec.equal(bytes(first, field), bytes(second, field), length);
    }

    /**
     * @param seed   hash code of what came before
     * @param record address of the record
     * @param field  offset of the field
     * @return a hash code of both
     */
    public static int hash(final int seed, final long record, final int field)
    {
        return FieldCodec.hash(seed, bytes(record, field), length(record, field));
    }

    static long bytes(final long record, final int field)
    {
        return record + Memory.getInt(record + field + FieldDescriptor.VAR_OFFSET_OFFSET);
    }

    static void moveBytes(final long record, final int field, final int distance)
    {
        if (length(record, field) > 0)
        {
            final long offset = record + field + FieldDescriptor.VAR_OFFSET_OFFSET;
            Memory.putInt(offset, Memory.getInt(offset) + distance);
        }
    }

    private static long makeRoom(
        final long record, final int blockLength, final int[] fields, final int field, final int length)
    {
        final int before = length(record, field);
        int start = blockLength;
        int behind = 0;
        for (final int other : fields)
        {
            start += other < field ? length(record, other) : 0;
            behind += other > field ? length(record, other) : 0;
        }
        if (behind > 0 && length != before)
        {
            Memory.copy(record + start + before, record + start + length, behind);
            for (final int other : fields)
            {
                if (other > field)
                {
                    moveBytes(record, other, length - before);
                }
            }
        }
        Memory.putInt(record + field + FieldDescriptor.VAR_OFFSET_OFFSET, length == 0 ? 0 : start);
        Memory.putInt(record + field + FieldDescriptor.VAR_LENGTH_OFFSET, length);
        return record + start;
    }

    private static void checkLength(final int bound, final int length, final String name)
    {
        if (length > bound)
        {
            throw new IllegalArgumentException(name + " has " + length + " bytes, @VarBytes(" + bound + ") allows " +
                bound + ": shorten it, or declare the field with a larger bound");
        }
    }
}
