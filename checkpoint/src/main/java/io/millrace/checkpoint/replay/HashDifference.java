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
package io.millrace.checkpoint.replay;

import io.millrace.core.checkpoint.BarrierHash;

/**
 * The first barrier at which an operator was not what it was, and the first operator of the plan for which that is so: those
 * that feed it had emitted the same since the barrier before.
 *
 * @param operator   uid of the operator
 * @param name       of the operator
 * @param subtask    index of the instance
 * @param checkpoint of the recorded barrier
 * @param from       cause of the barrier before, -1 for the start
 * @param to         cause of the barrier
 * @param recorded   hashes of the run
 * @param replayed   hashes of the replay
 */
public record HashDifference(
    String operator,
    String name,
    int subtask,
    long checkpoint,
    long from,
    long to,
    BarrierHash recorded,
    BarrierHash replayed)
{
    /**
     * Whether what the operator has emitted differs, and not only what it holds.
     *
     * @return true when the output differs
     */
    public boolean outputDiffers()
    {
        return recorded.output() != replayed.output() || recorded.records() != replayed.records();
    }

    @Override
    public String toString()
    {
        return "operator " + name + " (uid " + operator + ", instance " + subtask + ") differs between cause=" +
            ReplayPosition.text(from) + " and checkpoint " + checkpoint + " at cause=" + ReplayPosition.text(to) + ": " +
            (outputDiffers() ? "output, records=" + recorded.records() + " | " + replayed.records() : "state");
    }
}
