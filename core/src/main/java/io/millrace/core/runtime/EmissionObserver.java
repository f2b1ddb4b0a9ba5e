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

import io.millrace.memory.record.RecordType;

/** Sees what the operators of a job emit, for tools that step it. The tasks' threads. */
@FunctionalInterface
public interface EmissionObserver
{
    /**
     * One record, before it goes on.
     *
     * @param operator uid of the operator or source that emits it
     * @param subtask  index of the instance
     * @param tag      of the side output, null for the main one
     * @param type     of the record
     * @param slot     address of its slot, to be read during the call
     */
    void emitted(String operator, int subtask, String tag, RecordType<?, ?> type, long slot);
}
