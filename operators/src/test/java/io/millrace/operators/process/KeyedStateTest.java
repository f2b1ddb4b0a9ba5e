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

import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.ProcessHarness.ReadingFunction;
import io.millrace.operators.state.AggregatingState;
import io.millrace.operators.state.DoubleState;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.ReducingState;
import io.millrace.operators.state.StateStore;
import io.millrace.operators.state.TextMapState;
import io.millrace.operators.state.ValueState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** SEMANTICS ST: every type of state, and a random run of them against maps on the heap. */
class KeyedStateTest
{
    /** Runs what the test says with each record. */
    private static final class Using implements ReadingFunction
    {
        /** What a test does with the states. */
        interface Action
        {
            void run(Using states, Reading record);
        }

        private final Action action;
        private ValueState<Reading, ReadingFlyweight> value;
        private LongState number;
        private DoubleState fraction;
        private ListState<Reading, ReadingFlyweight> list;
        private LongMapState<Reading, ReadingFlyweight> longMap;
        private TextMapState<Reading, ReadingFlyweight> textMap;
        private ReducingState<Reading> reducing;
        private AggregatingState<Reading, Summary> aggregating;

        private Using(final Action action)
        {
            this.action = action;
        }

        @Override
        public void open(final StateStore states)
        {
            value = states.value("value", ReadingFlyweight.TYPE);
            number = states.longValue("number", 7);
            fraction = states.doubleValue("fraction");
            list = states.list("list", ReadingFlyweight.TYPE);
            longMap = states.longMap("long map", ReadingFlyweight.TYPE);
            textMap = states.textMap("text map", ReadingFlyweight.TYPE);
            reducing = states.reducing("reducing", ReadingFlyweight.TYPE,
                (sum, reading) -> sum.value(sum.value() + reading.value()));
            aggregating = states.aggregating("aggregating", SummaryFlyweight.TYPE,
                (sum, reading) -> sum.count(sum.count() + 1).sum(sum.sum() + reading.value()));
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            action.run(this, record);
        }
    }

    /** Declares a state twice. */
    private static final class Twice implements ReadingFunction
    {
        private StateStore kept;

        @Override
        public void open(final StateStore states)
        {
            kept = states;
            states.longValue("twice");
            states.longValue("twice");
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            kept.longValue("late");
        }
    }

    private static void with(final Using.Action action)
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(() -> new Using(action)).open())
        {
            harness.push(0, reading -> reading.sensor(1).value(5).place("x"));
        }
    }

    @Test
    void shouldFollowST1AnEmptyStateGivesNothingOrItsDefault()
    {
        with((states, record) ->
        {
            assertNull(states.value.read());
            assertTrue(states.value.isEmpty());
            assertEquals(7, states.number.get());
            assertTrue(states.number.isEmpty());
            assertEquals(0.0, states.fraction.get());
            assertEquals(0, states.list.size());
            assertTrue(states.list.isEmpty());
            assertNull(states.longMap.read(3));
            assertTrue(states.longMap.isEmpty());
            assertFalse(states.longMap.contains(3));
            assertNull(states.textMap.read("a"));
            assertNull(states.reducing.read());
            assertNull(states.aggregating.read());
        });
    }

    @Test
    void shouldFollowST2NullClearsAValueAndIsNoElementOfAList()
    {
        with((states, record) ->
        {
            states.value.update(record);
            assertEquals(text(record), text(states.value.read()));
            states.value.update(null);
            assertTrue(states.value.isEmpty());
            assertThrows(NullPointerException.class, () -> states.list.add(null));
            states.list.add(record);
            assertEquals(5, states.list.get(0).value());
            states.list.clear();
            assertTrue(states.list.isEmpty());
            assertThrows(IndexOutOfBoundsException.class, () -> states.list.get(0));
            assertThrows(IndexOutOfBoundsException.class, () -> states.list.value(0));
            assertThrows(NullPointerException.class, () -> states.textMap.put("a", null));
        });
    }

    @Test
    void shouldFollowST3AStateIsForCallbacks()
    {
        final Using[] kept = new Using[1];
        final Using.Action keep = (states, record) -> kept[0] = states;
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(() -> new Using(keep)).open())
        {
            harness.push(0, reading -> reading.sensor(1));
            final String message = assertThrows(IllegalStateException.class, kept[0].value::read).getMessage();
            assertTrue(message.contains("state=value") && message.contains("outside of a callback"), message);
            assertThrows(IllegalStateException.class, () -> kept[0].list.add());
            assertThrows(IllegalStateException.class, () -> kept[0].longMap.value(1));
        }
    }

    @Test
    void shouldFollowST3NamesAreUniqueAndDeclaredAtTheOpening()
    {
        final OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Twice::new);
        final String message = assertThrows(IllegalStateException.class, harness::open).getMessage();
        assertTrue(message.contains("user/twice") && message.contains("declared twice"), message);
        harness.close();
    }

    @Test
    void shouldCombineIntoReducingAndAggregatingStates()
    {
        final List<String> seen = new ArrayList<>();
        final Using.Action action = (states, record) ->
        {
            states.reducing.add(record);
            states.aggregating.add(record);
            seen.add(states.reducing.read().value() + " " + states.aggregating.read().count() + " " +
                states.aggregating.read().sum() + " " + states.number.add(record.value()) + " " +
                states.fraction.add(0.5));
            if (record.value() == 3)
            {
                states.reducing.clear();
                states.aggregating.clear();
                states.number.clear();
                states.fraction.clear();
            }
        };
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(() -> new Using(action)).open())
        {
            for (final long value : new long[] {1, 3, 2})
            {
                harness.push(0, reading -> reading.sensor(1).value(value));
            }
        }
        assertEquals(List.of("1 1 1 8 0.5", "4 2 4 11 1.0", "2 1 2 9 0.5"), seen);
    }

    /** Keys 0 to 9; the record says what to do by its value. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldKeepWhatMapsOnTheHeapWouldAlsoAfterRestarts(final long seed)
    {
        final Random random = new Random(seed);
        final Map<Long, Map<Long, Long>> expected = new HashMap<>();
        final Map<Long, List<Long>> expectedLists = new HashMap<>();
        final Using.Action action = (states, record) -> use(states, record, expected, expectedLists);
        OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(() -> new Using(action)).open();
        try
        {
            for (int step = 0; step < 20_000; step++)
            {
                final long key = random.nextInt(10);
                final long second = random.nextInt(30);
                final long what = random.nextInt(100);
                final long value = random.nextInt(1000);
                harness.push(what, reading -> reading.time(what).sensor(key).place("k" + second).value(second << 32 | value));
                if (random.nextInt(1000) == 0)
                {
                    final OperatorSnapshot snapshot = harness.barrier();
                    harness.close();
                    harness = ProcessHarness.of(() -> new Using(action)).restore(snapshot);
                }
            }
        }
        finally
        {
            harness.close();
        }
        assertTrue(expected.values().stream().anyMatch(map -> map.size() > 5));
    }

    private static void use(
        final Using states,
        final Reading record,
        final Map<Long, Map<Long, Long>> expected,
        final Map<Long, List<Long>> expectedLists)
    {
        final Map<Long, Long> map = expected.computeIfAbsent(record.sensor(), key -> new TreeMap<>());
        final List<Long> list = expectedLists.computeIfAbsent(record.sensor(), key -> new ArrayList<>());
        final long second = record.value() >>> 32;
        final long value = record.value() & 0xFFFF_FFFFL;
        if (record.time() < 50)
        {
            states.longMap.value(second).value(value);
            states.textMap.put(record.place(), record);
            states.list.add(record);
            map.put(second, value);
            list.add(record.value());
        }
        else if (record.time() < 97)
        {
            assertEquals(map.containsKey(second), states.longMap.contains(second));
            assertEquals(map.remove(second) != null, states.longMap.remove(second));
            states.textMap.remove(record.place());
        }
        else if (record.time() < 98)
        {
            states.longMap.clear();
            states.textMap.clear();
            states.list.clear();
            map.clear();
            list.clear();
        }
        else
        {
            compare(states, map, list);
        }
        assertEquals(map.size(), states.longMap.size());
        assertEquals(map.size(), states.textMap.size());
        assertEquals(list.size(), states.list.size());
    }

    private static void compare(final Using states, final Map<Long, Long> map, final List<Long> list)
    {
        final Map<Long, Long> seen = new TreeMap<>();
        final List<Long> order = new ArrayList<>();
        states.longMap.forEach((second, record) ->
        {
            seen.put(second, record.value());
            order.add(second);
        });
        assertEquals(map, seen);
        final List<Long> byHash = new ArrayList<>(map.keySet());
        byHash.sort((left, right) -> Long.compareUnsigned(
            KeyHash.hash(left), KeyHash.hash(right)));
        assertEquals(byHash, order);
        final Map<Long, Long> texts = new TreeMap<>();
        states.textMap.forEach((second, record) ->
            texts.put(Long.parseLong(second.toString().substring(1)), record.value() & 0xFFFF_FFFFL));
        assertEquals(map, texts);
        for (int i = 0; i < list.size(); i++)
        {
            assertEquals(list.get(i), states.list.get(i).value());
        }
    }

    private static String text(final Reading reading)
    {
        return reading.sensor() + " " + reading.value() + " " + reading.place();
    }
}
