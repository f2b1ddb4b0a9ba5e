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
 * Keys, and operators that keep something for each.
 *
 * <pre>
 *   record --LongKeyEncoder, TextKeyEncoder, CompositeKeyEncoder--> key bytes --KeyHash--> hash
 *   KeyBatch: the keys of a batch are computed, then looked up at once, then each record is added
 *      {@link io.millrace.operators.keyed.AccumulateOperator}
 *   key bytes --{@link io.millrace.operators.keyed.KeyView}--> what a window function reads
 *
 *   text key, 40 bytes:      | length 8 | UTF-8, zeros behind it, 32 |
 *   composite key, 40 bytes: | length 8 | parts, zeros behind them, 32 |
 *   long key, 8 bytes:       | value |
 * </pre>
 */
package io.millrace.operators.keyed;
