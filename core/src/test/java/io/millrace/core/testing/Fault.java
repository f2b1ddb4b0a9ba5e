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
package io.millrace.core.testing;

/** What is wrong with a {@link FaultyOperator}. */
public enum Fault
{
    /** Nothing. */
    NONE,
    /** A batch is processed from its end. */
    TURNS_BATCHES,
    /** Only the first record of a batch decides which key is meant. */
    ONE_KEY_PER_BATCH,
    /** Emits everything again when it is called again at a full output. */
    STARTS_OVER,
    /** Is done at a full output, whatever is left. */
    STOPS_SHORT,
    /** Says to go on when the output has said stop. */
    HEEDLESS,
    /** Does not put a number into its snapshot. */
    FORGETS_NUMBER,
    /** Changes a value and does not say so. */
    FORGETS_WRITTEN,
    /** Reads a value that it found, behind the call that ends its validity. */
    KEEPS_ADDRESS,
    /** Removes keys while it goes over them. */
    REMOVES_DURING_ITERATION,
    /** Keeps the address of a record's slot. */
    KEEPS_SLOT,
    /** Keeps the last value, where it should keep the greatest. */
    LAST_VALUE,
    /** Keeps off-heap memory. */
    LEAKS
}
