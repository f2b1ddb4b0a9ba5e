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
 * Where checkpoints lie: checksummed blocks in data files, and manifests that make chains of them complete.
 *
 * <pre>
 *   coordinator's I/O thread
 *     |  SnapshotStore
 *     v
 *   LocalSnapshotStore --- CheckpointWriter   append chunks, complete or abort
 *     |               --- Compaction         chain in, base out
 *     |               --- RestoredCheckpoint verified chunks in order
 *     v
 *   files.StorageFiles: the disk, or a test's model of one
 *
 *   manifest-12   base-3.data  checkpoint-11.data  checkpoint-12.data     chain of checkpoint 12
 *   manifest-11   base-3.data  checkpoint-11.data                         chain of checkpoint 11, retained
 * </pre>
 *
 * Start with {@link io.millrace.checkpoint.store.SnapshotStore}, {@link
 * io.millrace.checkpoint.store.LocalSnapshotStore}, {@link io.millrace.checkpoint.store.CheckpointWriter}, {@link
 * io.millrace.checkpoint.store.Compaction}, {@link io.millrace.checkpoint.store.RestoredCheckpoint}.
 *
 * What a chunk holds is not this package's business. {@link io.millrace.checkpoint.store.CheckpointDeclinedException}
 * means: not this time, go on; {@code StorageFailedException}: stop the job.
 */
package io.millrace.checkpoint.store;
