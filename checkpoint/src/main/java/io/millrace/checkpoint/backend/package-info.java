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
 * State backends on libraries that keep state in files: CHRONICLE_MAP, for state that other processes read, and
 * ROCKSDB, for state larger than memory.
 *
 * <pre>
 *   {@link io.millrace.checkpoint.backend.ChronicleMapBackend}    {@link io.millrace.checkpoint.backend.RocksDbBackend}
 *                 |  open       |        handed to the job's configuration
 *                 +-------------+
 *                                 v
 *   task --barrier, sweep--> StoredBackend ----------------&gt; DeltaLedger --&gt; outlet, as OFF_HEAP does
 *                                 |
 *   operator --upsert--> StoredTable (one a state or slice) --&gt; ChangedKeys: which keys to sweep
 *                                 |
 *                                 v  Rows: read, write, delete, cursor
 *               +-----------------+-----------------+
 *       ChronicleMapRows                       RocksDbRows
 *       map + keys in order                    rows in order of their keys
 *               |                                   |
 *       ChronicleMapStore                      RocksDbStore
 *       a map a state                          a database, a column family a state
 *               +-------- LiveDirectory ------------+
 *                one owner, 0700, wiped at the start
 * </pre>
 *
 * The rows are a cache: what counts is the checkpoint, whose format knows no backend. See
 * {@code docs/decisions/005-state-in-libraries.md}.
 */
package io.millrace.checkpoint.backend;
