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

/**
 * Where the entrance writes down, once, what no replay could guess: one entry an ingress batch, at the index of the
 * batch.
 * <p>
 * Consecutive entries of one source differ in their batch by one and mostly in nothing but the clock else, so a log
 * that lasts stores them run-length encoded. {@link OrderLogRing} takes the entries to the thread that does.
 */
public interface OrderLog
{
    /** Entry of records: count says how many; 0 is the place of the source's last watermark, no records follow. */
    byte KIND_RECORDS = 1;
    /** Entry that only moves the engine's clock. */
    byte KIND_TICK = 2;
    /** Entry of a checkpoint barrier: value is the checkpoint id. */
    byte KIND_BARRIER = 3;
    /** Entry of a source's end. */
    byte KIND_END = 4;
    /** Entry of a source that went idle. */
    byte KIND_IDLE = 5;
    /** Entry of a source that is active again. The engine writes none: an idle source's next records say so. */
    byte KIND_ACTIVE = 6;
    /**
     * Entry of a merge by arrival: it took so many records of a channel, which is the value, or with a count of 0 one control
     * slot. What comes of them has the entry's cause.
     */
    byte KIND_RUN = 7;

    /** Source id of entries that every source injects. */
    int EVERY_SOURCE = -1;

    /**
     * Asked by a source before it claims a batch; true holds for the claim that follows.
     *
     * @param nextBatch the counter, as read just now
     * @return false when the log is behind: claim later
     */
    boolean hasRoom(long nextBatch);

    /**
     * Writes the entry of a claimed batch. Any thread; the batch belongs to the caller.
     *
     * @param batch  claimed
     * @param kind   one of the constants here
     * @param source id, or {@link #EVERY_SOURCE}
     * @param count  of records, 0 for kinds without
     * @param value  checkpoint id of a barrier, channel of a run, else 0
     * @param clock  of the engine from this entry on, in milliseconds since the epoch; 0 in a job that has no use for it
     */
    void append(long batch, byte kind, int source, int count, long value, long clock);

    /**
     * Any thread; an acquiring load.
     *
     * @return the batch up to which, itself included, every entry will survive the failures that the job promises to
     *     survive
     */
    long durableBatch();

    /**
     * Whether output of a cause may be shown: a sink that shows output at once asks it.
     *
     * @param cause of the output
     * @return true when the order up to the cause is durable
     */
    default boolean isDurable(final long cause)
    {
        return cause >>> SlotDescriptor.CAUSE_INDEX_BITS <= durableBatch();
    }
}
