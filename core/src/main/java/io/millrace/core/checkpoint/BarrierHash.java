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
package io.millrace.core.checkpoint;

import java.util.Comparator;

/**
 * What an operator instance held at a barrier, and what it had emitted since the barrier before, as numbers. Two runs of
 * the same plan on the same input, in the same order, have the same, whatever the threading mode, the rings and the
 * backend; where they first differ, something outside the input has had a say.
 *
 * @param checkpoint whose barrier it was; a replay may number them otherwise
 * @param cause      of the barrier: its place in the input
 * @param operator   uid of the operator; the uid of a task's head is also that of what the engine keeps for the task
 * @param subtask    index of the instance
 * @param state      64 bits over what it held
 * @param output     64 bits over the records that it emitted since the barrier before, in their order; 0 when there is none
 * @param records    number of those records
 * @param lastCause  of the last record that it has emitted in this life of the job, -1 when there is none
 */
public record BarrierHash(
    long checkpoint, long cause, String operator, int subtask, long state, long output, long records, long lastCause)
    implements Comparable<BarrierHash>
{
    private static final Comparator<BarrierHash> ORDER = Comparator.comparingLong(BarrierHash::cause)
        .thenComparingLong(BarrierHash::checkpoint).thenComparing(BarrierHash::operator).thenComparingInt(BarrierHash::subtask);

    @Override
    public int compareTo(final BarrierHash other)
    {
        return ORDER.compare(this, other);
    }
}
