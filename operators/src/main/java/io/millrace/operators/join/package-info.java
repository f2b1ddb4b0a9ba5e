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
 * Joins of two streams that are grouped by the same kind of key.
 *
 * <pre>
 *   first  ---&gt; LeftInput  --+--&gt; {@link io.millrace.operators.join.JoinBuffer}: slice, key --&gt; lefts and rights
 *   second ---&gt; RightInput --+         | partners of a record when it arrives, or all of a window when it closes
 *                                      v
 *                                the user's function ---&gt; output
 *
 *   {@link io.millrace.operators.join.IntervalJoinOperator} records whose times are near to each other
 *   {@link io.millrace.operators.join.WindowJoinOperator} all pairs of a window, when it closes
 *   {@link io.millrace.operators.join.CoGroupOperator} a window's records of both sides together
 *   {@link io.millrace.operators.join.SessionJoinOperator} either of a session: {@link io.millrace.operators.join.JoinSessions}
 *   {@link io.millrace.operators.join.ArrivalTimeJoinOperator} one of the three before by processing time
 *   {@link io.millrace.operators.join.AsOfJoinOperator} a record with the version in force at its time
 *   {@link io.millrace.operators.join.EnrichOperator} a record with the latest of a broadcast table, without keyed streams
 * </pre>
 */
package io.millrace.operators.join;
