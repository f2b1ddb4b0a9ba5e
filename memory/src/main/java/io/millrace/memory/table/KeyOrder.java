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
package io.millrace.memory.table;

import io.millrace.memory.Memory;

/**
 * The one order of keys: by hash, then by bytes, both unsigned. A key group is the top bits of the hash, so it is also the
 * order by key group. It is the order of a table's entries, and so of results that are due at the same time. Any thread
 * may call it.
 */
public final class KeyOrder
{
    private KeyOrder()
    {
    }

    /**
     * Compares two keys.
     *
     * @param leftHash  {@link KeyHash} of the left key
     * @param left      address of its first byte
     * @param rightHash {@link KeyHash} of the right key
     * @param right     address of its first byte
     * @param length    of both in bytes, a multiple of 8
     * @return negative when the left one is first, 0 when they are equal
     */
    public static int compare(
        final long leftHash, final long left, final long rightHash, final long right, final int length)
    {
        return leftHash != rightHash ? Long.compareUnsigned(leftHash, rightHash) : compareBytes(left, right, length);
    }

    /**
     * Compares the bytes of two keys, the first one first.
     *
     * @param left   address of the left key's first byte
     * @param right  address of the right key's first byte
     * @param length of both in bytes, a multiple of 8
     * @return negative when the left one is first, 0 when they are equal
     */
    public static int compareBytes(final long left, final long right, final int length)
    {
        for (int offset = 0; offset < length; offset += Long.BYTES)
        {
            final long leftWord = Memory.getLong(left + offset);
            final long rightWord = Memory.getLong(right + offset);
            if (leftWord != rightWord)
            {
                return Long.compareUnsigned(Long.reverseBytes(leftWord), Long.reverseBytes(rightWord));
            }
        }
        return 0;
    }
}
