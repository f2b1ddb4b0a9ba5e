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
package io.millrace.operators.pattern;

/** When a match is emitted whose pattern skips what overlaps with matches (SEMANTICS CEP-19). */
public enum EmitOrder
{
    /** When its last record is processed. */
    EAGER,
    /**
     * When in addition no partial match of the key is alive that started before it, as Flink does: that one might skip
     * this one when it completes. Without a time limit it may never be.
     */
    ORDERED
}
