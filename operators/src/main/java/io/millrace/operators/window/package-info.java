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
 *   tumbling:  record --start of its window--> slice --hash, key--> accumulator
 *              watermark --> fire each due slice, keys in canonical order --> drop what is past its lateness
 *
 *   sliding:   record --start of its slice---> slice --hash, key--> accumulator             one update, many windows
 *              watermark --> SliceCombiner makes each due window of its slices --> fire it --> drop slices of no window
 *                              DeductingSliceCombiner: running + slices that enter - slices that leave
 *                              StackingSliceCombiner:  front of 1 to 3, of 2 to 3, of 3 + back of 4 to now
 *              late record --> LateWindows makes its fired windows anew, for its key
 *
 *   session:   record --hash, key--> latest session --previous end--> earlier ones (SessionHistory)
 *              watermark --SessionDeadlines--> SessionFirings: those that are due, by end, keys in canonical order
 *                        --> cleanup
 *
 *   {@link io.millrace.operators.window.TumblingWindowOperator}, {@link io.millrace.operators.window.SlidingWindowOperator},
 *   {@link io.millrace.operators.window.SessionWindowOperator}
 *   {@link io.millrace.operators.window.BatchPartition}: records of a batch by window or slice
 * </pre>
 */
package io.millrace.operators.window;
