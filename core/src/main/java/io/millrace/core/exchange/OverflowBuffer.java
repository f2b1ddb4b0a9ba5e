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
package io.millrace.core.exchange;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Slots that did not fit into a ring, first in, first out. Grows by doubling; one task's thread.
 */
final class OverflowBuffer implements AutoCloseable
{
    private static final int INITIAL_SLOTS = 16;

    private final MemoryAccount account;
    private final String owner;
    private final int slotLength;
    private Region region;
    private long head;
    private long tail;

    OverflowBuffer(final MemoryAccount account, final String owner, final int slotLength)
    {
        this.account = account;
        this.owner = owner;
        this.slotLength = slotLength;
    }

    boolean isEmpty()
    {
        return head == tail;
    }

    /** Room for one more slot behind the others; it counts from {@link #append()} on. */
    long claim()
    {
        if (region == null || tail == region.length())
        {
            grow();
        }
        return region.address() + tail;
    }

    void append()
    {
        tail += slotLength;
    }

    long first()
    {
        return region.address() + head;
    }

    void removeFirst()
    {
        head += slotLength;
        if (head == tail)
        {
            head = 0;
            tail = 0;
        }
    }

    private void grow()
    {
        final long length = region == null ? (long)INITIAL_SLOTS * slotLength : region.length() * 2;
        final Region larger = Region.allocate(account, owner + " overflow", length);
        long to = larger.address();
        for (long from = head; from < tail; from += slotLength)
        {
            final long slot = region.address() + from;
            Memory.copy(slot, to, SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot));
            to += slotLength;
        }
        tail -= head;
        head = 0;
        close();
        region = larger;
    }

    @Override
    public void close()
    {
        if (region != null)
        {
            region.close();
            region = null;
        }
    }
}
