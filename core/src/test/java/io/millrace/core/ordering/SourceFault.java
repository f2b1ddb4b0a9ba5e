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

/** What sources tell the scans, with others acting in between; and ways to get it wrong. */
public enum SourceFault
{
    /** The rules are kept. */
    NONE,
    /** Rule 18: the end comes with the cause before it, of which scans have been told that it is past. */
    END_WITHOUT_A_PLACE,
    /** Rule 2. */
    FLOOR_AFTER_CLAIM,
    /** Rule 4. */
    IDLE_BEFORE_PUBLISH,
    /** Rule 3. */
    BARRIER_NOT_BEFORE_BATCH;

    /**
     * Adds a source to a clock.
     *
     * @param clock of the job
     * @param id    of the source
     * @param name  of the source
     * @param hook  run where other threads may act
     * @return its progress
     */
    public SourceProgress newProgress(final IngressClock clock, final int id, final String name, final Runnable hook)
    {
        return clock.add(new Progress(clock, id, name, this, hook));
    }

    private static final class Progress extends SourceProgress
    {
        private final SourceFault fault;
        private final Runnable hook;
        private long last = -1;

        private Progress(
            final IngressClock clock, final int id, final String name, final SourceFault fault, final Runnable hook)
        {
            super(clock, id, name);
            this.fault = fault;
            this.hook = hook;
        }

        @Override
        public long claim(final byte kind, final int count, final long clock)
        {
            if (fault == END_WITHOUT_A_PLACE && kind == OrderLog.KIND_END)
            {
                return last;
            }
            last = super.claim(kind, count, clock);
            if (fault == IDLE_BEFORE_PUBLISH)
            {
                idle();
            }
            return last;
        }

        @Override
        public long pendingBroadcast(final long before)
        {
            return fault == BARRIER_NOT_BEFORE_BATCH && before != IngressClock.NONE ? IngressClock.NONE :
                super.pendingBroadcast(before);
        }

        @Override
        long claimBehindFloor()
        {
            if (fault == FLOOR_AFTER_CLAIM)
            {
                final long batch = clock().claimBatch();
                hook.run();
                advance(IngressClock.cause(batch, 0));
                return batch;
            }
            raiseFloor();
            hook.run();
            final long batch = clock().claimBatch();
            hook.run();
            return batch;
        }
    }
}
