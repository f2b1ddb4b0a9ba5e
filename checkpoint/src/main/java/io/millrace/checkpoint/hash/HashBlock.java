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
package io.millrace.checkpoint.hash;

import io.millrace.core.checkpoint.BarrierHash;

import java.util.List;

/**
 * The hashes of one barrier.
 *
 * @param checkpoint whose barrier it was
 * @param cause      of the barrier: its place in the input
 * @param completed  whether the checkpoint was completed; if not, only its hashes are left
 * @param life       number of the life of the job, growing
 * @param restored   the checkpoint that this life began from, 0 for none
 * @param maxEntries of the tables that were read, per operator instance
 * @param hashes     by operator and instance
 */
public record HashBlock(
    long checkpoint, long cause, boolean completed, long life, long restored, long maxEntries, List<BarrierHash> hashes)
{
    public HashBlock
    {
        hashes = List.copyOf(hashes);
    }
}
