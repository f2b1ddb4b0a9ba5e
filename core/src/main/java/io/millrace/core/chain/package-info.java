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
 * What joins the operators of one task: outputs that lead from one operator to the next without leaving the thread.
 *
 * <pre>
 *   source --StampingOutput--> filter --BatchedOutput--> map --BatchedOutput--> keyed operator
 *                                                                       |
 *                                                    FanOutOutput where several take one stream
 *   ring --batch--> {@link io.millrace.core.chain.RecordLoop} --> operator that takes one record at a time
 * </pre>
 *
 * Records go from stage to stage by the batch, as an array of the addresses of their slots: a stage is a short loop that
 * the compiler sees alone, what it does not change goes on without a copy, and nothing is called once a record but the
 * user's function. Where streams part and meet again in a task, they go one by one.
 * <p>
 *
 * Each instance is made by {@link io.millrace.core.chain.IsolatedLoader} from a copy of its class, so that its call
 * sites see one receiver and the compiler inlines it. Hence the classes are public, and call public
 * members only.
 */
package io.millrace.core.chain;
