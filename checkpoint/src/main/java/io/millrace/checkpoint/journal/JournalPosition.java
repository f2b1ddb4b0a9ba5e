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
package io.millrace.checkpoint.journal;

import io.millrace.memory.Memory;

/**
 * A place between two records of a journal: everything before it was read. A source stores it in a checkpoint and seeks
 * to it after a restart.
 *
 * @param incarnation of the writer that wrote the frame, from 1; 0 in {@link #START}
 * @param queuePlace  of the frame's document in that incarnation's queue: its file's day and its position in the file
 * @param frameNumber of the frame
 * @param record      index in the frame of the record to read next; its record count when all of it was read
 */
public record JournalPosition(int incarnation, long queuePlace, long frameNumber, int record)
{
    /** Before the first record. */
    public static final JournalPosition START = new JournalPosition(0, 0, 0, 0);

    /** Bytes that {@link #write} takes. */
    public static final int LENGTH = 24;

    /**
     * Writes the position: place, frame number (8 bytes each), incarnation, record (4 bytes each).
     *
     * @param address of {@link #LENGTH} bytes
     */
    public void write(final long address)
    {
        Memory.putLong(address, queuePlace);
        Memory.putLong(address + 8, frameNumber);
        Memory.putInt(address + 16, incarnation);
        Memory.putInt(address + 20, record);
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param address of {@link #LENGTH} bytes
     * @return the position
     */
    public static JournalPosition read(final long address)
    {
        return new JournalPosition(
            Memory.getInt(address + 16),
            Memory.getLong(address),
            Memory.getLong(address + 8),
            Memory.getInt(address + 20));
    }
}
