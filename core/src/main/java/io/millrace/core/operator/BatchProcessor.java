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
package io.millrace.core.operator;

/** Takes records by the batch, named by the addresses of their slots. */
public interface BatchProcessor
{
    /** The most records that one call brings. */
    int MAX_BATCH = 128;

    /**
     * Processes records in their order.
     *
     * @param slots addresses of the records' slots, the first {@code count} of them; valid during the call, and not to be
     *              changed
     * @param count number of records, from 1 to {@link #MAX_BATCH}
     * @return what the output said: false to stop as soon as possible; all records are processed in both cases
     */
    boolean processBatch(long[] slots, int count);
}
