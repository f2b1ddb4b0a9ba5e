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
 *   while (outputs have room &amp;&amp; (slots = merge.next()) != 0)
 *   {
 *       if (merge.kind() == KIND_DATA)  process up to slots from merge.address(), merge.stride() apart; merge.consume(processed)
 *       else                            one control slot of merge.channel(); merge.consume(1); a barrier is forwarded when merge.aligned()
 *   }
 *   publish outputs; merge.release()
 * </pre>
 *
 * For the task's thread. What {@code next} returned stays valid until {@link #release()}. When {@code next} returns 0,
 * publish and release before it is called again: slots that are not released can not be moved out of the way.
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
     * @return true right after the {@link #consume} of the slot with which every channel that has not ended has
     *     delivered its barrier
     */
    boolean aligned();

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
