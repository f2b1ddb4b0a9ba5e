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
package io.millrace.checkpoint.backend;

import io.millrace.core.state.HashedBackend;
import io.millrace.core.state.KeyGroupRange;
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

/** A backend with an outlet of its own, and snapshots as lists of chunks. */
final class TestState implements AutoCloseable
{
    final HashedBackend backend;
    private final MemoryAccount account;
    private final DeltaChunks outlet;

    TestState(final StateBackendFactory factory, final String operator, final MemoryAccount account)
    {
        this(factory, operator, 0, account, new DeltaChunks(account, "chunks", 1 << 12, 2));
    }

    TestState(
        final StateBackendFactory factory,
        final String operator,
        final int subtask,
        final MemoryAccount account,
        final DeltaChunks outlet)
    {
        this.account = account;
        this.outlet = outlet;
        try
        {
            backend = new HashedBackend(factory.open(new StateContext(
                "job", operator, subtask, KeyGroupRange.of(0, 1, 128), account, outlet)), operator);
        }
        catch (final RuntimeException failure)
        {
            closeOutlet();
            throw failure;
        }
    }

    /** Sweeps a snapshot to its end, and does something between the steps. */
    List<byte[]> sweepAll(final int step, final Runnable between)
    {
        final List<byte[]> delta = new ArrayList<>();
        while (backend.sweep(step) != 0)
        {
            between.run();
        }
        for (DeltaChunk chunk = outlet.poll(); chunk != null; chunk = outlet.poll())
        {
            final byte[] bytes = new byte[chunk.length()];
            Memory.copyOut(chunk.address(), bytes, 0, bytes.length);
            delta.add(bytes);
            outlet.recycle(chunk);
        }
        return delta;
    }

    /** Restores chunks; false when a run of them was left alone. */
    boolean restore(final List<byte[]> chain)
    {
        final DeltaReader reader = new DeltaReader();
        boolean all = true;
        for (final byte[] bytes : chain)
        {
            try (Region region = Region.allocate(account, "chunk", Math.max(1, bytes.length)))
            {
                Memory.copyIn(bytes, 0, region.address(), bytes.length);
                reader.wrap(region.address(), bytes.length);
                while (reader.nextRun())
                {
                    all &= backend.restore(reader);
                }
            }
        }
        return all;
    }

    @Override
    public void close()
    {
        backend.close();
        closeOutlet();
    }

    private void closeOutlet()
    {
        if (outlet != null)
        {
            outlet.close();
        }
    }
}
