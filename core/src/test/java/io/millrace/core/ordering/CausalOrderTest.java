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
package io.millrace.core.ordering;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The invariants I1 to I8 of the order at fan-in, on random schedules, and what must be noticed when a rule is broken. */
class CausalOrderTest
{
    private static final int SEEDS = Integer.getInteger("millrace.seeds", 4);

    static List<SimulationPlan> plans()
    {
        return List.of(
            new SimulationPlan(2, 1),
            new SimulationPlan(2, 1).rings(4),
            new SimulationPlan(1, 4, 1),
            new SimulationPlan(1, 4, 1).rings(4).batches(40).records(60, 1_000),
            new SimulationPlan(1, 2, 1).shared(),
            new SimulationPlan(2, 1).barriers(60, 3),
            new SimulationPlan(2, 4, 4, 1),
            new SimulationPlan(2, 4, 4, 1).shared().rings(4),
            new SimulationPlan(3, 3, 2, 3, 1),
            new SimulationPlan(3, 3, 2, 3, 1).rings(4).burst(1, 60));
    }

    static List<SimulationPlan> mutantPlans()
    {
        return List.of(
            new SimulationPlan(3, 3, 2, 3, 1).rings(4).burst(1, 60),
            new SimulationPlan(2, 1).barriers(60, 3),
            new SimulationPlan(1, 4, 1).rings(4).batches(40).records(60, 1_000),
            new SimulationPlan(2, 4, 4, 1).rings(8).burst(1, 40));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void shouldReplayTheSameUnderAnySchedule(final SimulationPlan plan)
    {
        for (int seed = 0; seed < SEEDS; seed++)
        {
            try (Simulation live = new Simulation(plan, seed, null, Mutant.NONE))
            {
                live.run();
                for (int replays = 1; replays <= 1 + seed % 2; replays++)
                {
                    try (Simulation replay = new Simulation(plan, seed + 1_000L * replays, live.recorded, Mutant.NONE))
                    {
                        replay.run();
                        assertEquals(live.result(), replay.result(), () -> "plan=" + plan);
                    }
                }
            }
        }
    }

    @Test
    void shouldPassBurstsOfTenThousandThroughRingsOfFourSlots()
    {
        final SimulationPlan plan = new SimulationPlan(3, 3, 2, 3, 1).rings(4).burst(1, 10_000).records(2, 2);
        try (Simulation live = new Simulation(plan, 1, null, Mutant.NONE);
            Simulation replay = run(live) ? new Simulation(plan, 2, live.recorded, Mutant.NONE) : null)
        {
            replay.run();
            assertTrue(live.peakLaneSlots() > 1_000, () -> "peakLaneSlots=" + live.peakLaneSlots());
            assertEquals(live.result(), replay.result());
        }
    }

    @Test
    void shouldNotNeedAParkedSource()
    {
        final SimulationPlan plan = new SimulationPlan(2, 2, 1);
        plan.barriers = 0;
        for (int seed = 0; seed < 4 * SEEDS; seed++)
        {
            try (Simulation simulation = new Simulation(plan, seed, null, Mutant.NONE))
            {
                simulation.park(1);
                simulation.runUntilQuiet();
                assertFalse(simulation.ended());
                // Everything of the other source got through the merges, its end too.
                for (final SimulatedTask task : simulation.tasks)
                {
                    for (final InputChannel channel : simulation.graph.inputs(2 + simulation.tasks.indexOf(task)))
                    {
                        assertEquals(channel.consumer.published(), channel.consumer.consumed());
                        assertTrue(channel.producer != 0 || channel.ended);
                    }
                }
            }
        }
    }

    @Test
    void shouldDependOnTheScheduleWithoutCausalOrder()
    {
        // The negative control of the replay test: records of two live runs come in different orders.
        final SimulationPlan plan = new SimulationPlan(2, 1);
        try (Simulation one = new Simulation(plan, 1, null, Mutant.NONE); Simulation other = new Simulation(plan, 2, null, Mutant.NONE))
        {
            one.run();
            other.run();
            assertFalse(one.result().equals(other.result()));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Mutant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldNoticeWhenARuleIsBroken(final Mutant mutant)
    {
        final List<SimulationPlan> plans = mutantPlans();
        for (int seed = 0; seed < 400; seed++)
        {
            final SimulationPlan plan = plans.get(seed % plans.size());
            final Simulation simulation = new Simulation(plan, seed, null, mutant);
            try (simulation)
            {
                simulation.run();
            }
            catch (final AssertionError | IllegalStateException noticed)
            {
                return;
            }
        }
        throw new AssertionError("mutant=" + mutant + " was not noticed");
    }

    private static boolean run(final Simulation simulation)
    {
        simulation.run();
        return true;
    }
}
