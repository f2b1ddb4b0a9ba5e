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
package io.millrace.operators.process;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;

/**
 * Timers of one operator instance, by one of the two times (SEMANTICS TIM-1 to TIM-7): keyed state, and so part of
 * snapshots. A timer is a key and a time; those due fire in the order of time, then of registration.
 *
 * <pre>
 *   table   | key | timestamp 8 |  ->  | sequence 8 |      what there is
 *   queue   | timestamp 8 | sequence 8 | key |             in which order; entries whose timer is gone are passed over
 * </pre>
 *
 * The queue is made of the table in {@link #start()}. The task's thread.
 */
public final class Timers implements AutoCloseable
{
    /** Entries of deleted timers that the queue keeps at least, before it is cleaned. */
    private static final long LEAST_STALE = 1024;

    private final KeyedTable table;
    private final TimerQueue queue;
    private final Region composite;
    private final Region due;
    private final int keyLength;
    private final TimerQueue.Filter live = this::isLive;
    private long nextSequence;
    private long stale;

    /**
     * No timers yet, by event time.
     *
     * @param context   of the operator
     * @param keyLength bytes of a key
     */
    public Timers(final OperatorContext context, final int keyLength)
    {
        this(context, keyLength, TimeDomain.EVENT_TIME);
    }

    /**
     * No timers yet.
     *
     * @param context   of the operator
     * @param keyLength bytes of a key
     * @param domain    which time they are of
     */
    public Timers(final OperatorContext context, final int keyLength, final TimeDomain domain)
    {
        this.keyLength = keyLength;
        final MemoryAccount account = context.account();
        table = context.state().keyedTable(
            domain == TimeDomain.EVENT_TIME ? "event-time timers" : "processing-time timers", keyLength + Long.BYTES, Long.BYTES);
        queue = new TimerQueue(account, keyLength);
        composite = Region.allocate(account, context.name() + " timer", keyLength + Long.BYTES);
        due = Region.allocate(account, context.name() + " due timer", keyLength);
    }

    /**
     * Registers a timer, unless it is there.
     *
     * @param key       address of the key's bytes
     * @param timestamp when it is due
     */
    public void register(final long key, final long timestamp)
    {
        final long value = table.upsert(enter(key, timestamp), composite.address());
        if (table.created())
        {
            final long sequence = nextSequence++;
            Memory.putLong(value, sequence);
            queue.add(timestamp, sequence, key);
        }
        table.written();
    }

    /**
     * Deletes a timer, if it is there.
     *
     * @param key       address of the key's bytes
     * @param timestamp that it was registered with
     */
    public void delete(final long key, final long timestamp)
    {
        if (table.remove(enter(key, timestamp), composite.address()))
        {
            stale++;
            if (stale > LEAST_STALE && stale > queue.size() / 2)
            {
                queue.retain(live);
                stale = 0;
            }
        }
    }

    private boolean isLive(final long entry)
    {
        final long value = table.find(enter(entry + TimerEntry.KEY_OFFSET, TimerEntry.timestamp(entry)),
            composite.address());
        return value != 0 && Memory.getLong(value) == TimerEntry.sequence(entry);
    }

    /**
     * Whether a timer is due. {@link #takeDue} takes it.
     *
     * @param now the watermark, or processing time
     * @return true when one is at or below it
     */
    public boolean isDue(final long now)
    {
        while (queue.isDue(now))
        {
            if (stale == 0 || isLive(queue.first()))
            {
                return true;
            }
            queue.removeFirst();
            stale--;
        }
        return false;
    }

    /**
     * When the next timer may be due.
     *
     * @return not later than the earliest timer; {@link Long#MAX_VALUE} when there is none
     */
    public long earliest()
    {
        return queue.earliest();
    }

    /**
     * Takes the earliest timer; {@link #isDue} has said that there is one.
     *
     * @return its time; {@link #dueKey()} has its key
     */
    public long takeDue()
    {
        final long first = queue.first();
        final long timestamp = TimerEntry.timestamp(first);
        Memory.copyWords(first + TimerEntry.KEY_OFFSET, due.address(), keyLength);
        queue.removeFirst();
        table.remove(enter(due.address(), timestamp), composite.address());
        return timestamp;
    }

    /**
     * Key of the timer that was taken last.
     *
     * @return address of its bytes
     */
    public long dueKey()
    {
        return due.address();
    }

    /**
     * Number of timers.
     *
     * @return 0 or more
     */
    public long size()
    {
        return table.size();
    }

    private long enter(final long key, final long timestamp)
    {
        Memory.copyWords(key, composite.address(), keyLength);
        Memory.putLong(composite.address() + keyLength, timestamp);
        return KeyHash.hash(composite.address(), keyLength + Long.BYTES);
    }

    /**
     * Writes what is not in the table.
     *
     * @param blob to write to
     */
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(nextSequence);
    }

    /**
     * Reads what {@link #snapshot} wrote.
     *
     * @param blob to read from
     */
    public void restore(final BlobReader blob)
    {
        nextSequence = blob.getLong();
    }

    /** Puts what the table holds into the queue. */
    public void start()
    {
        final KeyedCursor cursor = table.cursor();
        while (cursor.next())
        {
            queue.add(Memory.getLong(cursor.key() + keyLength), Memory.getLong(cursor.value()), cursor.key());
        }
    }

    @Override
    public void close()
    {
        queue.close();
        composite.close();
        due.close();
    }
}
