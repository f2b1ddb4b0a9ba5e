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
 * The running job: tasks stepped by threads, each an input, a chain of operators and the rings that it writes.
 *
 * <pre>
 *   {@link io.millrace.core.runtime.Job} -- owns --> JobThreads, and a JobRun (one life between restarts)
 *                                                  |  JobAssembly builds rings and tasks from the plan,
 *                                                  v  StateRestore brings them to the latest checkpoint
 *   Task (an Agent):  TaskInput --runs of records--> Chain --> RingWriters
 *                     SourceInput | RingInput | MergeInput     |
 *                         |                    TaskSnapshot: barrier, sweep, acknowledge
 *                     EndOfInput: all sources end together, behind the last checkpoint
 *
 *   threads: {@link io.millrace.core.runtime.ThreadingMode}; beside them one for I/O, which looks after the job
 * </pre>
 */
package io.millrace.core.runtime;
