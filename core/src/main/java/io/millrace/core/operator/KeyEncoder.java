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
package io.millrace.core.operator;

/**
 * Writes the key of a record as fixed-length bytes, which state and exchanges work with. Used by one thread.
 */
public interface KeyEncoder
{
    /** The most bytes that the text or composite key of a record may have. */
    int MAX_KEY_BYTES = 32;

    /**
     * Length of every key.
     *
     * @return bytes, a multiple of 8
     */
    int keyLength();

    /**
     * Writes the key of a record; equal keys are equal bytes.
     *
     * @param slot address of the record's slot
     * @param key  address to write {@link #keyLength()} bytes to
     */
    void encode(long slot, long key);

    /**
     * The slot of the record whose key was last asked for, for the message of a failure.
     *
     * @return its address, or 0 when there is none or it is not known
     */
    default long currentSlot()
    {
        return 0;
    }
}
