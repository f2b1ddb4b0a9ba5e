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
package io.millrace.operators.state;

/** A state whose entries expire. */
interface ExpiringState extends ScopedState
{
    /**
     * Takes note that an entry of the scope's key may have come to its end: removes it, or says when its end will be.
     *
     * @param key address of the entry's key in the indexed table
     * @param end when it was to be
     */
    void due(long key, long end);

    /** What the state shares with all that expire. */
    ExpiringTable expiring();
}
