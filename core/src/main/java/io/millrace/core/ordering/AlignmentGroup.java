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

import java.util.ArrayList;
import java.util.List;

/**
 * Sources that wait for each other (SEMANTICS WM-13): each shows its watermark in a word of its own, and one that is
 * ahead of the least by more than its drift does not go on. Members join while the job is built; later on each word is
 * written by its source's thread, and read by those of the others, only before a source takes new records.
 * <p>
 * It cannot lock up. Of the members that count, the one with the least word is ahead of nobody, so it goes on whenever it
 * has records and room; and its room does not hang on the members that wait, as these are to merges what a source without
 * input is. Words are read one after the other, while they grow: what is read too low makes a source wait a poll longer.
 */
public final class AlignmentGroup
{
    /** Word of a member that does not count: it has no watermark yet. */
    private static final long NOT_BEGUN = Long.MIN_VALUE;
    /** Word of a member that does not count: it has ended, or is idle. */
    private static final long ABSENT = Long.MAX_VALUE;

    private final String name;
    private final List<Member> members = new ArrayList<>();

    /**
     * A group without members.
     *
     * @param name for messages
     */
    public AlignmentGroup(final String name)
    {
        this.name = name;
    }

    /**
     * Adds a source, before the job runs.
     *
     * @param source   name of the source's task, for messages
     * @param maxDrift by which it may be ahead, in the pipeline's time unit; 0 or more
     * @return what the source shows its watermark with
     */
    public Member join(final String source, final long maxDrift)
    {
        final Member member = new Member(source, maxDrift);
        members.add(member);
        return member;
    }

    private Member least()
    {
        Member least = null;
        long lowest = ABSENT;
        for (int i = 0; i < members.size(); i++)
        {
            final long watermark = members.get(i).shown.getAcquire();
            if (watermark != NOT_BEGUN && watermark < lowest)
            {
                lowest = watermark;
                least = members.get(i);
            }
        }
        return least;
    }

    /** A source of the group. For the source's thread, except what says otherwise. */
    public final class Member
    {
        private final String source;
        private final long maxDrift;
        private final PaddedLong shown = new PaddedLong(NOT_BEGUN);
        private long watermark = NOT_BEGUN;

        private Member(final String source, final long maxDrift)
        {
            this.source = source;
            this.maxDrift = maxDrift;
        }

        /**
         * Shows how far the source has got; it counts from now on.
         *
         * @param newWatermark of the source
         */
        public void watermark(final long newWatermark)
        {
            watermark = newWatermark;
            shown.setRelease(newWatermark);
        }

        /** Does not count any more: the source has come to its end, or is idle. */
        public void leave()
        {
            shown.setRelease(ABSENT);
        }

        /** Counts again, with the watermark that it had. */
        public void come()
        {
            shown.setRelease(watermark);
        }

        /**
         * Whether the source has to wait: its watermark is ahead of the least by more than its drift.
         *
         * @return false to go on
         */
        public boolean waits()
        {
            final long own = watermark;
            if (own < Long.MIN_VALUE + maxDrift || own == NOT_BEGUN || own == ABSENT)
            {
                return false;
            }
            // The least of the others is ahead of this when it is the only one that counts.
            final long bound = own - maxDrift;
            for (int i = 0; i < members.size(); i++)
            {
                final long other = members.get(i).shown.getAcquire();
                if (other != NOT_BEGUN && other < bound)
                {
                    return true;
                }
            }
            return false;
        }

        /**
         * Name of the group; any thread.
         *
         * @return as given
         */
        public String group()
        {
            return name;
        }

        /**
         * The source that is behind all others; any thread.
         *
         * @return name of its task, or null when no member counts
         */
        public String waitsFor()
        {
            final Member least = least();
            return least == null ? null : least.source;
        }
    }
}
