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

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;

/** A source that emits what a gate allows. */
final class GatedSource implements SourceInFront
{
    private final Source source;
    private final SourceGate gate;
    private final String uid;
    private final int subtask;
    private boolean held;

    GatedSource(final Source source, final SourceGate gate, final String uid, final int subtask)
    {
        this.source = source;
        this.gate = gate;
        this.uid = uid;
        this.subtask = subtask;
    }

    @Override
    public Source behind()
    {
        return source;
    }

    @Override
    public void open(final OperatorContext context)
    {
        source.open(context);
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        final int permits = Math.min(limit, gate.permits(uid, subtask, source, limit));
        held = permits <= 0;
        if (held)
        {
            return 0;
        }
        final int emitted = source.poll(output, permits);
        gate.emitted(uid, subtask, emitted);
        return emitted;
    }

    @Override
    public boolean finished()
    {
        return !held && source.finished();
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        source.snapshot(writer);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        source.restore(reader);
    }

    @Override
    public boolean replayable()
    {
        return source.replayable();
    }

    @Override
    public long emittedBytes()
    {
        return source.emittedBytes();
    }

    @Override
    public void checkpointComplete(final long checkpointId)
    {
        source.checkpointComplete(checkpointId);
    }

    @Override
    public void close()
    {
        source.close();
    }
}
