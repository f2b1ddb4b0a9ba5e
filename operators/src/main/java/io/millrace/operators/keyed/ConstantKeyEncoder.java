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
package io.millrace.operators.keyed;

import io.millrace.core.operator.KeyEncoder;
import io.millrace.memory.Memory;

/** The same key for all records. */
public final class ConstantKeyEncoder implements KeyEncoder
{
    /** An encoder. */
    public ConstantKeyEncoder()
    {
    }

    @Override
    public int keyLength()
    {
        return Long.BYTES;
    }

    @Override
    public void encode(final long slot, final long key)
    {
        Memory.putLong(key, 0);
    }
}
