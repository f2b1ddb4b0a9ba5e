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
 * Operators that let some of the records pass, as they are.
 *
 * <pre>
 *   {@link io.millrace.operators.selection.DistinctOperator}     the first of a key, for ever        table of keys
 *   {@link io.millrace.operators.selection.DeduplicateOperator}  one of a key within a horizon    \
 *   {@link io.millrace.operators.selection.LimitOperator}        so many of a key in an interval  -- SlicedSelection: slices of time
 *   {@link io.millrace.operators.selection.EveryNthOperator}     one in so many
 *   {@link io.millrace.operators.selection.HashSample}           a filter by the hash of a field
 *   {@link io.millrace.operators.selection.LatestRecord}         the last of a key in an interval, by tumbling windows
 *   {@link io.millrace.operators.selection.ConflateOperator}     the last of a key, when the consumer asks for it
 * </pre>
 */
package io.millrace.operators.selection;
