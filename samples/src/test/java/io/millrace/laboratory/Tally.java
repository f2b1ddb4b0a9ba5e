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

import io.millrace.memory.record.OffHeapRecord;

/** What comes out of the job under test: one for each impulse. */
@OffHeapRecord
public interface Tally
{
    /**
     * Key of the impulse.
     *
     * @return from 0
     */
    long key();

    /**
     * How many impulses of the key there were, with this one.
     *
     * @return from 1
     */
    long count();

    /**
     * What they add up to.
     *
     * @return any
     */
    long sum();

    /**
     * Journal of the impulse.
     *
     * @return from 0
     */
    long partition();

    /**
     * Place of the impulse in its journal.
     *
     * @return from 0
     */
    long sequence();
}
