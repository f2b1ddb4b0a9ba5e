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
package io.millrace.core.ordering;

import io.millrace.memory.record.SlotDescriptor;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The counters at the entrance of a job, shared by its sources, its coordinator and all pull scans.
 * <p>
 * {@code nextBatch} orders everything that enters: who claims a batch owns the causes {@code batch << 16} to {@code
 * batch << 16 | 65535}. A broadcast is a barrier or tick that every source injects into all of its rings at one cause.
 * Before its batch is claimed the {@code broadcastFloor} is raised, so that a scan that has seen the claim sees the
 * floor too.
 */
public final class IngressClock
{
    /** No broadcast, no limit: above every cause. */
    public static final long NONE = Long.MAX_VALUE;
    /** The broadcast's batch is being claimed by the coordinator: ask again. */
    public static final long UNRESOLVED = -1L;

    private final OrderLog log;
    private final PaddedLong nextBatch;
    private final PaddedLong broadcastFloor = new PaddedLong(NONE);
    private final PaddedLong broadcastCause = new PaddedLong(UNRESOLVED);
    private final List<SourceProgress> sources = new CopyOnWriteArrayList<>();
    private byte broadcastKind;
    private long broadcastValue;
    private long broadcastClock;

    /**
     * Counters that start, or go on, at a batch.
     *
     * @param log        of the entries
     * @param firstBatch 0 for a new job, the batch after the log's last entry for a restored one
     */
    public IngressClock(final OrderLog log, final long firstBatch)
    {
        this.log = log;
        this.nextBatch = new PaddedLong(firstBatch);
    }

    /**
     * Goes on at a batch, before the job runs.
     *
     * @param batch after every batch whose causes are in use
     */
    public void startAt(final long batch)
    {
        nextBatch.setVolatile(batch);
    }

    /**
     * @param batch of an ingress batch
     * @param index of a record in it
     * @return their cause
     */
    public static long cause(final long batch, final int index)
    {
        return batch << SlotDescriptor.CAUSE_INDEX_BITS | index;
    }

    /**
     * Adds a source, before the job runs.
     *
     * @param id   from 0, stable: the log stores it
     * @param name for messages
     * @return what the source tells others
     */
    public SourceProgress newSource(final int id, final String name)
    {
        return add(new SourceProgress(this, id, name));
    }

    /**
     * Adds a merge by arrival, which gives what it takes fresh causes, before the job runs.
     *
     * @param id   from 0, stable: the log stores it; no source's
     * @param name for messages
     * @return what the merge tells others
     */
    public SourceProgress newArrivalMerge(final int id, final String name)
    {
        final SourceProgress merge = new SourceProgress(this, id, name);
        merge.takesNoBroadcasts();
        return merge;
    }

    /**
     * The lowest cause that was not claimed yet. Any thread; an acquiring load.
     *
     * @return a cause
     */
    public long nextCause()
    {
        return cause(nextBatch.getAcquire(), 0);
    }

    /**
     * @return where the entries go
     */
    public OrderLog log()
    {
        return log;
    }

    /**
     * Whether the log has room and every source that has not ended injected the broadcast before. For the coordinator.
     *
     * @return false when {@link #broadcast} must wait
     */
    public boolean mayBroadcast()
    {
        final long floor = broadcastFloor.getAcquire();
        if (floor != NONE)
        {
            for (final SourceProgress source : sources)
            {
                if (!source.ended() && source.injected() < floor)
                {
                    return false;
                }
            }
        }
        return log.hasRoom(nextBatch.getAcquire());
    }

    /**
     * Claims a batch for a control slot that every source injects. For one thread at a time, the coordinator's;
     * afterwards the sources are woken.
     *
     * @param kind  {@link OrderLog#KIND_BARRIER} or {@link OrderLog#KIND_TICK}
     * @param value checkpoint id of a barrier, else 0
     * @param clock of the engine
     * @return the cause of the control slots
     * @throws IllegalStateException when {@link #mayBroadcast()} is false
     */
    public long broadcast(final byte kind, final long value, final long clock)
    {
        if (!mayBroadcast())
        {
            throw new IllegalStateException("kind=" + kind + " value=" + value + " broadcast before cause=" +
                broadcastCause.getAcquire() + " was injected by every source: ask mayBroadcast() first");
        }
        raise(nextCause(), kind, value, clock);
        return resolve(claimBatch());
    }

    /** The first half of a broadcast: raises the floor. */
    void raise(final long floor, final byte kind, final long value, final long clock)
    {
        broadcastCause.setRelease(UNRESOLVED);
        broadcastKind = kind;
        broadcastValue = value;
        broadcastClock = clock;
        broadcastFloor.setVolatile(floor);
    }

    /** The second half of a broadcast: says which batch was claimed for it. */
    long resolve(final long batch)
    {
        log.append(batch, broadcastKind, OrderLog.EVERY_SOURCE, 0, broadcastValue, broadcastClock);
        final long cause = cause(batch, 0);
        broadcastCause.setRelease(cause);
        return cause;
    }

    SourceProgress add(final SourceProgress source)
    {
        sources.add(source);
        return source;
    }

    long claimBatch()
    {
        return nextBatch.getAndAdd(1);
    }

    boolean logHasRoom()
    {
        return log.hasRoom(nextBatch.getAcquire());
    }

    /** A cause that is not above the broadcast's, {@link #NONE} before the first. */
    long broadcastFloor()
    {
        return broadcastFloor.getAcquire();
    }

    long broadcastCause()
    {
        return broadcastCause.getAcquire();
    }

    byte broadcastKind()
    {
        return broadcastKind;
    }

    long broadcastValue()
    {
        return broadcastValue;
    }

    long broadcastClock()
    {
        return broadcastClock;
    }
}
