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
package io.millrace.operators.sink.transaction;

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.operators.sink.RecordMetadata;

import java.util.List;

/**
 * First phase of a {@link CommitterTarget}: writes records where nobody sees them, and gives committables that show them. The
 * task's thread; one instance an instance of the sink and life of the job.
 *
 * @param <C> committable: what finds written records again after the process has died
 * @param <V> read-only view of the records
 */
public interface CommittingWriter<C, V> extends AutoCloseable
{
    /**
     * Gets ready; a new writer in each life. What an earlier life wrote and gave no committable for that a snapshot holds is
     * never committed, and may be deleted.
     *
     * @param scope names the job, the sink and the instance
     */
    default void open(final TransactionScope scope)
    {
    }

    /**
     * Writes a record.
     *
     * @param record   valid during the call
     * @param metadata identity and times of the record; valid during the call
     */
    void write(V record, RecordMetadata metadata);

    /**
     * Makes what was written last; before {@link #prepareCommit()}.
     *
     * @param endOfInput whether no record comes any more
     */
    void flush(boolean endOfInput);

    /**
     * Hands over what was written since the call before.
     *
     * @return committables, none when nothing was written; the writer keeps none of them
     */
    List<C> prepareCommit();

    /**
     * Writes a committable into a snapshot.
     *
     * @param committable that waits for its checkpoint
     * @param writer      to write to; some tens of bytes
     */
    void writeCommittable(C committable, BlobWriter writer);

    /**
     * Reads what {@link #writeCommittable} wrote.
     *
     * @param reader over the bytes
     * @return the committable
     */
    C readCommittable(BlobReader reader);

    /** Lets go of what the process holds, and of what no committable was given for. */
    @Override
    default void close()
    {
    }
}
