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
 * Random small streams through Flink's own operators and through ours; what comes out must be the same, but for the
 * listed deviations. Run by {@code mvn verify -Pflink-oracle}; {@code -Dmillrace.oracle.cases} says how many cases each
 * kind of operator gets, {@code -Dmillrace.oracle.seed} where they begin.
 *
 * <pre>
 *   {@link io.millrace.operators.oracle.Script} (seed)  --> {@link io.millrace.operators.oracle.FlinkRun}    --> output of each step
 *                  --> {@link io.millrace.operators.oracle.MillraceRun} --> output of each step      compared by {@link io.millrace.operators.oracle.Oracle}
 * </pre>
 */
package io.millrace.operators.oracle;
