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
 * Order where channels meet: the same journal gives the same output whatever the threads do.
 *
 * <pre>
 *   entrance                        graph                              fan-in
 *
 *   SourceProgress  --slots with causes--&gt;  tasks  --rings--&gt;  CausalMerge --runs--&gt; operator
 *      |  floor, injected, ended         |  consumed, lanes       |  lowest (cause, channel) first
 *      |                                 |                        |
 *   IngressClock   &lt;----- reads ----- PullScan over ProducerGraph &lt;---+  what can a silent channel still bring?
 *      |  next batch, broadcast floor
 *      v
 *   OrderLog  batch: kind, source, count, value, clock  --&gt; ReplayLog --&gt; sources of the next run
 * </pre>
 *
 * {@link io.millrace.core.ordering.SourceProgress}, {@link io.millrace.core.ordering.IngressClock},
 * {@link io.millrace.core.ordering.CausalMerge}, {@link io.millrace.core.ordering.PullScan},
 * {@link io.millrace.core.ordering.ProducerGraph}, {@link io.millrace.core.ordering.OrderLog},
 * {@link io.millrace.core.ordering.ReplayLog}.
 *
 * Every slot carries its cause, {@code batch << 16 | index} of the journaled input that it comes from. What is not
 * determined by the input, which source goes next with how many records at what clock, is claimed at the entrance and
 * logged there once. A merge of several channels releases the lowest (cause, channel). When a channel is silent, the
 * merge reads its producers, in the direction in which records move: no progress messages, no timers. A task with one
 * channel has no merge and pays nothing.
 * <p>
 * The theory is that of conservative simulation (Chandy and Misra, "Distributed Simulation", IEEE TSE 1979) with the
 * null messages replaced by reads of shared memory.
 */
package io.millrace.core.ordering;
