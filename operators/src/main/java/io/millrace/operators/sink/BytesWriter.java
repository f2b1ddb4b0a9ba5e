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

import io.millrace.memory.record.ByteView;

/**
 * Takes the bytes of one record; allocates nothing. Numbers have their most significant byte first, as
 * {@link java.io.DataOutput} has them. The sink owns it. Valid during the call of the function that it is handed to, on
 * that thread.
 */
public interface BytesWriter
{
    /**
     * Appends one byte.
     *
     * @param value whose low 8 bits are taken
     * @return this
     */
    BytesWriter putByte(int value);

    /**
     * Appends 4 bytes.
     *
     * @param value to append
     * @return this
     */
    BytesWriter putInt(int value);

    /**
     * Appends 8 bytes.
     *
     * @param value to append
     * @return this
     */
    BytesWriter putLong(long value);

    /**
     * Appends 8 bytes.
     *
     * @param value to append, as {@link Double#doubleToRawLongBits(double)} has it
     * @return this
     */
    BytesWriter putDouble(double value);

    /**
     * Appends bytes.
     *
     * @param bytes  to append from
     * @param offset of the first
     * @param length number of bytes
     * @return this
     */
    BytesWriter putBytes(byte[] bytes, int offset, int length);

    /**
     * Appends the bytes of a field.
     *
     * @param bytes to append
     * @return this
     */
    BytesWriter putBytes(ByteView bytes);

    /**
     * Appends text in UTF-8, without its length. Half of a surrogate pair becomes a question mark.
     *
     * @param text to append, not null
     * @return this
     */
    BytesWriter putText(CharSequence text);
}
