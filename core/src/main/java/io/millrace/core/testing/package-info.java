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
 * For tests of operators, the engine's and yours.
 *
 * <pre>
 *   test --push, watermark, barrier--&gt; {@link io.millrace.core.testing.OperatorHarness} --slots--&gt; operator
 *        &lt;--results, counters, snapshots--                    |      &lt;--commit--
 *                                                             +--&gt; state, or {@link io.millrace.core.testing.CopyingBackend}
 *
 *   {@link io.millrace.core.testing.Script} --{@link io.millrace.core.testing.OperatorTrial}--&gt; one run in each
 *       {@link io.millrace.core.testing.TrialMode}, each under a harness; the same results, or the first difference
 * </pre>
 */
package io.millrace.core.testing;
