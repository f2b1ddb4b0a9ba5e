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

import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.operator.Source;
import io.millrace.memory.record.RecordType;

/**
 * How far a source is from the next checkpoint that it asks for, by records or by bytes of records. It is asked for at
 * the record where the count is full, wherever the source's polls end, so that a replay asks for the same.
 */
final class CheckpointDistance
{
    private static final long FAR = Long.MAX_VALUE;

    private final Source source;
    private final long recordsPerCheckpoint;
    private final long bytesPerCheckpoint;
    private final int maxLength;
    private final boolean fixedLength;
    private long recordsLeft;
    private long bytesLeft;
    private long emittedBytes;

    /**
     * A distance as of a source that was just opened.
     *
     * @param checkpoints of the job, or null
     * @param source      that emits
     * @param type        of its records
     */
    CheckpointDistance(final CheckpointService checkpoints, final Source source, final RecordType<?, ?> type)
    {
        this.source = source;
        this.maxLength = Math.max(1, type.maxLength());
        this.fixedLength = type.fixedLength();
        this.recordsPerCheckpoint = checkpoints == null ? 0 : checkpoints.recordsPerCheckpoint();
        this.bytesPerCheckpoint = checkpoints == null || !tellsBytes() ? 0 : checkpoints.bytesPerCheckpoint();
        this.emittedBytes = bytesPerCheckpoint == 0 || fixedLength ? 0 : source.emittedBytes();
        begun();
    }

    /** Whether checkpoints by bytes can be counted here. */
    boolean tellsBytes()
    {
        return fixedLength || source.emittedBytes() >= 0;
    }

    /** Whether the source asks for a checkpoint before the next record. */
    boolean isReached()
    {
        return recordsLeft <= 0 || bytesLeft <= 0;
    }

    /** The most records to poll, so that a full count is at the end of a poll; when that has to wait, all. */
    int limit(final int most)
    {
        if (isReached())
        {
            return most;
        }
        final long limit = Math.min(most, recordsLeft);
        return (int)(bytesLeft == FAR ? limit : Math.min(limit, Math.max(1, bytesLeft / maxLength)));
    }

    /** Takes note of records that the source has emitted. */
    void emitted(final int records)
    {
        recordsLeft -= recordsPerCheckpoint == 0 ? 0 : records;
        if (bytesPerCheckpoint != 0)
        {
            bytesLeft -= fixedLength ? (long)records * maxLength : newBytes();
        }
    }

    private long newBytes()
    {
        final long before = emittedBytes;
        emittedBytes = source.emittedBytes();
        return emittedBytes - before;
    }

    /** Takes note that the checkpoint was asked for. */
    void begun()
    {
        recordsLeft = recordsPerCheckpoint == 0 ? FAR : recordsPerCheckpoint;
        bytesLeft = bytesPerCheckpoint == 0 ? FAR : bytesPerCheckpoint;
    }
}
