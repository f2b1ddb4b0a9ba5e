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

/**
 * Layout of the fields of a record: how long each kind is, and where it may start. The processor lays records out with
 * it, and the codec reads and writes by it.
 * <pre>
 *   record:      | fixed fields, each naturally aligned, in declaration order | padding to 8 | variable bytes ... |
 *                0                                                                           blockLength
 *
 *   text(n):     | length, 1 byte, 2 if n is above 255 | n bytes, zero behind the text                            |
 *   bytes(n):    | n bytes                                                                                        |
 *   var bytes:   | int: offset from the record's start | int: length                                              |
 *   record:      | the fixed block of the nested record, at a multiple of 8                                       |
 * </pre>
 * An offset depends only on the fields before it, so fields may be appended. Variable bytes lie behind each other in
 * the order of their fields; an empty one has offset 0. So equal content is equal bytes, as long as the padding is
 * zero.
 */
public final class FieldDescriptor
{
    /** The largest bound of text and fixed bytes. */
    public static final int MAX_BOUND = 65_535;
    /** The largest bound of variable bytes. */
    public static final int MAX_VAR_BOUND = 1 << 20;
    /** The most digits behind a decimal's point. */
    public static final int MAX_DECIMALS = 18;
    /** The most constants of an enum. */
    public static final int MAX_CONSTANTS = 256;
    /** Every record's fixed part is a multiple of this, and starts at one. */
    public static final int BLOCK_ALIGNMENT = 8;
    /** Offset, in a variable field, of the offset of its bytes from the record's start. */
    public static final int VAR_OFFSET_OFFSET = 0;
    /** Offset, in a variable field, of the number of its bytes. */
    public static final int VAR_LENGTH_OFFSET = 4;

    private static final int MAX_ONE_BYTE_BOUND = 255;

    private FieldDescriptor()
    {
    }

    /**
     * @param bound of a text field
     * @return bytes of the length before the text: 1 or 2
     */
    public static int textPrefixLength(final int bound)
    {
        return bound <= MAX_ONE_BYTE_BOUND ? 1 : 2;
    }

    /**
     * @param kind      of a field
     * @param parameter its bound; the block length of a nested record
     * @return bytes that it takes in the fixed block
     */
    public static int length(final FieldKind kind, final int parameter)
    {
        return switch (kind)
        {
            case BOOLEAN, BYTE, ENUM -> 1;
            case SHORT, CHAR -> 2;
            case INT, FLOAT -> 4;
            case LONG, DOUBLE, DECIMAL, VAR_BYTES -> 8;
            case ASCII, UTF8 -> textPrefixLength(parameter) + parameter;
            case BYTES, RECORD -> parameter;
        };
    }

    /**
     * @param kind      of a field
     * @param parameter its bound; the block length of a nested record
     * @return what its offset is a multiple of
     */
    public static int alignment(final FieldKind kind, final int parameter)
    {
        return switch (kind)
        {
            case BYTES -> 1;
            case ASCII, UTF8 -> textPrefixLength(parameter);
            case VAR_BYTES -> Integer.BYTES;
            case RECORD -> BLOCK_ALIGNMENT;
            default -> length(kind, parameter);
        };
    }

    /**
     * @param end       of what lies before
     * @param alignment a power of two
     * @return the first multiple of the alignment at or behind the end
     */
    public static int align(final int end, final int alignment)
    {
        return end + alignment - 1 & -alignment;
    }
}
