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
package io.millrace.core.runtime;

import java.util.Comparator;

/**
 * What an operator instance held at a barrier, as a number: its tables and what it keeps outside of them, or the
 * position of a source. Two runs of the same plan on the same input have the same, whatever the threading mode, the
 * rings and the backend.
 *
 * @param checkpoint whose barrier it was
 * @param operator   uid of the operator
 * @param subtask    index of the instance
 * @param hash       64 bits over all of it
 */
public record StateHash(long checkpoint, String operator, int subtask, long hash) implements Comparable<StateHash>
{
    private static final Comparator<StateHash> ORDER = Comparator.comparingLong(StateHash::checkpoint)
        .thenComparing(StateHash::operator).thenComparingInt(StateHash::subtask).thenComparingLong(StateHash::hash);

    @Override
    public int compareTo(final StateHash other)
    {
        return ORDER.compare(this, other);
    }
}
