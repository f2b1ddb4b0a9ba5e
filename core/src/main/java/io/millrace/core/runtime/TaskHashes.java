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

import io.millrace.core.chain.OutputHash;
import io.millrace.core.checkpoint.BarrierHash;
import io.millrace.core.checkpoint.HashRecording;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.HashedBackend;
import io.millrace.core.state.StateBackend;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hashes of a task's operators at its barriers: those of everything, for tests, and those that are recorded. One task's thread. */
final class TaskHashes
{
    private final Collection<StateHash> collected;
    private final HashRecording recording;
    private final int subtask;
    /** By uid of the operator: its outputs, the main one first. */
    private final Map<String, List<OutputHash>> outputs = new LinkedHashMap<>();

    private TaskHashes(final Collection<StateHash> collected, final HashRecording recording, final int subtask)
    {
        this.collected = collected;
        this.recording = recording;
        this.subtask = subtask;
    }

    /**
     * The hashes of a task.
     *
     * @param collected takes those of everything, or null
     * @param recording takes those that are recorded, or null
     * @param subtask   index of the task
     * @return null when nobody wants any
     */
    static TaskHashes of(final Collection<StateHash> collected, final HashRecording recording, final int subtask)
    {
        return collected == null && recording == null ? null : new TaskHashes(collected, recording, subtask);
    }

    /** Adds an output of an operator; null when outputs are not hashed. */
    OutputHash output(final String uid)
    {
        if (recording == null)
        {
            return null;
        }
        final OutputHash output = new OutputHash();
        outputs.computeIfAbsent(uid, key -> new ArrayList<>()).add(output);
        return output;
    }

    /** Takes an operator at a barrier: its tables, and what it has written into the blob. */
    void node(final long checkpoint, final long cause, final String uid, final StateBackend backend, final BlobWriter blob)
    {
        final boolean stateless = blob.length() == 0 && backend == null;
        if (collected != null && !stateless)
        {
            collected.add(new StateHash(checkpoint, uid, subtask,
                HashedBackend.fold(backend instanceof HashedBackend hashed ? hashed.hash() : 0, blob)));
        }
        if (recording != null && (!stateless || outputs.containsKey(uid)))
        {
            final long tables = backend instanceof HashedBackend hashed ? hashed.hash(recording.maxEntries()) : 0;
            record(checkpoint, cause, uid, stateless ? 0 : HashedBackend.fold(tables, blob));
        }
    }

    /** Takes what the engine keeps under a uid: the position of a source, the watermarks of a merge, the clock of a task. */
    void engine(final long checkpoint, final long cause, final String uid, final BlobWriter blob)
    {
        final long hash = HashedBackend.fold(0, blob);
        if (collected != null)
        {
            collected.add(new StateHash(checkpoint, uid, subtask, hash));
        }
        if (recording != null)
        {
            record(checkpoint, cause, uid, hash);
        }
    }

    private void record(final long checkpoint, final long cause, final String uid, final long state)
    {
        long hash = 0;
        long records = 0;
        long last = -1;
        for (final OutputHash output : outputs.getOrDefault(uid, List.of()))
        {
            hash = Long.rotateLeft(hash, 1) + output.hash();
            records += output.records();
            last = Math.max(last, output.lastCause());
            output.cut();
        }
        recording.add(new BarrierHash(checkpoint, cause, uid, subtask, state, hash, records, last));
    }
}
