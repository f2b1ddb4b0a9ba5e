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
package io.millrace.core.exchange;

/** An output that asks for the key of each record: a function of the user's, which may fail. */
public interface KeyedOutput
{
    /**
     * The slot of the record whose key is being asked for, for the message of a failure. It may be one in the middle of
     * a batch, and the operator that sent the batch does not know which.
     *
     * @return its address, or 0 when none is
     */
    long currentSlot();

    /** Forgets a failure that somebody has taken. */
    void failureTaken();
}
