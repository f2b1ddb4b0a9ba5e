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
 * Keyed state: the contract that every backend fulfils, and the off-heap backend.
 *
 * <pre>
 *   operator --upsert(hash, key)--> {@link io.millrace.core.state.KeyedTable}                       one state
 *            --table(slice)-------> {@link io.millrace.core.state.WindowTables} -> KeyedTable       one state a slice
 *                                        |
 *   task ------barrier, sweep-----> StateBackend: OFF_HEAP here; CHRONICLE_MAP, ROCKSDB in checkpoint
 * </pre>
 *
 * {@link io.millrace.core.state.Redistribution} says who gets what of operator state, which has no keys.
 * One writer, the task's thread; no locks.
 */
package io.millrace.core.state;
