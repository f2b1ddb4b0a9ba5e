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
package io.millrace.checkpoint.journal;

import io.millrace.checkpoint.files.StorageFailedException;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * What a writer finds at the end of a journal, and who wrote it last.
 *
 * @param incarnation the highest there is, good frames or not; 0 when there is none
 * @param nextFrame   number that the next frame gets
 * @param lastCause   of the last output identity
 * @param lastOrdinal of the last output identity
 * @param ended       whether the journal was ended
 * @param damage      what is wrong with the frame behind the last good one, or null
 */
record JournalTail(int incarnation, long nextFrame, long lastCause, long lastOrdinal, boolean ended, String damage)
{
    private static final String QUEUE_METADATA = "metadata.cq4t";

    /**
     * Finds the tail: reads the last incarnation whole, and the one before when that has no good frame. Only for who
     * holds the lock.
     *
     * @param clean whether the writer before stopped cleanly
     */
    static JournalTail find(final JournalContext context, final boolean clean)
    {
        final List<Incarnation> incarnations = Incarnation.list(context.directory());
        if (!clean)
        {
            incarnations.forEach(JournalTail::dropMetadata);
        }
        if (incarnations.isEmpty())
        {
            return new JournalTail(0, 0, 0, 0, false, null);
        }
        final int last = incarnations.size() - 1;
        final int number = incarnations.get(last).number();
        final long first = incarnations.get(last).firstFrame();
        JournalTail tail = scan(context, incarnations.get(last), number, null);
        for (int i = last - 1; i >= 0 && tail.nextFrame == first && !tail.ended; i--)
        {
            final String damage = tail.damage;
            final JournalTail before = scan(context, incarnations.get(i), number, incarnations.get(i + 1));
            tail = new JournalTail(number, first, before.lastCause, before.lastOrdinal, false, damage);
            if (incarnations.get(i).firstFrame() < first)
            {
                break;
            }
        }
        return tail;
    }

    private static JournalTail scan(
        final JournalContext context, final Incarnation incarnation, final int highest, final Incarnation next)
    {
        final LastFrame last = new LastFrame(context);
        try (QueueScan scan = new QueueScan(context, incarnation))
        {
            scan.run(next == null ? Long.MAX_VALUE : next.firstFrame(), last);
            if (next != null && scan.expected() < next.firstFrame())
            {
                throw JournalReader.missing(context, incarnation, scan.expected(), scan.damage(), next);
            }
            return new JournalTail(highest, scan.expected(), last.cause, last.ordinal, last.ended, scan.damage());
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot read journal directory=" + incarnation.path(), exception);
        }
    }

    /** Keeps what the latest frame says. */
    private static final class LastFrame implements QueueScan.Visitor
    {
        private final JournalContext context;
        private long cause;
        private long ordinal;
        private boolean ended;

        LastFrame(final JournalContext context)
        {
            this.context = context;
        }

        @Override
        public void onFrame(final long frame)
        {
            cause = FrameDescriptor.lastCause(frame);
            ordinal = FrameDescriptor.lastOrdinal(frame);
            ended = FrameDescriptor.kind(frame) == FrameDescriptor.KIND_END;
            if (FrameDescriptor.kind(frame) == FrameDescriptor.KIND_SCHEMA)
            {
                JournalReader.checkSchema(context, JournalReader.readSchema(frame));
            }
        }
    }

    /** The queue's list of its own files: mapped, never synced, and made anew from the directory when it is gone. */
    private static void dropMetadata(final Incarnation incarnation)
    {
        try
        {
            Files.deleteIfExists(incarnation.path().resolve(QUEUE_METADATA));
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot delete " + incarnation.path().resolve(QUEUE_METADATA), exception);
        }
    }
}
