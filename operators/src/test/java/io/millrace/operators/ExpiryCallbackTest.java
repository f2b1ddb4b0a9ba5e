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
package io.millrace.operators;

import io.millrace.core.operator.Operator;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.state.ExpiredEntry;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;
import io.millrace.operators.state.StateTtl;
import io.millrace.operators.state.StateTtl.TimeDomain;
import io.millrace.operators.state.ValueState;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a function is told of that which expires: once, in order, and never late. */
class ExpiryCallbackTest
{
    private static final StateTtl TEN = StateTtl.of(Duration.ofMillis(10)).withExpiryCallback();

    private static OperatorHarness<ReadingFlyweight, Summary> writing()
    {
        return ExpiringFunction.harness(TEN, (states, record) -> states.write(record.value(), record));
    }

    private static void push(
        final OperatorHarness<ReadingFlyweight, Summary> harness, final long key, final long time, final long value)
    {
        harness.push(time, reading -> reading.time(time).sensor(key).value(value));
    }

    @Test
    void shouldTellOfEveryTypeInTheOrderOfDeclaration()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = writing().open())
        {
            push(harness, 1, 0, 5);
            harness.watermark(9);
            assertEquals(List.of(), ExpiringFunction.told(harness));
            harness.watermark(10);
            assertEquals(List.of("value 1/0=5 until 10@10", "number 1/0=5 until 10@10", "fraction 1/0=5 until 10@10",
                "list 1/0=5 until 10@10", "long map 1/5=5 until 10@10", "text map 1/5=5 until 10@10",
                "reducing 1/0=5 until 10@10", "aggregating 1/1=5 until 10@10"), ExpiringFunction.told(harness));
            harness.watermark(1000);
            assertEquals(List.of(), ExpiringFunction.told(harness));
        }
    }

    @Test
    void shouldTellInTheOrderOfTimeAlsoWhenTheWatermarkJumps()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ExpiringFunction.harness(TEN, (states, record) ->
            states.value.update(record)).room(1).open())
        {
            for (long key = 0; key < 5; key++)
            {
                push(harness, key, 20 - key, key);
            }
            push(harness, 3, 25, 9);
            assertTrue(harness.watermark(1000) >= 5);
            assertEquals(List.of("value 4/0=4 until 26@26", "value 2/0=2 until 28@28", "value 1/0=1 until 29@29",
                "value 0/0=0 until 30@30", "value 3/0=9 until 35@35"), ExpiringFunction.told(harness));
        }
    }

    @Test
    void shouldTellWhenTheCallbackEndsOfWhatItFoundExpired()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = writing().open())
        {
            push(harness, 1, 0, 5);
            push(harness, 1, 3, 6);
            // Finds all but what was touched at 3; a value and what is like it were touched as a whole.
            push(harness, 1, 11, 7);
            assertEquals(List.of("list 1/0=5 until 10@10"), ExpiringFunction.told(harness));
            push(harness, 1, 30, 8);
            assertEquals(List.of("value 1/0=7 until 21@21", "number 1/0=7 until 21@21", "fraction 1/0=7 until 21@21",
                "list 1/0=6 until 13@13", "list 1/0=7 until 21@21", "reducing 1/0=18 until 21@21",
                "aggregating 1/3=18 until 21@21"), ExpiringFunction.told(harness));
            harness.watermark(30);
            assertEquals(List.of("long map 1/5=5 until 10@10", "text map 1/5=5 until 10@10", "long map 1/6=6 until 13@13",
                "text map 1/6=6 until 13@13", "long map 1/7=7 until 21@21", "text map 1/7=7 until 21@21"),
                ExpiringFunction.told(harness));
            harness.finish();
            assertEquals(8, ExpiringFunction.told(harness).size());
        }
    }

    @Test
    void shouldSayNothingOfWhatIsCleared()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ExpiringFunction.harness(TEN, (states, record) ->
        {
            states.write(1, record);
            states.value.clear();
            states.number.clear();
            states.fraction.clear();
            states.list.clear();
            states.longMap.remove(1);
            states.textMap.clear();
            states.reducing.clear();
            states.aggregating.clear();
        }).open())
        {
            push(harness, 1, 0, 5);
            harness.finish();
            assertEquals(List.of(), ExpiringFunction.told(harness));
        }
    }

    @Test
    void shouldTellTheSameAfterARestart()
    {
        final List<String> expected = new ArrayList<>();
        final OperatorSnapshot snapshot;
        try (OperatorHarness<ReadingFlyweight, Summary> harness = writing().open())
        {
            for (long time = 0; time < 100; time++)
            {
                push(harness, time % 7, time, time);
                harness.watermark(time - 3);
            }
            ExpiringFunction.told(harness);
            snapshot = harness.barrier();
            harness.watermark(103);
            expected.addAll(ExpiringFunction.told(harness));
            harness.finish();
            expected.addAll(ExpiringFunction.told(harness));
        }
        try (OperatorHarness<ReadingFlyweight, Summary> harness = writing().restore(snapshot))
        {
            harness.finish();
            assertEquals(expected, ExpiringFunction.told(harness));
        }
        assertTrue(expected.size() > 50, expected.toString());
    }

    /** Counts a key's readings, writes the count anew when it expires below 3, and looks where it must not. */
    private static final class Renewing implements KeyedProcessFunction<LongKey, Reading, SummaryFlyweight>
    {
        private LongState count;
        private LongState quiet;
        private ExpiredEntry kept;
        private LongMapState<Reading, ReadingFlyweight> map;
        private ValueState<Reading, ReadingFlyweight> value;

        @Override
        public void open(final StateStore states)
        {
            count = states.with(TEN).longValue("count");
            quiet = states.with(StateTtl.of(Duration.ofMillis(10))).longValue("quiet");
            map = states.longMap("map", ReadingFlyweight.TYPE);
            value = states.value("value", ReadingFlyweight.TYPE);
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            count.add(1);
            quiet.add(1);
            value.update(record);
            if (kept != null)
            {
                assertThrows(IllegalStateException.class, kept::time);
            }
        }

        @Override
        public void onExpiry(
            final ExpiredEntry expired, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            kept = expired;
            assertTrue(expired.isOf(count));
            assertEquals(context.timestamp(), expired.time());
            assertNull(expired.record(value));
            assertThrows(IllegalArgumentException.class, () -> expired.number(quiet));
            assertThrows(IllegalStateException.class, expired::longKey);
            assertThrows(IllegalStateException.class, expired::textKey);
            assertNull(map.read(1));
            final long number = expired.number(count);
            // A callback that finds it expired may have written it anew before this is told of it.
            if (number < 3 && count.isEmpty())
            {
                count.set(number + 1);
            }
            out.next().sensor(context.currentKey().value()).sum(number).count(value.read().value());
            out.emit();
        }
    }

    @Test
    void shouldLetTheFunctionUseItsStatesAndWriteAnew()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness =
            ExpiringFunction.harness(Renewing::new).open())
        {
            push(harness, 4, 0, 77);
            harness.watermark(100);
            assertEquals(List.of(" 4/77=1 until 0@10", " 4/77=2 until 0@20", " 4/77=3 until 0@30"),
                ExpiringFunction.told(harness));
            push(harness, 4, 101, 78);
            push(harness, 4, 111, 79);
            assertEquals(List.of(" 4/79=1 until 0@111"), ExpiringFunction.told(harness));
            push(harness, 4, 112, 79);
            harness.watermark(120);
            assertEquals(List.of(), ExpiringFunction.told(harness));
        }
    }

    @Test
    void shouldLetOthersOnTheThreadHaveTheirTurn()
    {
        final int keys = 2 * Operator.MAX_FIRINGS + 1;
        for (final boolean told : new boolean[] {true, false})
        {
            try (OperatorHarness<ReadingFlyweight, Summary> harness = ExpiringFunction.harness(
                told ? TEN : StateTtl.of(Duration.ofMillis(10)), (states, record) -> states.number.set(1)).open())
            {
                for (long key = 0; key < keys; key++)
                {
                    push(harness, key, 5, 1);
                }
                assertTrue(harness.watermark(15) >= 3);
                final Set<String> results = new TreeSet<>(ExpiringFunction.told(harness));
                assertEquals(told ? keys : 0, results.size());
            }
        }
    }

    @Test
    void shouldExpireInProcessingTimeWhereThereIsAClock()
    {
        final StateTtl ttl = TEN.timeDomain(TimeDomain.PROCESSING_TIME);
        final List<String> seen = new ArrayList<>();
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ExpiringFunction.harness(
            () -> new ExpiringFunction(ttl, (states, record) ->
            {
                if (record.value() == 0)
                {
                    seen.add(record.time() + ": " + states.all());
                }
                else
                {
                    states.write(record.value(), record);
                }
            }, (states, record) ->
            {
            }).withClock()))
        {
            harness.processingTime(1000);
            harness.open();
            harness.push(500, reading -> reading.time(1000).sensor(1).value(5));
            assertTrue(harness.wakeAt() <= 1010, () -> "wakeAt=" + harness.wakeAt());
            harness.watermark(600);
            harness.processingTime(1009);
            harness.push(601, reading -> reading.time(1009).sensor(1).value(0));
            assertEquals(List.of(), ExpiringFunction.told(harness));
            harness.processingTime(1010);
            final List<String> told = ExpiringFunction.told(harness);
            assertEquals(8, told.size(), told.toString());
            assertEquals("value 1/0=5 until 1010@600", told.get(0));
            harness.push(602, reading -> reading.time(1010).sensor(1).value(0));
        }
        assertEquals(List.of("1009: 5 5 5 [5] [5=5] [5=5] 5 5", "1010: - - - [] [] [] - -"), seen);
    }
}
