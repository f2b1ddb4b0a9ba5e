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
 * An operator's way out. Only the task's thread may call it.
 * <p>
 * Records are never refused: what does not fit into a full ring waits in the task's overflow buffer. A false answer
 * asks the caller to stop as soon as it can, and the task calls it again once there is room.
 * <p>
 * Records go one by one or by the batch, in the order of the calls. An operator with several outputs that sends to more
 * than one of them for a record does so one by one: where the streams meet again, record follows record.
 */
public interface Output
{
    /**
     * A slot to write the next record to, with room for the longest record of the stream's type. Kind and block length
     * are set; who writes a record of variable length sets its length. The slot is the caller's until
     * {@link #commit()}; claiming again without commit gives the same slot.
     *
     * @return address of the slot
     */
    long claim();

    /**
     * Sends the claimed slot on.
     *
     * @return true to go on, false to stop as soon as possible; the record is sent in both cases
     */
    boolean commit();

    /**
     * Sends on a record that lies elsewhere, header and all. It is read before this returns.
     *
     * @param slot address of the record's slot
     * @return true to go on, false to stop as soon as possible; the record is sent in both cases
     */
    boolean forward(long slot);

    /**
     * Slots to write the next records to, each as from {@link #claim()}. What was committed one by one before goes
     * first. Claiming again without commit gives the same slots.
     *
     * @param count number of records, from 1 to {@link BatchProcessor#MAX_BATCH}
     * @return addresses of the slots, the first {@code count} of them; the output's own array, valid until
     *         {@link #commitBatch}
     */
    long[] claimBatch(int count);

    /**
     * Sends the first of the slots that {@link #claimBatch} gave on.
     *
     * @param count number of records, from 1 to what was claimed; the rest is given up
     * @return true to go on, false to stop as soon as possible; the records are sent in both cases
     */
    boolean commitBatch(int count);

    /**
     * Sends on records that lie elsewhere, headers and all. They are read before this returns.
     *
     * @param slots addresses of the records' slots, the first {@code count} of them
     * @param count number of records, from 1 to {@link BatchProcessor#MAX_BATCH}
     * @return true to go on, false to stop as soon as possible; the records are sent in both cases
     */
    boolean forwardBatch(long[] slots, int count);
}
