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
 * Complex event processing: patterns in the records of a key.
 *
 * <pre>
 *   {@link io.millrace.operators.pattern.Pattern} --PatternCompiler--> CompiledPattern: states, edges, conditions
 *
 *   record --> PatternOperator: goes at once when it fulfils no condition, and may lie between any two steps
 *          --> PatternState: waits at its key
 *          --watermark--> PatternMatcher: is offered to each partial match, and to the start
 *          --completed--> MatchSelection: order, what is skipped, limits
 *          --> Outbox --> {@link io.millrace.operators.pattern.SelectFunction} or FlatSelectFunction --> output
 *
 *   DueKeys: which key is next
 *   KeyCells: the block and the pages of the key that is open, laid out as BlockDescriptor says
 *   MatchView: the records of a match, as a {@link io.millrace.operators.pattern.Match}
 * </pre>
 */
package io.millrace.operators.pattern;
