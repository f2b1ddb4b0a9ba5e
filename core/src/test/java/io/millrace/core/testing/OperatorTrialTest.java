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

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OperatorTrialTest
{
    @Test
    void shouldPassARightOperator()
    {
        for (long seed = 0; seed < 20; seed++)
        {
            assertTrue(trial(Fault.NONE).seed(seed).run(script(seed)).size() > 20);
        }
    }

    /** Each mode finds what only it can find. */
    @ParameterizedTest
    @CsvSource({
        "TURNS_BATCHES, BATCHED", "ONE_KEY_PER_BATCH, BATCHED", "KEEPS_SLOT, BATCHED",
        "STARTS_OVER, OUTPUT_REFUSED", "STOPS_SHORT, OUTPUT_REFUSED", "HEEDLESS, OUTPUT_REFUSED",
        "FORGETS_NUMBER, RESTORED", "FORGETS_WRITTEN, STATE_COPIED", "KEEPS_ADDRESS, STATE_COPIED",
        "REMOVES_DURING_ITERATION, ONE_AT_A_TIME", "LAST_VALUE, SHUFFLED", "LEAKS, ONE_AT_A_TIME"})
    void shouldCatchAWrongOperator(final Fault fault, final TrialMode mode)
    {
        final AssertionError found = assertThrows(AssertionError.class, () -> trial(fault, mode).run(script(1)));
        assertTrue(found.getMessage().startsWith("mode=" + mode + " seed=1 "), found.getMessage());
        assertTrue(found.getMessage().contains("\nscript up to there"), found.getMessage());
    }

    @Test
    void shouldTellTheFirstDifference()
    {
        final Script script = new Script()
            .push(ReadingFlyweight.TYPE, 5, reading -> reading.key(1).value(7))
            .push(ReadingFlyweight.TYPE, 4, reading -> reading.key(2).value(8))
            .watermark(6);
        final AssertionError found = assertThrows(
            AssertionError.class, () -> trial(Fault.FORGETS_NUMBER, TrialMode.RESTORED).run(script));
        assertEquals("""
            mode=RESTORED seed=1 gives other results than ONE_AT_A_TIME, the first at result #0 of main output
            expected: Reading[time=2, key=2, value=8] @6 cause=1, after element #2
            actual:   Reading[time=0, key=2, value=8] @6 cause=1, after element #2
            script up to there:
              #0 Reading[time=0, key=1, value=7] @5
              #1 Reading[time=0, key=2, value=8] @4
              #2 watermark 6
            """, found.getMessage());
    }

    @Test
    void shouldGiveTheResultsOneAtATime()
    {
        assertEquals(List.of(
            "Reading[time=1, key=3, value=20] @9", "Reading[time=1, key=3, value=20] @9223372036854775807",
            "tens: Reading[time=0, key=3, value=20] @1"),
            trial(Fault.NONE).run(
                new Script().push(ReadingFlyweight.TYPE, 1, reading -> reading.key(3).value(20)).watermark(9)));
    }

    @Test
    void shouldShuffleWithinWatermarksOnly()
    {
        for (long seed = 0; seed < 50; seed++)
        {
            final Script script = script(seed);
            final List<ScriptElement> before = script.elements();
            final boolean keepTies = seed % 2 == 0;
            final List<ScriptElement> after = script.shuffled(new SplittableRandom(seed), keepTies).elements();
            long watermark = Long.MIN_VALUE;
            int moved = 0;
            for (int i = 0; i < before.size(); i++)
            {
                final ScriptElement element = before.get(i);
                moved += element == after.get(i) ? 0 : 1;
                if (element.isWatermark() || element.timestamp() <= watermark)
                {
                    assertEquals(element, after.get(i));
                }
                watermark = element.isWatermark() ? element.timestamp() : watermark;
                if (keepTies)
                {
                    final long timestamp = element.timestamp();
                    assertEquals(before.stream().filter(one -> one.timestamp() == timestamp).toList(),
                        after.stream().filter(one -> one.timestamp() == timestamp).toList());
                }
            }
            assertTrue(moved > 20, "moved=" + moved);
        }
    }

    @Test
    void shouldRefuseAWatermarkThatDoesNotGrow()
    {
        final Script script = new Script().watermark(7);
        assertThrows(IllegalArgumentException.class, () -> script.watermark(7));
    }

    private static OperatorTrial trial(final Fault fault, final TrialMode mode)
    {
        final OperatorTrial trial = trial(fault);
        for (final TrialMode other : TrialMode.values())
        {
            if (other != mode)
            {
                trial.without(other);
            }
        }
        return trial;
    }

    private static OperatorTrial trial(final Fault fault)
    {
        final OperatorFactory<Operator> factory = OperatorFactory.of(FaultyOperator.class, fault);
        return OperatorTrial.of(factory, ReadingFlyweight.TYPE).sideOutput("tens", ReadingFlyweight.TYPE);
    }

    private static Script script(final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final Script script = new Script();
        for (int number = 0; number < 80; number++)
        {
            final long key = random.nextInt(5);
            final long value = random.nextInt(60);
            script.push(ReadingFlyweight.TYPE, number + random.nextInt(20) - (random.nextInt(9) == 0 ? 40 : 0),
                reading -> reading.key(key).value(value));
            if (number % 12 == 11)
            {
                script.watermark(number);
            }
        }
        return script;
    }
}
