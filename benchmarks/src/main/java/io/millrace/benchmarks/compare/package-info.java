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
 * Side-by-side runs of the workloads' programs.
 *
 * <pre>
 *   CompareCommand --rounds--> Comparison: ContenderComparison, NeighbourComparison
 *                                 |    ForkedTrial, in turn
 *                                 +--------fork--------> TrialCommand: Trial warms its TimedPrograms, then times each
 *                                 |                           |
 *                                 +-- Pairs &lt;-- TrialResult --+
 *                                       |
 *                                       v
 *                                 W2 loop=84.02 millrace=80.13 ratio=0.95 added=0.58 ...
 *   PauseCommand --> BarrierPause, CheckpointedSpeed, in this JVM
 *   FiringCommand --> FiringSteps, in this JVM
 *   GrowthCommand --> TableGrowth, TableChurn, in this JVM
 *   TableCommand --> TableUpdates, in this JVM
 *   RecoveryCommand --> RecoverableState, in this JVM --checkpoints--> Recovery, in JVMs of their own, by ForkedJvm
 * </pre>
 *
 * See {@link io.millrace.benchmarks.compare.CompareCommand}.
 */
package io.millrace.benchmarks.compare;
