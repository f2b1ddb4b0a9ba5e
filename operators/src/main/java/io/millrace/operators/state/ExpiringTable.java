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

/**
 * What an expiring state shares with all others of its operator: its lifetime, an index of the table whose rows expire, and
 * the place for what has expired.
 */
final class ExpiringTable
{
    private final int number;
    private final Lifetime lifetime;
    private final ExpiryIndex index;
    private final ExpiredEntries expired;
    private final int valueLength;

    /**
     * A table.
     *
     * @param expired     takes what has expired; null when nobody is told of it
     * @param valueLength bytes of what is told of an entry
     */
    ExpiringTable(
        final int number,
        final Lifetime lifetime,
        final ExpiryIndex index,
        final ExpiredEntries expired,
        final int valueLength)
    {
        this.number = number;
        this.lifetime = lifetime;
        this.index = index;
        this.expired = expired;
        this.valueLength = valueLength;
    }

    Lifetime lifetime()
    {
        return lifetime;
    }

    ExpiryIndex index()
    {
        return index;
    }

    int valueLength()
    {
        return valueLength;
    }

    int keyLength()
    {
        return index.keyLength();
    }

    /** Whether somebody is told of what has expired. */
    boolean tells()
    {
        return expired != null;
    }

    /** Keeps a copy of what is about to be removed for the callback. */
    void tell(final long key, final long value, final long touched)
    {
        if (expired != null)
        {
            expired.add(number, lifetime.end(touched), key, index.keyLength(), value, valueLength);
        }
    }
}
