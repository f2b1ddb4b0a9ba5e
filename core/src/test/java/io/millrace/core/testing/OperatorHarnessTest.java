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
package io.millrace.core.testing;

import io.millrace.core.operator.OperatorFactory;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OperatorHarnessTest
{
    @Test
    void shouldShowWhatAnOperatorEmits()
    {
        try (OperatorHarness<ReadingFlyweight, Reading> harness = sums().open())
        {
            harness.push(5, reading -> reading.key(1).value(10));
            harness.push(6, reading -> reading.key(1).value(20));
            assertEquals(List.of(new Emitted<>(5, 0, 10L), new Emitted<>(6, 1, 30L)),
                harness.emitted(Reading::value));
            assertEquals(List.of(), harness.results(Reading::value));
        }
    }

    @Test
    void shouldRestoreAChainOfDeltas()
    {
        OperatorSnapshot snapshot = null;
        long expected = 0;
        for (int life = 0; life < 4; life++)
        {
            try (OperatorHarness<ReadingFlyweight, Reading> harness = sums())
            {
                if (snapshot == null)
                {
                    harness.open();
                }
                else
                {
                    harness.restore(snapshot);
                }
                for (int i = 1; i <= 3; i++)
                {
                    final long value = i;
                    harness.push(0, reading -> reading.key(7).value(value));
                    expected += value;
                    assertEquals(List.of(expected), harness.results(Reading::value), "life=" + life);
                    snapshot = harness.barrier();
                }
                harness.push(0, reading -> reading.key(7).value(1_000_000));
            }
        }
    }

    @Test
    void shouldSayStopWhenTheOutputIsFull()
    {
        try (OperatorHarness<ReadingFlyweight, Reading> harness = sums().room(1).open())
        {
            assertFalse(harness.push(0, reading -> reading.value(1)));
            assertTrue(harness.room(2).push(0, reading -> reading.value(1)));
        }
    }

    @Test
    void shouldRefuseASideOutputThatWasNotDeclared()
    {
        try (OperatorHarness<ReadingFlyweight, Reading> harness = sums().open())
        {
            assertThrows(IllegalArgumentException.class,
                () -> harness.emitted("late", ReadingFlyweight.TYPE, Reading::value));
            assertThrows(IllegalArgumentException.class, () -> harness.counter("none"));
        }
    }

    private static OperatorHarness<ReadingFlyweight, Reading> sums()
    {
        return OperatorHarness.of(OperatorFactory.of(SumOperator.class), ReadingFlyweight.TYPE, ReadingFlyweight.TYPE);
    }
}
