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
 * Functions with state and timers by key, on one stream or on two, and functions without a key.
 *
 * <pre>
 *   a record   --> {@link io.millrace.operators.process.KeyedProcessOperator}    --processElement--> KeyedProcessFunction
 *   of two     --> {@link io.millrace.operators.process.KeyedCoProcessOperator}  --processElement1, 2--> KeyedCoProcessFunction
 *   watermark  --> both                    --onTimer-->
 *                    | has one
 *                  {@link io.millrace.operators.process.KeyedCallbacks}: key, states, time and
 *                    | has one
 *                  {@link io.millrace.operators.process.Timers}: a table, and a queue that is made of it
 *
 *   a stream without keys            {@link io.millrace.operators.process.ProcessOperator}                 ProcessFunction
 *   two                              {@link io.millrace.operators.process.CoProcessOperator}               CoProcessFunction
 *   one, and one that is broadcast   {@link io.millrace.operators.process.BroadcastProcessOperator}        BroadcastProcessFunction
 *   keyed, and one that is broadcast {@link io.millrace.operators.process.KeyedBroadcastProcessOperator}   KeyedBroadcastProcessFunction
 *                                      | has one
 *                                    {@link io.millrace.operators.process.InstanceCallbacks}: states of the instance, time
 * </pre>
 */
package io.millrace.operators.process;
