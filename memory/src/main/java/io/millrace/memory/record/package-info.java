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
 * Records in off-heap memory: the annotations that declare one, the type that describes it, the flyweight that moves
 * over it, and the layout of the slot that carries it.
 *
 * <pre>
 *   {@code @OffHeapRecord interface Trade}  --processor-->  TradeFlyweight, TradeValue
 *                                                              | TYPE
 *                                                              v
 *   {@link io.millrace.memory.record.RecordType}: name, fields, offsets, newFlyweight()
 *      | schema(), as text, stored with the records
 *      v
 *   {@link io.millrace.memory.record.RecordUpgrade}: from the layout that was stored to the current one
 *
 *   TradeFlyweight -- one for each field, moved by its getter --> {@link io.millrace.memory.record.TextView},
 *         |                                                        {@link io.millrace.memory.record.BytesView}
 *         v                                                           |
 *   {@link io.millrace.memory.record.FieldCodec}, {@link io.millrace.memory.record.VarBytesCodec}: bytes, as
 *   {@link io.millrace.memory.record.FieldDescriptor} lays them out
 *
 *   slot:  | header 32 ({@link io.millrace.memory.record.SlotDescriptor}) | payload: what the flyweight is wrapped to |
 * </pre>
 */
package io.millrace.memory.record;
