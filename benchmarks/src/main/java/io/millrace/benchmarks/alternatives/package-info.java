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
 * What the engine could have used and does not, kept so that it can be measured again.
 *
 * <pre>
 *   RecordRing        over  DisruptorHop (events on the heap), OneToOneHop (Agrona's ring buffer)
 *   SegmentedTable    over  FlatOffHeapTable (faster, but growth stops the world)
 *   raw addresses     over  UnsafeBufferEvent (bounds checks), HeapEvent (an object an event)
 * </pre>
 *
 * The benchmarks are those of the package above.
 */
package io.millrace.benchmarks.alternatives;
