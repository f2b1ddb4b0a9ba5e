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

/** How an operator is driven in an {@link OperatorTrial}. */
public enum TrialMode
{
    /** Each record is a batch of its own, and the input is empty behind it: what all others are compared with. */
    ONE_AT_A_TIME,
    /** Records come in batches of many lengths, with a snapshot between some of them. */
    BATCHED,
    /** Each output says stop at every other record or so, and the operator is called again; it must pass that on. */
    OUTPUT_REFUSED,
    /** A new instance is made from a snapshot after every element of the script. */
    RESTORED,
    /** State gives out copies of values, and poisons them when they are no longer valid; with snapshots now and then. */
    STATE_COPIED,
    /**
     * Records between two watermarks come in another order, such that none becomes late. The results are the same but
     * for their order and causes.
     */
    SHUFFLED
}
