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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

class WorkloadTest
{
    private static final long COUNT = 500_000;
    private static final long BYTES = 1 << 20;
    private static final Setting SETTING = new Setting(Duration.ofMillis(5), WaitMode.YIELD, StatePlace.OFF_HEAP);

    @ParameterizedTest
    @EnumSource(Workload.class)
    void shouldComeToTheSameResultsOnAllSidesWhenEventsAreGenerated(final Workload workload)
    {
        try (Input input = Input.generated(COUNT))
        {
            shouldComeToTheSameResults(workload, input);
        }
    }

    @ParameterizedTest
    @EnumSource(Workload.class)
    void shouldComeToTheSameResultsOnAllSidesWhenEventsArePreloaded(final Workload workload)
    {
        try (Input input = Input.preloaded(COUNT, BYTES, workload))
        {
            shouldComeToTheSameResults(workload, input);
        }
    }

    @ParameterizedTest
    @EnumSource(StatePlace.class)
    void shouldComeToTheSameResultsWhereverTheStateIs(final StatePlace state)
    {
        try (Input input = Input.generated(COUNT))
        {
            for (final Workload workload : List.of(Workload.W2, Workload.W3, Workload.W7))
            {
                final long expected = checksum(workload, Contender.MILLRACE, input, SETTING);
                final Setting setting = new Setting(Duration.ofMillis(5), WaitMode.YIELD, state);
                for (final Contender contender : List.of(Contender.MILLRACE, Contender.CHECKPOINTED))
                {
                    if (workload.contenders().contains(contender))
                    {
                        assertEquals(expected, checksum(workload, contender, input, setting),
                            () -> workload + " by " + contender);
                    }
                }
            }
        }
    }

    private static void shouldComeToTheSameResults(final Workload workload, final Input input)
    {
        final long expected = checksum(workload, workload.contenders().get(0), input, SETTING);
        assertNotEquals(0, expected);
        for (final Contender contender : workload.contenders())
        {
            assertEquals(expected, checksum(workload, contender, input, SETTING), () -> workload + " by " + contender);
        }
    }

    private static long checksum(
        final Workload workload, final Contender contender, final Input input, final Setting setting)
    {
        try (Program program = workload.open(contender, input, setting))
        {
            long next = 0;
            while (next < COUNT / 2)
            {
                next = program.advanceTo(next + 10_000);
            }
            return program.finish();
        }
    }
}
