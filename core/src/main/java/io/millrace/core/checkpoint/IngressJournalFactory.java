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
package io.millrace.core.checkpoint;

import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.RecordType;

/** Opens the journal of a source; what a user hands to the job's configuration. */
@FunctionalInterface
public interface IngressJournalFactory
{
    /**
     * Opens a journal, and takes hold of where it lies.
     *
     * @param job     name of the job
     * @param source  uid of the source
     * @param type    of the records
     * @param account that off-heap memory is counted in
     * @return the journal, closed by the source
     */
    IngressJournal open(String job, String source, RecordType<?, ?> type, MemoryAccount account);
}
