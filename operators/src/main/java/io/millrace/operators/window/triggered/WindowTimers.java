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
package io.millrace.operators.window.triggered;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedCursor;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.StateForm;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.process.TimeDomain;

/**
 * Timers of windows, by one of the two times (SEMANTICS TIM-1, TIM-3, TIM-4): keyed state, and so part of snapshots. A timer is a key, a
 * window's start behind it, and a time; those due fire in the order of time, then the canonical order of keys, then the
 * windows' starts, whatever the order of their registration (WIN-18).
 *
 * <pre>
 *   table   | key | start 8 | timestamp 8 |  ->  | sequence 8 |      what there is
 *   queue   {@link WindowTimerQueue}                              in which order; entries whose timer is gone are passed over
 * </pre>
 *
 * The queue is made of the table in {@link #start()}. The task's thread.
 */
final class WindowTimers implements AutoCloseable
{
    /** Entries of deleted timers that the queue keeps at least, before it is cleaned. */
    private static final long LEAST_STALE = 1024;

    private final KeyedTable table;
    private final WindowTimerQueue queue;
    private final Region composite;
    private final Region due;
    private final int keyLength;
    private final int windowKeyLength;
    private long nextSequence;
    private long stale;

    WindowTimers(final OperatorContext context, final int keyLength, final TimeDomain domain)
    {
        this.keyLength = keyLength;
        windowKeyLength = keyLength + Long.BYTES;
        final MemoryAccount account = context.account();
        final String name = domain == TimeDomain.EVENT_TIME ? "window timers" : "window timers of processing time";
        context.state().describe(name, StateForm.beginningWith(keyLength));
        table = context.state().keyedTable(name, windowKeyLength + Long.BYTES, Long.BYTES);
        queue = new WindowTimerQueue(account, windowKeyLength);
        composite = Region.allocate(account, context.name() + " timer", windowKeyLength + Long.BYTES);
        due = Region.allocate(account, context.name() + " due timer", windowKeyLength);
    }

    /** Registers a timer, unless it is there. */
    void register(final long key, final long timestamp)
    {
        final long value = table.upsert(enter(key, timestamp), composite.address());
        if (table.created())
        {
            final long sequence = nextSequence++;
            Memory.putLong(value, sequence);
            queue.add(timestamp, rank(key), sequence, key);
        }
        table.written();
    }

    /** Deletes a timer, if it is there. */
    void delete(final long key, final long timestamp)
    {
        if (table.remove(enter(key, timestamp), composite.address()))
        {
            stale++;
            if (stale > LEAST_STALE && stale > queue.size() / 2)
            {
                clean();
            }
        }
    }

    /** Takes the entries of deleted timers out of the queue. */
    private void clean()
    {
        long kept = 0;
        for (long i = 0; i < queue.size(); i++)
        {
            if (isLive(queue.entry(i)))
            {
                queue.move(i, kept);
                kept++;
            }
        }
        queue.keep(kept);
        stale = 0;
    }

    private boolean isLive(final long entry)
    {
        final long value = table.find(enter(entry + WindowTimerQueue.KEY_OFFSET, WindowTimerQueue.timestamp(entry)),
            composite.address());
        return value != 0 && Memory.getLong(value) == WindowTimerQueue.sequence(entry);
    }

    /** Whether a timer is due. {@link #takeDue} takes it. */
    boolean isDue(final long now)
    {
        while (queue.size() > 0 && WindowTimerQueue.timestamp(queue.first()) <= now)
        {
            if (isLive(queue.first()))
            {
                return true;
            }
            queue.removeFirst();
            stale--;
        }
        return false;
    }

    /** Not later than the earliest timer; {@link Long#MAX_VALUE} when there is none. */
    long earliest()
    {
        return queue.size() == 0 ? Long.MAX_VALUE : WindowTimerQueue.timestamp(queue.first());
    }

    /** Takes the earliest timer; {@link #isDue} has said that there is one. */
    long takeDue()
    {
        final long first = queue.first();
        final long timestamp = WindowTimerQueue.timestamp(first);
        Memory.copyWords(first + WindowTimerQueue.KEY_OFFSET, due.address(), windowKeyLength);
        queue.removeFirst();
        table.remove(enter(due.address(), timestamp), composite.address());
        return timestamp;
    }

    /** Key of the timer that was taken last. */
    long dueKey()
    {
        return due.address();
    }

    private long rank(final long key)
    {
        return KeyHash.hash(key, keyLength) ^ Long.MIN_VALUE;
    }

    private long enter(final long key, final long timestamp)
    {
        Memory.copyWords(key, composite.address(), windowKeyLength);
        Memory.putLong(composite.address() + windowKeyLength, timestamp);
        return KeyHash.hash(composite.address(), windowKeyLength + Long.BYTES);
    }

    /** Writes what is not in the table. */
    void snapshot(final BlobWriter blob)
    {
        blob.putLong(nextSequence);
    }

    /** Reads what {@link #snapshot} wrote. */
    void restore(final BlobReader blob)
    {
        nextSequence = blob.getLong();
    }

    /** Puts together what the instances of before wrote. */
    void restoreRescaled(final BlobReader blob)
    {
        nextSequence = Math.max(nextSequence, blob.getLong());
    }

    /** Puts what the table holds into the queue. */
    void start()
    {
        final KeyedCursor cursor = table.cursor();
        while (cursor.next())
        {
            final long key = cursor.key();
            queue.add(Memory.getLong(key + windowKeyLength), rank(key), Memory.getLong(cursor.value()), key);
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
