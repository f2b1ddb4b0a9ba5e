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
package io.millrace.benchmarks.workload;

import java.util.Locale;

/** Who works on a workload. */
public enum Contender
{
    /** Hand-written: a single thread, a loop, heap arrays. */
    LOOP,
    /** The engine: the chain fused into one task, stepped by the measuring thread. */
    MILLRACE,
    /** The engine with exactly-once checkpoints by time, to a local directory. */
    CHECKPOINTED,
    /** Hand-written: two threads, an event ring of the LMAX Disruptor between them. */
    DISRUPTOR,
    /** The engine: the source in one task, everything behind it in another, a thread each. */
    EXCHANGED,
    /** The loop with the engine's table instead of its own. */
    SEGMENTED,
    /** The loop with the engine's table, which looks ahead over a mini-batch. */
    LOOKAHEAD;

    /**
     * Whether it has threads of its own.
     *
     * @return false when the measuring thread does its work
     */
    public boolean threaded()
    {
        return this == DISRUPTOR || this == EXCHANGED;
    }

    /**
     * Name on the command line and in the output.
     *
     * @return in lower case
     */
    public String label()
    {
        return name().toLowerCase(Locale.ROOT);
    }
}
