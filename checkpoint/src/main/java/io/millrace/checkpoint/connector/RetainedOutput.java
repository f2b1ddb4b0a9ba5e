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
package io.millrace.checkpoint.connector;

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.checkpoint.journal.JournalWriter;
import io.millrace.memory.record.SlotDescriptor;

/**
 * What a sink's journal held when it was opened, read beside what comes again after a restart: record by record they
 * must be the same, up to the last identity that the journal holds.
 */
public final class RetainedOutput implements AutoCloseable
{
    private final JournalContext context;
    private final String sink;
    private final JournalReader reader;
    private final long lastCause;
    private final long lastOrdinal;
    private long next;

    private RetainedOutput(final JournalContext context, final JournalWriter writer, final String sink)
    {
        this.context = context;
        this.sink = sink;
        this.lastCause = writer.lastCause();
        this.lastOrdinal = writer.lastOrdinal();
        this.reader = JournalReader.open(context);
        this.next = read();
    }

    /**
     * Opens what a journal holds.
     *
     * @param context of the journal
     * @param writer  just opened on it
     * @param sink    name for messages
     * @return the records, or null when there are none
     */
    public static RetainedOutput open(final JournalContext context, final JournalWriter writer, final String sink)
    {
        final RetainedOutput retained = new RetainedOutput(context, writer, sink);
        if (retained.next == 0)
        {
            retained.close();
            return null;
        }
        return retained;
    }

    /**
     * Skips everything that was written before a checkpoint.
     *
     * @param cause   of the last record before the checkpoint, -1 when there was none
     * @param ordinal of that record
     * @return false when nothing is left
     */
    public boolean skipTo(final long cause, final long ordinal)
    {
        if (lastCause < cause || lastCause == cause && lastOrdinal < ordinal)
        {
            throw new IllegalStateException("sink " + sink + " was restored to cause=" + cause + " ordinal=" + ordinal +
                ", but journal=" + context.directory() + " ends at cause=" + lastCause + " ordinal=" + lastOrdinal +
                ": output that the checkpoint counts on is lost; bring the journal back, or begin afresh");
        }
        while (next != 0 && (SlotDescriptor.cause(next) < cause ||
            SlotDescriptor.cause(next) == cause && SlotDescriptor.ingressTime(next) <= ordinal))
        {
            next = read();
        }
        return next != 0;
    }

    /**
     * Whether the journal holds a record already.
     *
     * @param slot    address of the record's slot
     * @param cause   of the record
     * @param ordinal of the record
     * @return true when it does, byte for byte; false when the journal ends before it
     * @throws IllegalStateException when it holds another one in its place
     */
    public boolean holds(final long slot, final long cause, final long ordinal)
    {
        if (next == 0)
        {
            return false;
        }
        if (SlotDescriptor.cause(next) != cause || SlotDescriptor.ingressTime(next) != ordinal ||
            SlotDescriptor.timestamp(next) != SlotDescriptor.timestamp(slot) || !SlotDescriptor.samePayload(slot, next))
        {
            throw new IllegalStateException("replay diverged at cause=" + cause + " ordinal=" + ordinal + " timestamp=" +
                SlotDescriptor.timestamp(slot) + ", sink " + sink + ": journal=" + context.directory() + " holds cause=" +
                SlotDescriptor.cause(next) + " ordinal=" + SlotDescriptor.ingressTime(next) + " timestamp=" +
                SlotDescriptor.timestamp(next) +
                (SlotDescriptor.samePayload(slot, next) ? " with the same content" : " with other content") +
                ": the job's code has changed, or a function depends on more than its input");
        }
        next = read();
        return true;
    }

    private long read()
    {
        long record = next == 0 ? 0 : reader.nextRecord();
        while (record == 0)
        {
            if (reader.poll() != JournalReader.FRAME)
            {
                return 0;
            }
            record = reader.nextRecord();
        }
        return record;
    }

    @Override
    public void close()
    {
        reader.close();
    }
}
