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
package io.millrace.core.runtime;

import io.millrace.core.ordering.ArrivalMerge;
import io.millrace.core.ordering.InputMerge;
import io.millrace.core.ordering.OrderLog;
import io.millrace.core.ordering.ReplayLog;
import io.millrace.core.ordering.SourceProgress;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Runs that a merge by arrival takes (ORDERING.md section 5). Each is logged before it is processed, with its channel and
 * length, or taken as the log says; what comes of it has causes of its own, so that merges further down see a source. One
 * run at a time is processed and published: a claim tells those downstream that everything below it is past.
 * <pre>
 *   next()  slots, of one channel     cause() of the first     copy(...) with fresh causes     consume(...)
 *   outputs are published             published()
 * </pre>
 * The task's thread.
 */
final class ArrivalRuns implements TaskPlace
{
    private static final long NONE = -1;

    private final String name;
    private final ArrivalMerge merge;
    private final SourceProgress progress;
    private final long[] slots;
    /** Cause of the run's next record, or of its control slot. */
    private long cause = NONE;
    /** Records of the run that were not consumed; 1 for a control slot. */
    private int left;
    private boolean control;
    /** Cause of the last record or control slot that was consumed. */
    private long lastCause = NONE;
    private boolean unpublished;
    private boolean replayed;
    private boolean ended;

    /**
     * No runs yet.
     *
     * @param name     of the task
     * @param merge    of its channels
     * @param progress of the merge
     * @param slots    addresses of {@link InputMerge#MAX_RUN_SLOTS} slots, long enough for the records of every channel
     */
    ArrivalRuns(final String name, final ArrivalMerge merge, final SourceProgress progress, final long[] slots)
    {
        this.name = name;
        this.merge = merge;
        this.progress = progress;
        this.slots = slots;
    }

    /** Slots of the run that can be processed now; 0 when there are none. */
    int next(final boolean[] singleSlot)
    {
        if (left == 0 && (unpublished || !(replaying() ? follow() : claim(singleSlot))))
        {
            return 0;
        }
        final int there = merge.next();
        if (there == 0)
        {
            return 0;
        }
        if (control != (merge.kind() != SlotDescriptor.KIND_DATA))
        {
            throw new IllegalStateException("task " + name + " merges by arrival, and the order log says that channel=" +
                merge.channel() + " brings " + (control ? "a control slot" : "records") + " at cause=" + cause +
                ", but it brings kind=" + merge.kind() + ": the input or the code is not that of the run that was logged");
        }
        return singleSlot[merge.channel()] ? Math.min(there, left) : there;
    }

    /** Whether the log of an earlier life says what is taken; passes over what is in the snapshot. */
    private boolean replaying()
    {
        while (progress.replaying() != null && progress.replaying().cause() <= lastCause)
        {
            progress.replayed();
        }
        return progress.replaying() != null;
    }

    /**
     * Whether the log says that a channel goes on which holds a barrier: that checkpoint was given up when the log was made.
     */
    boolean goesOnWhereHeld()
    {
        return left > 0 && merge.followsHeld();
    }

    private boolean follow()
    {
        final ReplayLog.Cursor run = progress.replaying();
        merge.follow((int)run.value());
        begin(run.cause(), run.count());
        replayed = true;
        return true;
    }

    private boolean claim(final boolean[] singleSlot)
    {
        merge.followNone();
        final int there = merge.next();
        if (there == 0 || !progress.mayClaim())
        {
            return false;
        }
        final int records = merge.kind() != SlotDescriptor.KIND_DATA ? 0 : singleSlot[merge.channel()] ? there : 1;
        begin(progress.claim(OrderLog.KIND_RUN, records, merge.channel(), 0), records);
        return true;
    }

    private void begin(final long first, final int records)
    {
        cause = first;
        control = records == 0;
        left = Math.max(1, records);
    }

    /** Cause of the first of {@link #next}. */
    long cause()
    {
        return cause;
    }

    /** A copy of a record, with its own cause. */
    long copy(final long slot, final int index)
    {
        final long copied = slots[index];
        Memory.copy(slot, copied, SlotDescriptor.HEADER_LENGTH + SlotDescriptor.length(slot));
        SlotDescriptor.cause(copied, cause + index);
        return copied;
    }

    /** Takes note that records, or the control slot, were processed and consumed. */
    void consumed(final int records)
    {
        if (records > 0)
        {
            lastCause = cause + records - 1;
            cause += records;
            left -= records;
            unpublished = left == 0;
        }
    }

    void end()
    {
        ended = true;
    }

    long lastCause()
    {
        return lastCause;
    }

    void restore(final long restored)
    {
        lastCause = restored;
    }

    @Override
    public void published(final long pending)
    {
        if (pending != NOTHING)
        {
            progress.advance(pending);
        }
        else if (left > 0)
        {
            progress.advance(cause);
        }
        else
        {
            unpublished = false;
            runPublished();
        }
    }

    private void runPublished()
    {
        if (replayed)
        {
            replayed = false;
            progress.replayed();
        }
        if (ended)
        {
            progress.end();
        }
        else if (progress.replaying() == null)
        {
            progress.idle();
        }
    }
}
