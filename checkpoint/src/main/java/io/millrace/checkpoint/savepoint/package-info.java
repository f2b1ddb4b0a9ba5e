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
 * Savepoints as files: one directory that can be moved, in a format that names no backend, parallelism or path.
 * <pre>
 *   chunks of all tasks --> SavepointWriter --> EntryBuckets (spool file) --> EntrySort --> SectionWriter --> operator-0000 ...
 *                                                                                          SavepointManifest --> manifest
 *   {@link io.millrace.checkpoint.savepoint.Savepoints}.in(directory) --> StoredSavepoint (a Savepoint) --> entries by key group
 *   SavepointMain: SavepointReport (inspect, diff), SavepointVerifier (a jar with a
 *                  {@link io.millrace.checkpoint.savepoint.RestorablePipeline}, found by PipelineClass), SavepointDisposal
 * </pre>
 * {@link io.millrace.checkpoint.savepoint.SavepointDescriptor} has the layout of the files.
 */
package io.millrace.checkpoint.savepoint;
