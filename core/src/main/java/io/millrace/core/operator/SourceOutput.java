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
package io.millrace.core.operator;

/**
 * A source's way out: it stamps each record with its event time, cause and ingress time, and watches the watermark.
 */
public interface SourceOutput
{
    /**
     * A slot to write the next record to; its payload starts
     * {@link io.millrace.memory.record.SlotDescriptor#HEADER_LENGTH} bytes behind. Claiming again without commit gives
     * the same slot.
     *
     * @return address of the slot
     */
    long claim();

    /**
     * Sends the claimed slot on.
     *
     * @return true to go on, false to return from {@link Source#poll}; the record is sent in both cases
     */
    boolean commit();

    /**
     * Slots to write the next records to, each as from {@link #claim()}. For a source that can make a record again.
     *
     * @param count number of records, from 1 to {@link BatchProcessor#MAX_BATCH} and at most what the poll may still
     *              emit
     * @return addresses of the slots, the first {@code count} of them; valid until {@link #commitBatch}
     */
    long[] claimBatch(int count);

    /**
     * Sends the claimed slots on, up to the first record behind which a watermark is due. A source that calls this
     * returns from {@link Source#poll} then. Where watermarks are due often, the limits of the polls that follow are
     * small.
     *
     * @param count number of records, from 1 to what was claimed
     * @return number of records that were sent, from 1 to {@code count}; the source brings the others again in its next
     *         poll
     */
    int commitBatch(int count);

    /**
     * Sets the cause of the next record; the ones after it count up from there. A replayable source says its position
     * in every poll, and the causes must grow from record to record. Where a job has several sources the engine gives
     * causes of its own.
     *
     * @param cause of the next record: its position in the input
     */
    void nextCause(long cause);
}
