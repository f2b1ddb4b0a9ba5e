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
package io.millrace.core.runtime;

import io.millrace.core.savepoint.SavepointEntries;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateIds;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaDescriptor;
import io.millrace.memory.table.DeltaReader;

/** Hands entries of savepoints to state backends, as the runs of a delta. */
final class StateFeed implements SavepointEntries, AutoCloseable
{
    private static final int CHUNK_LENGTH = 1 << 16;

    private final Region chunk;
    private final DeltaReader reader = new DeltaReader();
    private StateConversion conversion;
    private StateBackend backend;
    private int stateId;
    private long fed;

    StateFeed(final MemoryAccount account)
    {
        chunk = Region.allocate(account, "entries of a savepoint", CHUNK_LENGTH);
    }

    /** Turns to the state of an instance. */
    StateFeed to(
        final StateBackend newBackend,
        final String uid,
        final String state,
        final int subtask,
        final StateConversion newConversion)
    {
        backend = newBackend;
        stateId = StateIds.of(uid, state, subtask);
        conversion = newConversion;
        return this;
    }

    /** Entries that were handed on since the last call. */
    long takeFed()
    {
        final long count = fed;
        fed = 0;
        return count;
    }

    @Override
    public void entries(final long slice, final long address, final int count)
    {
        final int length = conversion.length();
        final int most = (CHUNK_LENGTH - DeltaDescriptor.RUN_HEADER_LENGTH) / length;
        int done = 0;
        while (done < count)
        {
            final int batch = Math.min(most, count - done);
            final long run = chunk.address();
            Memory.putInt(run + DeltaDescriptor.STATE_ID_OFFSET, stateId);
            Memory.putInt(run + DeltaDescriptor.KIND_OFFSET, DeltaDescriptor.UPSERT);
            Memory.putInt(run + DeltaDescriptor.COUNT_OFFSET, batch);
            Memory.putInt(run + DeltaDescriptor.ENTRY_LENGTH_OFFSET, length);
            Memory.putLong(run + DeltaDescriptor.NAMESPACE_OFFSET, slice);
            for (int i = 0; i < batch; i++)
            {
                conversion.convert(address + (long)(done + i) * conversion.storedLength(),
                    run + DeltaDescriptor.RUN_HEADER_LENGTH + (long)i * length);
            }
            reader.wrap(run, DeltaDescriptor.RUN_HEADER_LENGTH + (long)batch * length);
            reader.nextRun();
            if (!backend.restore(reader))
            {
                throw new IllegalStateException("stateId=" + stateId +
                    " is declared, and its backend does not take it: a bug of the backend, report it");
            }
            done += batch;
        }
        fed += count;
    }

    @Override
    public void close()
    {
        chunk.close();
    }
}
