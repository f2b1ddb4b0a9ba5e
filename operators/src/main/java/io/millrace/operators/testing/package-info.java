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
 * For tests of streams, functions and whole pipelines.
 *
 * <pre>
 *   stream --{@link io.millrace.operators.testing.StreamTrial}--> its operator, run in every
 *                               {@link io.millrace.core.testing.TrialMode}
 *   pipeline --{@link io.millrace.operators.testing.PipelineHarness}--> stepped by the test, snapshots in memory
 * </pre>
 */
package io.millrace.operators.testing;
