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
package io.millrace.core.testing;

import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.StateContext;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaChunk;
import io.millrace.memory.table.DeltaChunks;
import io.millrace.memory.table.DeltaReader;

import java.util.ArrayList;
import java.util.List;

/** The state of an operator under test, opened when it is first asked for, and what its snapshots brought. */
final class CapturedState implements AutoCloseable
{
    private static final int CHUNK_LENGTH = 1 << 16;

    private final MemoryAccount account;
    private final DeltaChunks outlet;
    private final List<byte[]> chunks = new ArrayList<>();
    private StateBackendFactory factory = OffHeapBackend.factory();
    private StateBackend backend;

    CapturedState(final MemoryAccount account)
    {
        this.account = account;
        this.outlet = new DeltaChunks(account, "snapshot", CHUNK_LENGTH, 1);
    }

    void factory(final StateBackendFactory newFactory)
    {
        factory = newFactory;
    }

    DeltaChunks outlet()
    {
        return outlet;
    }

    StateBackend open(final StateContext context)
    {
        if (backend == null)
        {
            backend = factory.open(context);
        }
        return backend;
    }

    /** Puts back what {@link #snapshot} gave. */
    void restore(final List<byte[]> snapshot)
    {
        final DeltaReader reader = new DeltaReader();
        for (final byte[] chunk : snapshot)
        {
            chunks.add(chunk);
            try (Region region = Region.allocate(account, "restored chunk", Math.max(1, chunk.length)))
            {
                Memory.copyIn(chunk, 0, region.address(), chunk.length);
                reader.wrap(region.address(), chunk.length);
                while (reader.nextRun())
                {
                    if (backend == null || !backend.restore(reader))
                    {
                        throw new IllegalStateException("the operator declares no state with stateId=" +
                            reader.stateId());
                    }
                }
            }
        }
    }

    /** All that a restore needs: every delta since the last full one. */
    List<byte[]> snapshot(final boolean full)
    {
        if (backend != null)
        {
            if (full)
            {
                chunks.clear();
            }
            backend.barrier(full);
            while (backend.sweep(1) != 0)
            {
                takeChunks();
            }
            takeChunks();
        }
        return chunks;
    }

    private void takeChunks()
    {
        for (DeltaChunk chunk = outlet.poll(); chunk != null; chunk = outlet.poll())
        {
            final byte[] bytes = new byte[chunk.length()];
            Memory.copyOut(chunk.address(), bytes, 0, bytes.length);
            chunks.add(bytes);
            outlet.recycle(chunk);
        }
    }

    @Override
    public void close()
    {
        if (backend != null)
        {
            backend.close();
        }
        outlet.close();
    }
}
