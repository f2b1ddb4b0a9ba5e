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
 * What users call: a pipeline, its streams, and what they become.
 *
 * <pre>
 *   Pipeline --source--> SingleOutputStream (a DataStream)
 *      DataStream   --filter, map, flatMap, union, sample--> SingleOutputStream
 *                   --keyBy--> {@link io.millrace.operators.KeyedStream} --reduce, sum, min, max, process--> SingleOutputStream
 *                                  --deduplicate, limit, conflate, topN, quantiles--> SingleOutputStream
 *                                  --window---> WindowedStream --aggregate, reduce, topN, quantiles-->
 *                                                  --trigger, evictor--> TriggeredWindowedStream --process, aggregate-->
 *                                  --connect--> ConnectedStreams --process, intervalJoin, window, asOfJoin-->
 *                                  --pattern--> PatternStream --select-->
 *                   --sink
 *   SingleOutputStream --sideOutput--> DataStream
 * </pre>
 */
package io.millrace.operators;
