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
     * Sets the cause of the next record; the ones after it count up from there. A replayable source says its position
     * in every poll, and the causes must grow from record to record. Where a job has several sources the engine gives
     * causes of its own.
     *
     * @param cause of the next record: its position in the input
     */
    void nextCause(long cause);
}
