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
package io.millrace.core.state;

import io.millrace.memory.table.DeltaReader;

/** A keyed state that can be opened for one slice of time after another; what a backend makes {@link SliceTables} of. */
public interface SliceTable extends KeyedTable
{
    /**
     * Opens the table for a slice, empty.
     *
     * @param slice that deltas name its entries with; 0 for a state that has no slices
     */
    void open(long slice);

    /** Closes the table and forgets its slice with every entry. */
    void drop();

    /** {@link #drop} as a snapshot tells of it: it is not part of the next delta. */
    void restoreDrop();

    /**
     * Puts back what a snapshot holds of the slice: it is not part of the next delta.
     *
     * @param run set on a run of this state and slice, before its first entry
     */
    void restore(DeltaReader run);
}
