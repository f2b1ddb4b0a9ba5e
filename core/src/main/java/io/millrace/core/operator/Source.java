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
 * Where records enter. Every call comes from the task's thread, between {@link #open} and {@link #close}; none may
 * block.
 */
public interface Source extends AutoCloseable
{
    /**
     * Gets ready to read from the start, or from where {@link #restore} will say.
     *
     * @param context of this instance
     */
    void open(OperatorContext context);

    /**
     * Emits what is there, until the output says stop or the limit is reached.
     *
     * @param output to claim slots from; the source writes the payload, the engine the header
     * @param limit  the most records to emit, above 0
     * @return number of records emitted; 0 when none is there now
     */
    int poll(SourceOutput output, int limit);

    /**
     * Whether the input has come to its end. Asked after {@link #poll} emitted nothing.
     *
     * @return true when no record will follow
     */
    boolean finished();

    /**
     * Writes the position of the next record.
     *
     * @param writer to write to
     */
    void snapshot(BlobWriter writer);

    /**
     * Goes to a position that {@link #snapshot} wrote. Called after {@link #open}.
     *
     * @param reader over the bytes
     */
    void restore(BlobReader reader);

    /**
     * Whether what was emitted after the position comes again after a restart. Asked when it was opened and restored.
     *
     * @return false when it is lost
     */
    default boolean replayable()
    {
        return true;
    }

    /**
     * How many bytes of records, without their headers, it has emitted, for checkpoints by bytes. Not asked where
     * records have a fixed length. Asked after each poll; of no use when it depends on anything but the records.
     *
     * @return bytes since it was opened, or -1 when it cannot tell
     */
    default long emittedBytes()
    {
        return -1;
    }

    /**
     * Takes note that a checkpoint, and so every one before it, will survive.
     *
     * @param checkpointId of the completed checkpoint
     */
    default void checkpointComplete(final long checkpointId)
    {
    }

    @Override
    default void close()
    {
    }
}
