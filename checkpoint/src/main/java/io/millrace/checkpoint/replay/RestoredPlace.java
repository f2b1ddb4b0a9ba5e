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

import java.util.HashMap;
import java.util.Map;

/**
 * Where a checkpoint was made: how far its sources had come, and what its sinks had written. A sink may have written what has
 * a higher cause than the sources had given: the end of a single source has a cause of its own, and so has what a merge by
 * arrival lets through.
 */
final class RestoredPlace
{
    /** The beginning of a run. */
    static final RestoredPlace START = new RestoredPlace();

    private static final Written NOTHING = new Written(-1, -1);

    private final Map<String, Written> sinks = new HashMap<>();
    private long cause = -1;

    /**
     * The last record of a sink.
     *
     * @param cause   of the record, -1 when there is none
     * @param ordinal of the record within its cause
     */
    record Written(long cause, long ordinal)
    {
        /** Whether the sink had written the record, or one behind it. */
        boolean covers(final long otherCause, final long otherOrdinal)
        {
            return otherCause < cause || otherCause == cause && otherOrdinal <= ordinal;
        }
    }

    /** The highest cause that a source had given; -1 at the beginning. */
    long cause()
    {
        return cause;
    }

    /** What a sink had written. */
    Written written(final String sink)
    {
        return sinks.getOrDefault(sink, NOTHING);
    }

    void source(final long lastCause)
    {
        cause = Math.max(cause, lastCause);
    }

    /** Chains of checkpoints have several of a sink, the last of which holds. */
    void sink(final String uid, final long lastCause, final long lastOrdinal)
    {
        sinks.put(uid, new Written(lastCause, lastOrdinal));
    }

    /** The end of a job's only source, whose cause is the one behind its last record, and no source's position. */
    void takeEnd()
    {
        sinks.values().forEach(written -> source(written.cause()));
    }
}
