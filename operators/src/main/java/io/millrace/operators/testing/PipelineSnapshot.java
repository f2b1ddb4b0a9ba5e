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
package io.millrace.operators.testing;

import java.util.List;

/** The state of a whole pipeline at a barrier, on the heap. Opaque. */
public final class PipelineSnapshot
{
    private final long checkpointId;
    private final List<byte[]> chunks;

    PipelineSnapshot(final long checkpointId, final List<byte[]> chunks)
    {
        this.checkpointId = checkpointId;
        this.chunks = List.copyOf(chunks);
    }

    long checkpointId()
    {
        return checkpointId;
    }

    List<byte[]> chunks()
    {
        return chunks;
    }

    /**
     * Length of what all operators, sources and sinks wrote.
     *
     * @return in bytes
     */
    public long length()
    {
        return chunks.stream().mapToLong(chunk -> chunk.length).sum();
    }
}
