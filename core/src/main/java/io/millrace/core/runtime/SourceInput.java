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

import io.millrace.core.chain.BufferedOutput;
import io.millrace.core.chain.SourceStamp;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.record.SlotDescriptor;

/**
 * A source as the input of its task: polls it, and puts watermarks, barriers and the end between the records.
 */
final class SourceInput implements TaskInput
{
    private static final int POLL_LIMIT = 512;
    private static final int POLLS = 8;

    private final String uid;
    private final Source source;
    private final SourceOutput output;
    private final SourceStamp stamp;
    private final Chain chain;
    private final BufferedOutput[] buffers;
    private final CheckpointService checkpoints;
    private final long recordsPerCheckpoint;
    private long recordsToCheckpoint;
    private long lastBarrier;
    private long ingressTime;
    private boolean drained;
    private boolean ended;

    SourceInput(
        final String uid,
        final Source source,
        final SourceOutput output,
        final SourceStamp stamp,
        final Chain chain,
        final BufferedOutput[] buffers,
        final CheckpointService checkpoints)
    {
        this.uid = uid;
        this.source = source;
        this.output = output;
        this.stamp = stamp;
        this.chain = chain;
        this.buffers = buffers;
        this.checkpoints = checkpoints;
        this.recordsPerCheckpoint = checkpoints == null ? 0 : checkpoints.recordsPerCheckpoint();
        this.recordsToCheckpoint = recordsPerCheckpoint == 0 ? Long.MAX_VALUE : recordsPerCheckpoint;
    }

    @Override
    public int poll(final int room)
    {
        if (ended)
        {
            return 0;
        }
        if (checkpoints != null && barrierDue())
        {
            return 1;
        }
        if (recordsToCheckpoint == 0)
        {
            // The checkpoint before is under way. Barriers by records come where they are due: a replay has the same.
            return 0;
        }
        int work = 0;
        for (int i = 0; i < POLLS && !chain.walking() && work < room; i++)
        {
            final int emitted = pollOnce((int)Math.min(Math.min(POLL_LIMIT, room - work), recordsToCheckpoint));
            if (emitted == 0)
            {
                break;
            }
            work += emitted;
            if (recordsToCheckpoint == 0)
            {
                break;
            }
        }
        if (work == 0 && !chain.walking() && source.finished())
        {
            end();
            return 1;
        }
        return work;
    }

    private int pollOnce(final int limit)
    {
        ingressTime = System.nanoTime();
        stamp.ingressTime(ingressTime);
        final int emitted = source.poll(output, limit);
        for (final BufferedOutput buffer : buffers)
        {
            buffer.flush();
        }
        recordsToCheckpoint -= recordsPerCheckpoint == 0 ? 0 : emitted;
        if (stamp.watermarkDue())
        {
            chain.beginWalk(SlotDescriptor.KIND_WATERMARK, stamp.takeWatermark(), stamp.lastCause(), ingressTime);
        }
        return emitted;
    }

    private boolean barrierDue()
    {
        if (recordsToCheckpoint == 0 && checkpoints.request() != 0)
        {
            recordsToCheckpoint = recordsPerCheckpoint;
        }
        final long requested = checkpoints.requestedCheckpoint();
        if (requested <= lastBarrier)
        {
            return false;
        }
        lastBarrier = requested;
        chain.beginWalk(SlotDescriptor.KIND_BARRIER, requested, stamp.lastCause(), System.nanoTime());
        return true;
    }

    private void end()
    {
        ingressTime = System.nanoTime();
        if (drained)
        {
            chain.beginWalk(SlotDescriptor.KIND_END_OF_STREAM, 0, stamp.lastCause(), ingressTime);
        }
        else
        {
            drained = true;
            chain.beginWalk(SlotDescriptor.KIND_WATERMARK, Long.MAX_VALUE, stamp.lastCause(), ingressTime);
        }
    }

    @Override
    public void release()
    {
    }

    @Override
    public void walked()
    {
        ended = chain.controlKind() == SlotDescriptor.KIND_END_OF_STREAM;
    }

    @Override
    public boolean ended()
    {
        return ended;
    }

    @Override
    public void snapshot(final TaskSnapshot snapshot)
    {
        final BlobWriter writer = snapshot.blob();
        writer.putLong(stamp.maxTimestamp()).putLong(stamp.dueAt()).putLong(stamp.lastCause()).putInt(drained ? 1 : 0);
        source.snapshot(writer);
        snapshot.writeBlob(uid);
    }

    void restore(final BlobReader reader, final long checkpointId)
    {
        stamp.restore(reader.getLong(), reader.getLong());
        output.nextCause(reader.getLong() + 1);
        drained = reader.getInt() != 0;
        source.restore(reader);
        lastBarrier = checkpointId;
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
