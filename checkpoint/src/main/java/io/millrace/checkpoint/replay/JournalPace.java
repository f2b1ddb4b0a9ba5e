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
package io.millrace.checkpoint.replay;

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalPosition;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.core.operator.Source;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.record.SlotDescriptor;

import java.util.Arrays;

/**
 * Reads a journal beside the source that replays it, a record ahead: says how far apart records came, and which causes they
 * have in a job without an order log.
 */
final class JournalPace implements AutoCloseable
{
    private final JournalReader reader;
    private boolean open;
    private int incarnation;
    private long ingressTime;
    private long cause;
    private long offset;

    /**
     * A reader at the place of a source.
     *
     * @param journal that the source reads
     * @param source  a journal's source, to be asked for its position
     */
    JournalPace(final JournalContext journal, final Source source)
    {
        this.reader = JournalReader.open(journal);
        reader.seek(position(source));
        open = reader.poll() == JournalReader.FRAME;
        next(true);
    }

    private static JournalPosition position(final Source source)
    {
        final BlobWriter writer = new BlobWriter();
        source.snapshot(writer);
        final BlobReader blob = new BlobReader("position of a journal", Arrays.copyOf(writer.bytes(), writer.length()));
        final int incarnation = blob.getInt();
        return new JournalPosition(incarnation, blob.getLong(), blob.getLong(), blob.getInt());
    }

    /** Whether there is a next record. */
    boolean hasNext()
    {
        return open;
    }

    /** Nanoseconds from the first record to the next one. */
    long offset()
    {
        return offset;
    }

    /** Cause of the next record in a job without an order log. */
    long cause()
    {
        return cause;
    }

    /** Goes to the record behind. */
    void next()
    {
        next(false);
    }

    private void next(final boolean first)
    {
        long slot = open ? reader.nextRecord() : 0;
        while (open && slot == 0)
        {
            open = reader.poll() == JournalReader.FRAME;
            slot = open ? reader.nextRecord() : 0;
        }
        if (slot != 0)
        {
            final long time = SlotDescriptor.ingressTime(slot);
            offset += first || reader.incarnation() != incarnation ? 0 : Math.max(0, time - ingressTime);
            incarnation = reader.incarnation();
            ingressTime = time;
            cause = reader.cause();
        }
    }

    @Override
    public void close()
    {
        reader.close();
    }
}
