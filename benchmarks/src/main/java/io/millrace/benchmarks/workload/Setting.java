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

import io.millrace.core.runtime.WaitMode;

import java.time.Duration;

/**
 * How a program is run, whatever it works on.
 *
 * @param checkpointInterval from one checkpoint to the next, where the contender makes any; null for none
 * @param waiting            what threads that hand records to each other do when they have none
 * @param state              where the engine keeps keyed state
 */
public record Setting(Duration checkpointInterval, WaitMode waiting, StatePlace state)
{
    /** No checkpoints, threads that yield, state off-heap. */
    public static final Setting PLAIN = new Setting(null, WaitMode.YIELD, StatePlace.OFF_HEAP);
}
