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
package io.millrace.operators.state;

import io.millrace.memory.table.KeyHash;

/** The key that a callback is for: what every state of the operator is read and written under. The task's thread. */
final class KeyScope
{
    private final int keyLength;
    private long key;
    private long hash;

    KeyScope(final int keyLength)
    {
        this.keyLength = keyLength;
    }

    void enter(final long newKey, final long newHash)
    {
        key = newKey;
        hash = newHash;
    }

    long hashOf(final long otherKey)
    {
        return KeyHash.hash(otherKey, keyLength);
    }

    void leave()
    {
        key = 0;
    }

    int keyLength()
    {
        return keyLength;
    }

    long hash()
    {
        return hash;
    }

    /** Address of the key's bytes. */
    long key(final String state)
    {
        if (key == 0)
        {
            throw new IllegalStateException("state=" + state +
                " is used outside of a callback, or in that of a broadcast record, where there is no key: use it in " +
                "processElement or onTimer, or with applyToKeyedState(...) in processBroadcastElement");
        }
        return key;
    }
}
