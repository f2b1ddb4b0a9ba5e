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

/**
 * What a task with several input channels reads instead of a ring: runs of slots, each from one channel.
 *
 * <pre>
 *   int slots;
 *   while ((slots = merge.next()) != 0)
 *   {
 *       if (merge.kind() == KIND_DATA)  process slots from merge.address(), merge.stride() apart, and
 *                                       merge.consume(1) each, or many at once
 *       else                            one control slot of merge.channel(); aligned() and ending() say
 *                                       whether to forward it; merge.consume(1)
 *       when an output is full: stop, without consuming the slot whose outputs are not all written
 *   }
 *   publish all outputs; merge.release()
 * </pre>
 *
 * Both last steps are taken whenever the task returns, also when it is stuck in the middle of a slot's outputs: a slot
 * that was processed and not released holds back merges downstream, and one that was released before its outputs are
 * visible is invisible to them. What {@code next} returned stays valid until it is consumed and released. Several runs
 * may be consumed before a release, but when {@code next} returns 0, release before it is called again: slots that are
 * not released can not be moved out of the way.
 * <p>
 * For the task's thread.
 */
public interface InputMerge extends AutoCloseable
{
    /** The most slots in one run, unless one record takes more. */
    int MAX_RUN_SLOTS = 64;

    /**
     * The run to be processed now: what is left of the one before, or another. A run is of data slots of one channel,
     * of whole records, or it is one control slot.
     *
     * @return its length in slots, 0 when nothing may be released now
     */
    int next();

    /**
     * @return channel of the run
     */
    int channel();

    /**
     * @return address of the first slot of the run that was not consumed
     */
    long address();

    /**
     * @return bytes from slot to slot
     */
    int stride();

    /**
     * @return kind of the run's slots, a constant of {@code SlotDescriptor}
     */
    byte kind();

    /**
     * Moves on in the run, by whole records.
     *
     * @param slots at most what {@link #next()} returned
     */
    void consume(int slots);

    /**
     * Asked between {@link #next()} and {@link #consume}.
     *
     * @return true when with this slot every channel has delivered the barrier or ended: snapshot, and forward the barrier
     */
    boolean aligned();

    /**
     * Says whether a channel that has brought a barrier is blocked until all have, as it is at first. Not blocked,
     * what comes behind the barrier on one channel may be processed before the snapshot, and again after a restart: at
     * least once. Before the first {@link #next()}.
     *
     * @param untilAligned false to block none
     */
    void blocking(boolean untilAligned);

    /**
     * @return true when a barrier has come on some channels and not on all
     */
    boolean aligning();

    /** Goes on with the channels that are blocked, for a checkpoint that was given up; its barrier is counted on. */
    void unblock();

    /**
     * Asked between {@link #next()} and {@link #consume}.
     *
     * @return true when with this slot every channel has ended: forward the END
     */
    boolean ending();

    /**
     * @return true when the END slot of every channel was consumed
     */
    boolean ended();

    /**
     * Gives the consumed slots back to their producers. The outputs that they caused must have been published before.
     */
    void release();

    /** Frees what the merge owns; its rings are not its own. */
    @Override
    void close();
}
