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
package io.millrace.operators.process;

import io.millrace.core.operator.Operator;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.ProcessHarness.ReadingFunction;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.millrace.operators.process.ProcessHarness.results;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** SEMANTICS TIM: a value above 0 registers a timer at that time, one below deletes the timer at its negative. */
class TimerSemanticsTest
{
    private static class Registering implements ReadingFunction
    {
        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            if (record.value() > 0)
            {
                context.timerService().registerEventTimeTimer(record.value());
            }
            else
            {
                context.timerService().deleteEventTimeTimer(-record.value());
            }
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            ProcessHarness.emit(out, context.currentKey(), context.timerService().currentWatermark());
        }
    }

    /** A timer at 20 registers 15 and 25. */
    private static final class Registering15And25 extends Registering
    {
        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            super.onTimer(timestamp, context, out);
            if (timestamp == 20)
            {
                context.timerService().registerEventTimeTimer(15);
                context.timerService().registerEventTimeTimer(25);
            }
        }
    }

    private static void push(final OperatorHarness<ReadingFlyweight, Summary> harness, final long key, final long value)
    {
        harness.push(0, reading -> reading.sensor(key).value(value));
    }

    @Test
    void shouldFollowTIM1ATimerIsAKeyAndATime()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Registering::new).open())
        {
            push(harness, 1, 5);
            push(harness, 1, 5);
            push(harness, 2, 5);
            push(harness, 1, 6);
            push(harness, 1, -6);
            push(harness, 1, -7);
            harness.watermark(10);
            assertEquals(List.of("1:10@5", "2:10@5"), results(harness));
        }
    }

    @Test
    void shouldFollowTIM2ResultsHaveTheTimeOfTheTimer()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Registering::new).open())
        {
            push(harness, 1, 5);
            harness.watermark(4);
            assertEquals(List.of(), results(harness));
            harness.watermark(5);
            assertEquals(List.of("1:5@5"), results(harness));
            harness.watermark(6);
            assertEquals(List.of(), results(harness));
        }
    }

    @Test
    void shouldFollowTIM3APastTimerFiresAtTheNextWatermark()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Registering::new).open())
        {
            harness.watermark(5);
            push(harness, 1, 2);
            assertEquals(List.of(), results(harness));
            harness.watermark(6);
            assertEquals(List.of("1:6@2"), results(harness));
        }
    }

    @Test
    void shouldFollowTIM4TimersThatATimerRegistersFireInTheSameAdvance()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Registering15And25::new).open())
        {
            push(harness, 1, 20);
            push(harness, 2, 22);
            harness.watermark(30);
            assertEquals(List.of("1:30@20", "1:30@15", "2:30@22", "1:30@25"), results(harness));
        }
    }

    @Test
    void shouldFollowTIM6TimersOfOneTimeFireInTheOrderOfTheirRegistration()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Registering::new).open())
        {
            for (final long key : new long[] {9, 1, 5, 3})
            {
                push(harness, key, 7);
            }
            push(harness, 1, -7);
            push(harness, 1, 7);
            harness.watermark(7);
            assertEquals(List.of("9:7@7", "5:7@7", "3:7@7", "1:7@7"), results(harness));
        }
    }

    @Test
    void shouldFollowTIM7TimersAreKeyedState()
    {
        final OperatorSnapshot snapshot;
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Registering::new).open())
        {
            harness.watermark(3);
            for (final long key : new long[] {9, 1, 5, 3})
            {
                push(harness, key, 7);
            }
            push(harness, 5, -7);
            push(harness, 2, 6);
            snapshot = harness.barrier();
        }
        try (OperatorHarness<ReadingFlyweight, Summary> harness =
            ProcessHarness.of(Registering::new).restore(snapshot))
        {
            push(harness, 4, 7);
            harness.watermark(7);
            assertEquals(List.of("2:7@6", "9:7@7", "1:7@7", "3:7@7", "4:7@7"), results(harness));
        }
    }

    @Test
    void shouldFollowWM4TheEndFiresAllTimers()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Registering::new).open())
        {
            push(harness, 1, Long.MAX_VALUE);
            push(harness, 1, 5);
            harness.finish();
            assertEquals(List.of("1:9223372036854775807@5", "1:9223372036854775807@9223372036854775807"), results(harness));
        }
    }

    @Test
    void shouldStopAndGoOnWhereTheOutputIsFull()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Registering::new).room(1).open())
        {
            for (long key = 0; key < 5; key++)
            {
                push(harness, key, 10 - key);
            }
            assertTrue(harness.watermark(10) >= 5);
            assertEquals(List.of("4:10@6", "3:10@7", "2:10@8", "1:10@9", "0:10@10"), results(harness));
        }
    }

    @Test
    void shouldLetOthersOnTheThreadHaveTheirTurn()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Registering::new).open())
        {
            final int timers = 5 * Operator.MAX_FIRINGS + 1;
            for (long key = 0; key < timers; key++)
            {
                push(harness, key, 5);
            }
            assertTrue(harness.watermark(5) >= 6);
            assertEquals(timers, results(harness).size());
        }
    }

    @Test
    void shouldFailWhereThereIsNoKey()
    {
        final KeyedContext<?>[] kept = new KeyedContext<?>[1];
        final ReadingFunction keeping = (record, context, out) -> kept[0] = context;
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(() -> keeping).open())
        {
            push(harness, 1, 1);
            final String message = assertThrows(IllegalStateException.class,
                () -> kept[0].timerService().registerEventTimeTimer(5)).getMessage();
            assertTrue(message.contains("outside of a callback"), message);
        }
    }
}
