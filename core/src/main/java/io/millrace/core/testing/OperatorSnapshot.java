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

import java.util.List;

/**
 * What an operator and its state wrote at a barrier. Opaque, and independent of the harness that it comes from.
 */
public final class OperatorSnapshot
{
    private final byte[] blob;
    private final List<byte[]> chunks;

    OperatorSnapshot(final byte[] blob, final List<byte[]> chunks)
    {
        this.blob = blob;
        this.chunks = List.copyOf(chunks);
    }

    byte[] blob()
    {
        return blob;
    }

    List<byte[]> chunks()
    {
        return chunks;
    }

    /**
     * Length of what the operator wrote itself.
     *
     * @return in bytes
     */
    public int blobLength()
    {
        return blob.length;
    }

    /**
     * Length of what its tables wrote: every delta since the start.
     *
     * @return in bytes
     */
    public long tableLength()
    {
        return chunks.stream().mapToLong(chunk -> chunk.length).sum();
    }
}
