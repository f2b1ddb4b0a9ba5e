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
package io.millrace.core.chain;

import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/**
 * A number over the records of an output since the last {@link #cut()}: event times, causes and contents, in their order.
 * The ingress time, which no two runs share, is left out. A multiplication for every 8 bytes, nothing is allocated.
 * One task's thread.
 */
public final class OutputHash implements OutputTap
{
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private long hash;
    private long records;
    private long lastCause = -1;

    @Override
    public void record(final long slot)
    {
        final int length = SlotDescriptor.length(slot);
        final long cause = SlotDescriptor.cause(slot);
        long folded = fold(fold(fold(hash, length), SlotDescriptor.timestamp(slot)), cause);
        final long payload = slot + SlotDescriptor.HEADER_LENGTH;
        final int words = length & -Long.BYTES;
        for (int offset = 0; offset < words; offset += Long.BYTES)
        {
            folded = fold(folded, Memory.getLong(payload + offset));
        }
        if (words != length)
        {
            folded = fold(folded, tail(payload, words, length));
        }
        hash = folded;
        lastCause = cause;
        records++;
    }

    private static long tail(final long payload, final int from, final int to)
    {
        long word = 0;
        for (int offset = from; offset < to; offset++)
        {
            word = word << Byte.SIZE | Memory.getByte(payload + offset) & 0xFF;
        }
        return word;
    }

    /** Each step is reversible, in the hash as in the word: two runs that differ in one word differ from there on. */
    private static long fold(final long hash, final long word)
    {
        final long product = (hash ^ word) * FACTOR;
        return product ^ product >>> 32;
    }

    /**
     * The hash since the last cut.
     *
     * @return 0 when there was no record
     */
    public long hash()
    {
        return hash;
    }

    /**
     * Records since the last cut.
     *
     * @return 0 or more
     */
    public long records()
    {
        return records;
    }

    /**
     * Cause of the last record that there ever was.
     *
     * @return -1 when there was none
     */
    public long lastCause()
    {
        return lastCause;
    }

    /** Begins anew: at a barrier. */
    public void cut()
    {
        hash = 0;
        records = 0;
    }
}
