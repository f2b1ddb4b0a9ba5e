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
 * Rings of records between two tasks: one producer, one or several consumers, off-heap slots, the Disruptor's sequencing.
 *
 * <pre>
 *   producer's thread                                                        consumers' threads, one each
 *
 *   RingProducer                          RecordRing                         RingConsumer
 *     claim -> address      +-------+-------+-------+-------+-------+      poll -> slots from address()
 *     write header, record  | slot  | slot  | slot  |  ...  | slot  |      read the records
 *     commit                +-------+-------+-------+-------+-------+      consume(slots)
 *     publish ----cursor---------^                 ^----consumed---------- release
 *
 *   a slot:  [ header of {@link io.millrace.memory.record.SlotDescriptor} | payload | canary, in debug mode only ]
 *
 *   third thread (pull scan of a merge): consumed(), published(), pendingCause()
 * </pre>
 *
 * Nothing here waits and nothing throws when a ring is full or empty: {@code claim} returns 0, {@code poll} returns 0. A record of
 * several slots lies in one piece; where it would wrap around the end of the ring, PADDING slots fill the rest and it starts at slot 0.
 */
package io.millrace.memory.ring;
