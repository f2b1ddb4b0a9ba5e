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
 * What joins tasks: outputs that deal records to the rings of the next tasks, and hold what does not fit.
 *
 * <pre>
 *   operator --{@link io.millrace.core.exchange.ForwardOutput}---+
 *            --HashOutput------+--> RingWriter --> RecordRing
 *            --{@link io.millrace.core.exchange.RebalanceOutput}-+         |
 *                                              full: OverflowBuffer, drained before the next input
 * </pre>
 */
package io.millrace.core.exchange;
