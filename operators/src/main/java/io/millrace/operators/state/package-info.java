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
 * State for functions that users write, by key and by instance: typed handles over the tables of the operator's backend.
 *
 * <pre>
 *   open:      function --declares--> {@link io.millrace.operators.state.StateStore} = {@link io.millrace.operators.state.KeyedStates}
 *                                        |  one handle a state, one to three tables a handle
 *   callback:  operator --enter(key)--> KeyedStates, function reads and writes its handles, operator --leave()-->
 *
 *   ValueState, LongState, DoubleState, ReducingState, AggregatingState   KeyedEntry      key -> value
 *   ListState                                                             + KeyedElements key, index -> record
 *   LongMapState, TextMapState                                            MapEntries      key, second key -> record
 *
 *   open:      function --declares--> {@link io.millrace.operators.state.OperatorStateStore}
 *                                     = {@link io.millrace.operators.state.OperatorStates}
 *
 *   ListState of an instance, split or united                             InstanceList     index -> record
 *   LongMapState, TextMapState that the broadcast side writes             BroadcastEntries second key -> record
 *   with a {@link io.millrace.operators.state.StateTtl}, 8 bytes for the last touch behind each value, element, entry:
 *   ExpiringEntry, ExpiringList, ExpiringMap --new row--> ExpiryIndex (bounds a block of the table, heap of what is due)
 *                     ^                                        |
 *                     +--due-- {@link io.millrace.operators.state.Expiries} --ask what is next-+     shows the operator an ExpiredEntry
 * </pre>
 */
package io.millrace.operators.state;
