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
/**
 * The segmented off-heap hash table: keyed state and window slices of one task, and the snapshots of them that never
 * stop it.
 *
 * <pre>
 *                         {@link io.millrace.memory.table.TableStore}: epoch, barrier(), sweep(n)
 *                               |  one a task
 *         +---------------------+-------------------------+
 *         v                                               v
 *   {@link io.millrace.memory.table.SegmentedTable}: one a state or window slice        SnapshotLedger: what was touched, what is unsaved
 *         |                                               |
 *         v  top bits of {@link io.millrace.memory.table.KeyHash}                       v
 *   SegmentDirectory --&gt; segments of 16 KiB            DeltaWriter --&gt; DeltaChunks
 *         |                    |                                    :
 *         |                    v                                    v  I/O thread
 *   {@link io.millrace.memory.table.TableCursor}    {@link io.millrace.memory.table.SegmentPool}               stored, and read again by
 *   canonical order     slabs, prepared ahead       {@link io.millrace.memory.table.DeltaReader}
 * </pre>
 *
 * Extendible hashing keeps growth in small steps (one segment splits at a time); segments are sorted arrays with
 * gaps, so that iteration is in canonical order at no extra cost; two bits of each entry say in which epoch it was
 * touched and whether its image at the last barrier is saved. One thread, the task's, does everything but preparing
 * memory ahead and taking full chunks away.
 */
package io.millrace.memory.table;
