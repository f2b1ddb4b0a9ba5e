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

import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.memory.record.SlotDescriptor;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where in the order log the barriers of checkpoints are. A barrier that is replayed is that of a new checkpoint: the
 * source that comes to it first asks for it, and the others find it here. Any thread; once a checkpoint and source.
 */
final class Barriers
{
    /** The log from its start on. */
    private static final long EVERYTHING = 0;

    private final CheckpointService checkpoints;
    private final Deque<Place> places = new ArrayDeque<>();
    private long last;
    private long replayedCause = -1;
    private long replayedCheckpoint;
    private int replaying;

    Barriers(final CheckpointService checkpoints)
    {
        this.checkpoints = checkpoints;
    }

    /** Goes on behind what was restored; requests of earlier lives are not answered any more. */
    synchronized void startBehind(final long checkpoint, final long batch)
    {
        last = checkpoints == null ? checkpoint : checkpoints.requestedCheckpoint();
        places.add(new Place(checkpoint, batch));
    }

    synchronized void replayBegins()
    {
        replaying++;
    }

    synchronized void replayEnds()
    {
        replaying--;
    }

    /** Whether the log says where barriers are, and no new ones are put. */
    synchronized boolean replaying()
    {
        return replaying > 0;
    }

    /** The latest checkpoint that has its barrier. */
    synchronized long last()
    {
        return last;
    }

    /** Takes note of a barrier's place. */
    synchronized void put(final long checkpoint, final long cause)
    {
        last = checkpoint;
        places.add(new Place(checkpoint, cause >>> SlotDescriptor.CAUSE_INDEX_BITS));
    }

    /**
     * The checkpoint of a barrier that is replayed.
     *
     * @param cause of the barrier
     * @return its id, or 0 to come again, since the one before is under way
     */
    synchronized long replayed(final long cause)
    {
        if (cause != replayedCause)
        {
            final long requested = checkpoints.requestedCheckpoint();
            final long checkpoint = requested > last ? requested : checkpoints.request();
            if (checkpoint == 0)
            {
                return 0;
            }
            replayedCause = cause;
            replayedCheckpoint = checkpoint;
            put(checkpoint, cause);
        }
        return replayedCheckpoint;
    }

    /** First batch of the log that a restart may need, whichever checkpoint it begins from. */
    synchronized long neededFrom()
    {
        final long oldest = checkpoints == null ? 0 : checkpoints.oldestCheckpoint();
        while (!places.isEmpty() && places.getFirst().checkpoint < oldest)
        {
            places.removeFirst();
        }
        return oldest > 0 && !places.isEmpty() && places.getFirst().checkpoint == oldest ? places.getFirst().batch + 1 : EVERYTHING;
    }

    private record Place(long checkpoint, long batch)
    {
    }
}
