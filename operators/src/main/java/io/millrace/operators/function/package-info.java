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
 * What a user writes: functions over views of records. A view is valid during the call; no function may keep one,
 * block, or ask a clock.
 *
 * <pre>
 *   filter    FilterFunction
 *   map       MapFunction
 *   flatMap   FlatMapFunction --results--> {@link io.millrace.operators.function.Collector}
 *                             --side output of an {@link io.millrace.operators.function.OutputTag}--> Collector
 *   keyBy     CompositeKeySelector --parts--> {@link io.millrace.operators.function.KeyWriter}
 *   keyed     ReduceFunction, AccumulateFunction
 *   windows   AccumulateFunction, then WindowFunction
 * </pre>
 */
package io.millrace.operators.function;
