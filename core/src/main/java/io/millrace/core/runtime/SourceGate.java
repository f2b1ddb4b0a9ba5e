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

import io.millrace.core.operator.Source;

/**
 * Says how fast, and how far, the sources of a job may go: for tools that replay or step it. What it allows decides when a
 * record comes and never what becomes of it, in a job that follows an {@link io.millrace.core.checkpoint.OrderRecording} or
 * has one source. The sources' threads.
 */
public interface SourceGate
{
    /**
     * How many records a source may emit now.
     *
     * @param uid     of the source
     * @param subtask index of the instance
     * @param source  to be asked for its position by {@link Source#snapshot}, and for nothing else
     * @param limit   the most records that it would emit
     * @return from 0, to be asked again later, to {@code limit}
     */
    int permits(String uid, int subtask, Source source, int limit);

    /**
     * Takes note of what the source has emitted of that.
     *
     * @param uid     of the source
     * @param subtask index of the instance
     * @param records emitted
     */
    void emitted(String uid, int subtask, int records);
}
