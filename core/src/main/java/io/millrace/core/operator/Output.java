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
}
