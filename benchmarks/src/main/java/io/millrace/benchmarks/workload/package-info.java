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
 * What is compared: each workload with its programs next to each other.
 *
 * <pre>
 *   Input: events, a pure function of their number; generated, or preloaded in memory
 *     |
 *     +--> Program of Contender LOOP       --> checksum
 *     +--> Program of Contender MILLRACE   --> the same checksum
 *     +--> ...
 *
 *   LoopProgram         by hand: all but FLAT_MAP, and the loops over the engine's table  the measuring thread
 *   DisruptorProgram    by hand: an EventWorker behind a RingBuffer               two threads of its own
 *   MillracePipeline -> InvokedProgram, CheckpointedProgram                       the measuring thread steps the job
 *                    -> DedicatedProgram                                          the job's two task threads
 *   BarrierPause, CheckpointedSpeed    two PacedJobs each: invoked, fed by PacedSources; DeltaSizes of their checkpoints
 *   RecoverableState                   a PacedJob
 *   TableGrowth, TableChurn, TableUpdates    the engine's table without a job: TableMemory
 * </pre>
 *
 * {@link io.millrace.benchmarks.workload.Workload} knows its {@link io.millrace.benchmarks.workload.Contender}s, and
 * makes a {@link io.millrace.benchmarks.workload.Program} of each for an {@link io.millrace.benchmarks.workload.Input}.
 */
package io.millrace.benchmarks.workload;
