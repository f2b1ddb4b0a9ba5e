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

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;

/**
 * A step of a chain. Every call comes from the task's thread, between {@link #open} and {@link #close}.
 * <p>
 * Records come as addresses of slots (see {@link io.millrace.memory.record.SlotDescriptor}), valid during the call.
 */
public interface Operator extends AutoCloseable
{
    /**
     * The most results that one call of {@link #watermark} makes before it returns false, whether or not the outputs are
     * full: a watermark that closes a million windows does not hold up what else runs on the thread.
     */
    int MAX_FIRINGS = 4096;

    /**
     * Gets ready: takes outputs and state from the context, and keeps what it needs of them.
     *
     * @param context of this instance
     */
    void open(OperatorContext context);

    /**
     * Processes one record.
     *
     * @param slot address of the record's slot
     * @return what the output said: false to stop as soon as possible; the record is processed in both cases
     */
    boolean process(long slot);

    /**
     * Takes note that no record with a timestamp at or below the watermark will follow, except late ones. What it emits
     * here goes before the watermark.
     *
     * @param slot address of a control slot: the watermark is its timestamp, cause and ingress time are for what is
     *             emitted
     * @return true when done; false to be called again, with the same slot, once the outputs have room, or after
     *         {@link #MAX_FIRINGS} results
     */
    default boolean watermark(final long slot)
    {
        return true;
    }

    /**
     * Takes note that processing time has grown: {@link io.millrace.core.time.ProcessingClock#time()} says the same. Only
     * in jobs with an operator that says that it uses processing time. What it emits here goes before the tick.
     *
     * @param slot address of a control slot: the time, in the pipeline's unit, is its timestamp, cause and ingress time
     *             are for what is emitted
     * @return true when done; false to be called again, with the same slot, once the outputs have room, or after
     *         {@link #MAX_FIRINGS} results
     */
    default boolean processingTime(final long slot)
    {
        return true;
    }

    /**
     * Takes note that nothing will follow: the last watermark, {@link Long#MAX_VALUE}, and where there are checkpoints
     * the last one, are past. What is due at the end is emitted at that watermark, so that it is part of the last
     * checkpoint; what is emitted here is not.
     *
     * @param slot address of a control slot
     * @return true when done; false to be called again, with the same slot, once the outputs have room
     */
    default boolean finish(final long slot)
    {
        return true;
    }

    /** Called when the task's input is empty: time to show what was held back to make a batch. */
    default void idle()
    {
    }

    /**
     * Called at a barrier, before {@link #snapshot}: everything held back must leave now, as it belongs to this
     * checkpoint.
     *
     * @param checkpointId of the barrier
     */
    default void prepareSnapshot(final long checkpointId)
    {
    }

    /**
     * Writes what is not in a keyed table: a few words, as the task stands still meanwhile.
     *
     * @param writer to write to
     */
    default void snapshot(final BlobWriter writer)
    {
    }

    /**
     * Reads what {@link #snapshot} wrote. Called after {@link #open} and after the tables were restored, only when
     * there is a snapshot.
     *
     * @param reader over the bytes
     */
    default void restore(final BlobReader reader)
    {
    }

    /**
     * Called once, after {@link #open} and, where there is a snapshot, {@link #restore}, before the first record: who was
     * not restored by now begins from nothing. Comes from the thread that starts the job.
     */
    default void start()
    {
    }

    /**
     * Takes note that a checkpoint, and so every one before it, will survive.
     *
     * @param checkpointId of the completed checkpoint
     */
    default void checkpointComplete(final long checkpointId)
    {
    }

    /**
     * The slot of the record that the operator is working on, for the message of a failure.
     *
     * @return its address, or 0 when there is none or it is not known
     */
    default long currentSlot()
    {
        return 0;
    }

    /**
     * The record that the operator is working on, for the message of a failure.
     *
     * @return its fields as text, or null when there is none or it is not known
     */
    default String currentRecord()
    {
        return null;
    }

    @Override
    default void close()
    {
    }
}
