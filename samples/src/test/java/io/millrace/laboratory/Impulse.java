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
package io.millrace.laboratory;

import io.millrace.memory.record.EventTime;
import io.millrace.memory.record.OffHeapRecord;

/** What goes into the job under test. Everything follows from the partition and the number. */
@OffHeapRecord
public interface Impulse
{
    /**
     * When it was.
     *
     * @return milliseconds
     */
    @EventTime
    long time();

    /**
     * Which journal it is of.
     *
     * @return from 0
     */
    long partition();

    /**
     * Its place in the journal.
     *
     * @return from 0
     */
    long sequence();

    /**
     * What it is counted under.
     *
     * @return from 0
     */
    long key();

    /**
     * What it adds to the sum of its key.
     *
     * @return any
     */
    long amount();
}
