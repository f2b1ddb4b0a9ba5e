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
package io.millrace.memory;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the off-heap bytes that one owner (a job, a test) holds, against an optional limit. Any thread may use it.
 */
public final class MemoryAccount
{
    private final String name;
    private final long limit;
    private final AtomicLong allocated = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();
    private final ConcurrentMap<String, Long> owners = new ConcurrentHashMap<>();

    /**
     * An account without a limit.
     *
     * @param name for messages
     */
    public MemoryAccount(final String name)
    {
        this(name, Long.MAX_VALUE);
    }

    /**
     * An account with a limit.
     *
     * @param name  for messages
     * @param limit in bytes: an allocation above it is refused
     */
    public MemoryAccount(final String name, final long limit)
    {
        this.name = name;
        this.limit = limit;
    }

    /**
     * @return bytes held now
     */
    public long allocatedBytes()
    {
        return allocated.get();
    }

    /**
     * @return the most bytes ever held at once
     */
    public long peakBytes()
    {
        return peak.get();
    }

    /**
     * Counts bytes that a library allocates by itself, up to a bound that it was given.
     *
     * @param owner  for messages
     * @param length the bound, in bytes
     * @throws IllegalStateException when that is above the limit; nothing has changed then
     */
    public void reserve(final String owner, final long length)
    {
        add(owner, length);
    }

    /**
     * Ends what {@link #reserve} began.
     *
     * @param owner  as it was given there
     * @param length as it was given there
     */
    public void release(final String owner, final long length)
    {
        remove(owner, length);
    }

    /**
     * Who holds how much.
     *
     * @return bytes by owner, in the order of their names
     */
    public SortedMap<String, Long> owners()
    {
        return new TreeMap<>(owners);
    }

    /**
     * @return in bytes, {@link Long#MAX_VALUE} for none
     */
    public long limit()
    {
        return limit;
    }

    void add(final String owner, final long length)
    {
        final long total = allocated.addAndGet(length);
        if (total > limit)
        {
            allocated.addAndGet(-length);
            throw new MemoryLimitException("memory limit of " + name + " reached: owner=" + owner + " wants=" +
                length + " allocated=" + (total - length) + " limit=" + limit +
                ": raise the limit or lower the state that the job keeps");
        }
        peak.accumulateAndGet(total, Math::max);
        owners.merge(owner, length, Long::sum);
    }

    void remove(final String owner, final long length)
    {
        allocated.addAndGet(-length);
        owners.computeIfPresent(owner, (name, held) -> held == length ? null : held - length);
    }

    @Override
    public String toString()
    {
        return name + " allocated=" + allocated.get() + " peak=" + peak.get();
    }
}
