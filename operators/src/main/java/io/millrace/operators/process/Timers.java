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

import java.util.List;
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

/**
 * Timers of one operator instance, by one of the two times (SEMANTICS TIM-1 to TIM-7): keyed state, and so part of
 * snapshots. A timer is a key and a time; those due fire in the order of time, then of registration.
 *
 * <pre>
 *   slices  | key | timestamp 8 |  ->  | sequence 8 |      what there is, with timers that fired, until their slice has passed
 *   overdue | key | timestamp 8 |  ->  | sequence 8 |      what was registered at a time that had passed
 *   queue   | timestamp 8 | sequence 8 | key |             in which order; entries whose timer is gone are passed over
 * </pre>
 *
 * A timer of the slices has fired when it is not behind the last one that fired; between two watermarks, when it is not
 * after the last watermark. The queue is made of the tables in {@link #start()}. The task's thread.
 */
public final class Timers implements AutoCloseable
{
    /** Registrations that wait at most. */
    private static final int MOST_WAITING = 64;
    /** Entries of deleted timers that are passed over in one go at most. */
    private static final int MOST_PASSED = 4096;
    /** Entries of deleted timers that the queue keeps at least, before it is cleaned. */
    private static final long LEAST_STALE = 1024;

    private final TimerSlices slices;
    private final KeyedTable overdue;
    private final TimerQueue queue;
    private final Region composite;
    private final Region due;
    private final int keyLength;
    private final int timerLength;
    private final TimerQueue.Filter live = this::isLive;
    /** Keys and times of registrations that wait for {@link #settle()}. */
    private final Region waiting;
    private final long[] waitingHashes = new long[MOST_WAITING];
    private int waitingCount;
    private boolean deferring;
    /** What was read ahead: kept, so that the compiler does not leave the reads out. */
    @SuppressWarnings("UnusedVariable")
    private long read;
    /** Time and sequence of the last timer of the slices that fired, or the last watermark and the highest number. */
    private long firedTime = Long.MIN_VALUE;
    private long firedSequence = Long.MAX_VALUE;
    /** Before the first watermark, the time of the first timer: what delays are measured from. */
    private long origin = Long.MIN_VALUE;
    private long nextSequence;
    private long dueTime;
    private boolean busy;
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
        this.timerLength = keyLength + Long.BYTES;
        final MemoryAccount account = context.account();
        final String name = domain == TimeDomain.EVENT_TIME ? "event-time timers" : "processing-time timers";
        slices = new TimerSlices(context, name, keyLength);
        context.state().describe(name + "/overdue", StateForm.beginningWith(keyLength));
        overdue = context.state().keyedTable(name + "/overdue", timerLength, Long.BYTES);
        queue = new TimerQueue(account, keyLength);
        composite = Region.allocate(account, context.name() + " timer", timerLength);
        waiting = Region.allocate(account, context.name() + " registered timers", (long)timerLength * MOST_WAITING);
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
        if (deferring)
        {
            if (waitingCount == MOST_WAITING)
            {
                settleWaiting();
            }
            final long timer = waiting.address() + (long)waitingCount * timerLength;
            waitingHashes[waitingCount] = write(key, timestamp, timer);
            waitingCount++;
        }
        else
        {
            add(enter(key, timestamp), composite.address());
        }
    }

    private void add(final long hash, final long timer)
    {
        final long timestamp = Memory.getLong(timer + keyLength);
        final boolean created = timestamp > firedTime ?
            slices.add(delay(timestamp), hash, timer, nextSequence) : addOverdue(hash, timer, timestamp);
        if (created)
        {
            queue.add(timestamp, nextSequence, timer);
            nextSequence++;
        }
    }

    /** Lets registrations wait, so that those of many records are looked up at once; nothing fires until {@link #settle()}. */
    public void defer()
    {
        deferring = true;
    }

    /** Does the registrations that wait, and lets none wait any more. */
    public void settle()
    {
        deferring = false;
        settleWaiting();
    }

    private void settleWaiting()
    {
        final int count = waitingCount;
        if (count > 0)
        {
            waitingCount = 0;
            final long first = waiting.address();
            long words = 0;
            for (int i = 0; i < count; i++)
            {
                final long timestamp = Memory.getLong(first + (long)i * timerLength + keyLength);
                words ^= slices.prefetch(delay(timestamp), waitingHashes[i], timestamp);
            }
            read = words;
            for (int i = 0; i < count; i++)
            {
                add(waitingHashes[i], first + (long)i * timerLength);
            }
        }
    }

    private long delay(final long timestamp)
    {
        if (firedTime != Long.MIN_VALUE)
        {
            return timestamp - firedTime;
        }
        if (origin == Long.MIN_VALUE)
        {
            origin = timestamp;
        }
        return Math.abs(timestamp - origin);
    }

    private boolean addOverdue(final long hash, final long timer, final long timestamp)
    {
        if (isPending(hash, timer, timestamp))
        {
            return false;
        }
        final long value = overdue.upsert(hash, timer);
        final boolean created = overdue.created();
        if (created)
        {
            Memory.putLong(value, nextSequence);
        }
        overdue.written();
        return created;
    }

    /**
     * Deletes a timer, if it is there.
     *
     * @param key       address of the key's bytes
     * @param timestamp that it was registered with
     */
    public void delete(final long key, final long timestamp)
    {
        settleWaiting();
        final long hash = enter(key, timestamp);
        final long timer = composite.address();
        if (isPending(hash, timer, timestamp) ? slices.remove(hash, timer) : overdue.remove(hash, timer))
        {
            stale++;
            if (stale > LEAST_STALE && stale > queue.size() / 2)
            {
                queue.retain(live);
                stale = 0;
            }
        }
    }

    /** Whether a timer would be in the slices, if it is there: a callback of its key may come between those of its time. */
    private boolean isPending(final long hash, final long timer, final long timestamp)
    {
        return timestamp > firedTime || timestamp == firedTime && slices.find(hash, timer) > firedSequence;
    }

    private boolean isLive(final long entry)
    {
        final long hash = enter(entry + TimerEntry.KEY_OFFSET, TimerEntry.timestamp(entry));
        final long sequence = TimerEntry.sequence(entry);
        return slices.find(hash, composite.address()) == sequence || overdueSequence(hash) == sequence;
    }

    private long overdueSequence(final long hash)
    {
        final long value = overdue.find(hash, composite.address());
        return value == 0 ? TimerSlices.ABSENT : Memory.getLong(value);
    }

    /**
     * Takes the earliest timer that is due, or when there is none, lets time pass.
     *
     * @param now the watermark, or processing time
     * @return true when there is one: {@link #dueTime()} and {@link #dueKey()} are its time and key; false when there is
     *         none, or {@link #isBusy()}
     */
    public boolean takeDue(final long now)
    {
        busy = false;
        for (int passed = 0; queue.isDue(now); passed++)
        {
            busy = passed == MOST_PASSED || !queue.bringToHand();
            if (busy)
            {
                return false;
            }
            final long first = queue.first();
            if (stale == 0 || isLive(first))
            {
                take(first);
                return true;
            }
            queue.removeFirst();
            stale--;
        }
        if (now >= firedTime)
        {
            firedTime = now;
            firedSequence = Long.MAX_VALUE;
        }
        slices.drop(now);
        return false;
    }

    /**
     * Whether a timer is at or before a time.
     *
     * @param time not after the watermark
     * @return true when there is one
     */
    public boolean isDue(final long time)
    {
        while (queue.isDue(time))
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
     * Whether {@link #takeDue} has not come to an end, since many timers are in the same stretch of time: it is to be called
     * again, after others had their turn.
     *
     * @return true when it may still find one
     */
    public boolean isBusy()
    {
        return busy;
    }

    private void take(final long entry)
    {
        final long timestamp = TimerEntry.timestamp(entry);
        final long sequence = TimerEntry.sequence(entry);
        Memory.copyWords(entry + TimerEntry.KEY_OFFSET, due.address(), keyLength);
        dueTime = timestamp;
        queue.removeFirst();
        if (overdue.size() == 0 || !takeOverdue(timestamp, sequence))
        {
            firedTime = timestamp;
            firedSequence = sequence;
        }
    }

    private boolean takeOverdue(final long timestamp, final long sequence)
    {
        final long hash = enter(due.address(), timestamp);
        return overdueSequence(hash) == sequence && overdue.remove(hash, composite.address());
    }

    /**
     * Time of the timer that was taken last.
     *
     * @return when it was due
     */
    public long dueTime()
    {
        return dueTime;
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
     * Key of a timer that may be taken soon, to bring near what it will need.
     *
     * @return address of its bytes, until the next call, or 0 when it is not known
     */
    public long keyAhead()
    {
        return queue.keyAhead();
    }

    /**
     * Number of timers.
     *
     * @return 0 or more
     */
    public long size()
    {
        return queue.size() - stale;
    }

    private long enter(final long key, final long timestamp)
    {
        return write(key, timestamp, composite.address());
    }

    private long write(final long key, final long timestamp, final long timer)
    {
        Memory.copyWords(key, timer, keyLength);
        Memory.putLong(timer + keyLength, timestamp);
        return KeyHash.hash(timer, timerLength);
    }

    /**
     * Writes what is not in the tables.
     *
     * @param blob to write to
     */
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(nextSequence).putLong(firedTime).putLong(origin);
    }

    /**
     * Reads what {@link #snapshot} wrote.
     *
     * @param blob to read from
     */
    public void restore(final BlobReader blob)
    {
        nextSequence = blob.getLong();
        firedTime = blob.getLong();
        origin = blob.getLong();
    }

    /**
     * Puts together what the instances of before wrote. At a barrier all of them have had the same watermarks and ticks.
     *
     * @param parts to read from, in the order of the instances
     */
    public void restoreRescaled(final List<BlobReader> parts)
    {
        boolean first = true;
        for (final BlobReader part : parts)
        {
            nextSequence = Math.max(nextSequence, part.getLong());
            final long fired = part.getLong();
            if (!first && fired != firedTime)
            {
                throw new IllegalStateException("timers of " + due.owner() + " have fired up to time=" + firedTime + " in one instance " +
                    "and time=" + fired + " in another: keep the parallelism of the operator");
            }
            firedTime = fired;
            origin = Math.max(origin, part.getLong());
            first = false;
        }
    }

    /** Puts what the tables hold into the queue. */
    public void start()
    {
        slices.restore(firedTime, queue);
        final KeyedCursor cursor = overdue.cursor();
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
        waiting.close();
        due.close();
    }
}
