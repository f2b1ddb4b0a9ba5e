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
package io.millrace.memory.table;

/**
 * Where a {@link DeltaWriter} takes empty chunks from and leaves full ones. Called by the task's thread only; none of
 * these may wait.
 */
public interface DeltaOutlet
{
    /**
     * @return an empty chunk that is the caller's until it publishes or returns it
     * @throws IllegalStateException when a new chunk would exceed the memory limit
     */
    DeltaChunk take();

    /**
     * Hands a finished chunk over to the thread that stores it.
     *
     * @param chunk that the caller must not touch again
     */
    void publish(DeltaChunk chunk);

    /**
     * Takes back a chunk that nobody needs any more.
     *
     * @param chunk that was taken and not published
     */
    void giveBack(DeltaChunk chunk);
}
