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
 * Off-heap memory: who owns it, how it is counted, and the one door through which it is read and written.
 *
 * <pre>
 *   {@link io.millrace.memory.MemoryAccount}  counts the bytes of every    {@link io.millrace.memory.Region}
 *                                                                  |  address, length
 *                                                                  v
 *   record.Flyweight, ring.RecordRing, table.*   --- reach it through --->  {@link io.millrace.memory.Memory}
 * </pre>
 *
 * A region has one owner, who closes it. {@link io.millrace.memory.DebugMode} adds checks that cost nothing when it is
 * off.
 */
package io.millrace.memory;
