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
 * Windows of event time over keyed streams.
 *
 * <pre>
 *   record --start of its window--> slice --hash, key--> accumulator
 *   watermark --> fire each due slice, keys in canonical order --> drop what is past its lateness
 *
 *   {@link io.millrace.operators.window.TumblingWindowOperator}, {@link io.millrace.operators.window.WindowBounds}
 *
 *   record --hash, key--> latest session --previous end--> earlier ones
 *   watermark --deadlines--> fire the sessions that are due, by end, keys in canonical order --> cleanup
 *
 *   {@link io.millrace.operators.window.SessionWindowOperator} --> {@link io.millrace.operators.window.SessionHistory}
 *     --> {@link io.millrace.operators.window.SessionSchedule}
 *           --> {@link io.millrace.operators.window.SessionDeadlines}, {@link io.millrace.operators.window.SessionFirings}
 * </pre>
 */
package io.millrace.operators.window;
