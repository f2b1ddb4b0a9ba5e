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

import io.millrace.core.chain.SourceStamp;
import io.millrace.core.metrics.Counter;
import io.millrace.core.ordering.AlignmentGroup;

/**
 * A source's event time, seen from its task: shows its watermarks to who asks and to its alignment group, says when it
 * has to wait for that, and knows the record that a function of the user's failed at.
 */
final class SourceEventTime
{
    private final SourceStamp stamp;
    private final RecordTimestamps<?> timestamps;
    private final WatermarkBoard board;
    /** Null when the source waits for nobody. */
    private final AlignmentGroup.Member alignment;
    private final Counter pauses;
    private boolean waiting;

    SourceEventTime(
        final SourceStamp stamp,
        final RecordTimestamps<?> timestamps,
        final WatermarkBoard board,
        final AlignmentGroup.Member alignment,
        final Counter pauses)
    {
        this.stamp = stamp;
        this.timestamps = timestamps;
        this.board = board;
        this.alignment = alignment;
        this.pauses = pauses;
    }

    /** Takes the watermark that is due. */
    long takeWatermark()
    {
        final long watermark = stamp.takeWatermark();
        if (alignment != null)
        {
            alignment.watermark(watermark);
        }
        return watermark;
    }

    /** Whether the source takes no new records now, since it is ahead of its group. */
    boolean waits()
    {
        if (alignment == null)
        {
            return false;
        }
        final boolean waits = alignment.waits();
        if (waits != waiting)
        {
            waiting = waits;
            board.sourceState(waits ? SourceState.WAITING : SourceState.ACTIVE);
            pauses.add(waits ? 1 : 0);
        }
        return waits;
    }

    /** Takes note that nobody need wait for the source. */
    void idle()
    {
        board.sourceState(SourceState.IDLE);
        if (alignment != null)
        {
            alignment.leave();
        }
    }

    /** Takes note that the source has records again. */
    void active()
    {
        board.sourceState(SourceState.ACTIVE);
        if (alignment != null)
        {
            alignment.come();
        }
    }

    /** Takes note that no record will follow. */
    void ended()
    {
        board.sourceState(SourceState.ENDED);
        if (alignment != null)
        {
            alignment.leave();
        }
    }

    /** Whom the source waits for, or null. */
    AlignmentGroup.Member alignment()
    {
        return alignment;
    }

    /** The record that a function of the user's was handed and has not returned from: its slot, or 0. */
    long currentSlot()
    {
        final long assigning = timestamps.currentSlot();
        return assigning != 0 ? assigning : stamp.currentSlot();
    }

    /** A record of the source, for messages. */
    String show(final long slot)
    {
        return timestamps.show(slot);
    }
}
