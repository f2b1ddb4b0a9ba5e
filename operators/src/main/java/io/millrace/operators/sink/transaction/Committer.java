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
package io.millrace.operators.sink.transaction;

import java.util.List;

/**
 * Second phase of a {@link CommitterTarget}: shows what its writer prepared, when the checkpoint is complete.
 *
 * @param <C> committable
 */
public interface Committer<C> extends AutoCloseable
{
    /**
     * Commits. Committables of an earlier life come again, and may be committed already. The task's thread.
     *
     * @param requests of one checkpoint, in the order in which the writer gave them; those that asked for it, again
     */
    void commit(List<? extends CommitRequest<C>> requests);

    /** Lets go of what the process holds. */
    @Override
    default void close()
    {
    }
}
