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
 * The general operator for windows: any trigger, any evictor, functions over all elements, windows of time or of the whole
 * stream. Where there is an operator for a kind of window alone, that one is faster.
 *
 * <pre>
 *   record    --{@link io.millrace.operators.window.triggered.WindowAssigner}--> its windows, one after the other
 *   watermark --{@link io.millrace.operators.window.triggered.WindowTimers}--> a key and window, by time, then canonical order of keys
 *        |
 *   {@link io.millrace.operators.window.triggered.TriggeredWindowOperator}
 *        | enter, leave: {@link io.millrace.operators.window.triggered.WindowCallbacks}, the key and window of the callback
 *        |    with sessions: {@link io.millrace.operators.window.triggered.SessionSet}, and what merges of them in a SessionMerge
 *        | asks the Trigger
 *        | add, fire, purge
 *   {@link io.millrace.operators.window.triggered.WindowContents}
 *      AccumulatedContents: an accumulator in the window's entry --WindowFunction--> result
 *      BufferedContents:    {@link io.millrace.operators.window.triggered.StoredElements} --Evictor--> WindowResult
 *                              ProcessResult:   a user's ProcessWindowFunction
 *                              AggregateResult: an accumulator for the time of a firing
 *
 *   table of windows:   | key | name of the window 8 |           ->  {@link io.millrace.operators.window.triggered.WindowDescriptor}
 *   table of elements:  | key | name of the window 8 |  index 8 | ->  | timestamp 8 | record |
 * </pre>
 *
 * The name of a window is its start; of a session, that of its first record, which it keeps when it grows.
 */
package io.millrace.operators.window.triggered;
