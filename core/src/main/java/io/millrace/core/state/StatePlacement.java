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
package io.millrace.core.state;

/**
 * What becomes of a state's entries when the number of the operator's instances changes.
 */
public enum StatePlacement
{
    /** An entry goes with the key group of the stream's key, which its key begins with. */
    BY_KEY,
    /** The entries are a list of each instance, by their index as a long; all lists are divided anew (SEMANTICS OP-1). */
    SPLIT,
    /** As {@link #SPLIT}, and every instance is given all at a restore (SEMANTICS OP-2). */
    UNION,
    /** Every instance has a copy of all (SEMANTICS OP-3). */
    BROADCAST,
    /** What other states say is kept here in another form, and made anew where it is missing. */
    DERIVED,
    /** It belongs to its instance: their number must stay. */
    FIXED
}
