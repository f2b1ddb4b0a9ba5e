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

import io.millrace.memory.DebugMode;

/** What the views of text and bytes have in common: where the bytes are, and whose they are. */
abstract class FieldView
{
    private final Flyweight owner;
    private final String field;
    private long bytes;
    private int byteLength;
    private int generation;

    FieldView(final Flyweight owner, final String field)
    {
        this.owner = owner;
        this.field = field;
    }

    /**
     * @return address of the first byte
     */
    public final long bytesAddress()
    {
        checkAccess();
        return bytes;
    }

    /**
     * @return number of bytes
     */
    public final int byteLength()
    {
        checkAccess();
        return byteLength;
    }

    final void set(final long address, final int length)
    {
        bytes = address;
        byteLength = length;
        if (DebugMode.ENABLED)
        {
            generation = owner.generation();
        }
    }

    final void checkAccess()
    {
        if (DebugMode.ENABLED)
        {
            owner.checkView(field, generation);
        }
    }
}
