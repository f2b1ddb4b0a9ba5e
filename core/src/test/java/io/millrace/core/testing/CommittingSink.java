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

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.record.SlotDescriptor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Commits in two phases: what came up to a barrier is kept in its checkpoint, and committed when that is complete or
 * restored. It can have a fault.
 */
public final class CommittingSink implements Operator
{
    private final ReadingFlyweight view = new ReadingFlyweight();
    private final TreeMap<Long, List<Long>> pending = new TreeMap<>();
    private final Committed committed;
    private final TransactionFault fault;
    private final Runnable hook;
    private List<Long> current = new ArrayList<>();
    private int subtask;

    /**
     * A sink.
     *
     * @param committed takes what is committed
     * @param fault     of the sink
     * @param hook      run around each commit
     */
    public CommittingSink(final Committed committed, final TransactionFault fault, final Runnable hook)
    {
        this.committed = committed;
        this.fault = fault;
        this.hook = hook;
    }

    @Override
    public void open(final OperatorContext context)
    {
        subtask = context.subtask();
    }

    @Override
    public boolean process(final long slot)
    {
        view.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        current.add(view.value());
        return true;
    }

    @Override
    public void prepareSnapshot(final long checkpointId)
    {
        hook.run();
        if (fault == TransactionFault.COMMITS_AT_PRE_COMMIT)
        {
            commit(checkpointId, current);
        }
        else
        {
            pending.put(checkpointId, current);
        }
        current = new ArrayList<>();
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putInt(pending.size());
        pending.forEach((checkpointId, values) ->
        {
            writer.putLong(checkpointId).putInt(values.size());
            values.forEach(writer::putLong);
        });
    }

    @Override
    public void restore(final BlobReader reader)
    {
        final int transactions = reader.getInt();
        for (int i = 0; i < transactions; i++)
        {
            final long checkpointId = reader.getLong();
            final int count = reader.getInt();
            final List<Long> values = new ArrayList<>();
            for (int j = 0; j < count; j++)
            {
                values.add(reader.getLong());
            }
            if (fault != TransactionFault.FORGETS_PENDING)
            {
                commit(checkpointId, values);
            }
        }
    }

    @Override
    public void checkpointComplete(final long checkpointId)
    {
        hook.run();
        final Map<Long, List<Long>> complete = pending.headMap(checkpointId, true);
        complete.forEach(this::commit);
        complete.clear();
    }

    private void commit(final long checkpointId, final List<Long> values)
    {
        committed.commit(subtask + "/" + checkpointId, values);
    }
}
