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
package io.millrace.benchmarks.compare;

import io.millrace.benchmarks.workload.Setting;
import io.millrace.benchmarks.workload.StatePlace;
import io.millrace.core.runtime.WaitMode;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a trial is told; handed from the parent process to its children. */
final class TrialOptions
{
    @Option(names = "--events", paramLabel = "N", description = "events that are timed; default: a few seconds' worth")
    long events;

    @Option(names = "--preloaded", description = "the input lies in memory, 8 times the last-level cache")
    boolean preloaded;

    @Option(
        names = "--cpu-time",
        description = "count the time that the thread had a processor, where others share the machine")
    boolean cpuTime;

    @Option(
        names = "--checkpoints",
        paramLabel = "TIME",
        converter = IntervalConverter.class,
        description = "compare Millrace with itself making exactly-once checkpoints so often, say 1s or 200ms")
    Duration checkpoints;

    @Option(
        names = "--wait",
        paramLabel = "MODE",
        description = "what the threads of --exchange do while they wait: YIELD or BUSY_SPIN; default: ${DEFAULT-VALUE}")
    WaitMode waiting = WaitMode.YIELD;

    @Option(
        names = "--state",
        paramLabel = "PLACE",
        converter = StatePlaceConverter.class,
        description = "where Millrace keeps keyed state: off-heap, chronicle-map or rocksdb; default: off-heap")
    StatePlace state = StatePlace.OFF_HEAP;

    Setting setting()
    {
        return new Setting(checkpoints, waiting, state);
    }

    List<String> toArguments()
    {
        final List<String> arguments = new ArrayList<>();
        if (events != 0)
        {
            arguments.add("--events=" + events);
        }
        if (preloaded)
        {
            arguments.add("--preloaded");
        }
        if (cpuTime)
        {
            arguments.add("--cpu-time");
        }
        if (checkpoints != null)
        {
            arguments.add("--checkpoints=" + checkpoints.toMillis() + "ms");
        }
        arguments.add("--wait=" + waiting);
        arguments.add("--state=" + state);
        return arguments;
    }
}
