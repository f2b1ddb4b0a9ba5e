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
 * Sinks within the process, and files.
 *
 * <pre>
 *   {@link io.millrace.operators.sink.CallbackSink}   a function of the application, on the task's thread
 *                  {@link io.millrace.operators.sink.DeduplicatingCallback}   drops what comes again after a restart
 *   {@link io.millrace.operators.sink.Egress}         a ring that a thread of the application polls:
 *                  EgressOperator --RecordRing (EgressChannel)--&gt; Egress.poll
 *   {@link io.millrace.operators.sink.PrintSink}      lines for people
 *   {@link io.millrace.operators.sink.FileSink}       a file, a line or some bytes for each record:
 *                  FileOperator --whole records (RecordBuffer)--&gt; FileTarget, cut to a checkpoint's length at restart
 * </pre>
 *
 * Two-phase commit is in {@code transaction}, files that roll are in {@code rolling}.
 */
package io.millrace.operators.sink;
