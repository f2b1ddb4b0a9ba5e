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

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.state.KeyGroupRange;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.testing.CopyingBackend;
import io.millrace.core.testing.Emitted;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import io.millrace.operators.process.BroadcastContext;
import io.millrace.operators.process.BroadcastProcessFunction;
import io.millrace.operators.process.BroadcastProcessOperator;
import io.millrace.operators.process.KeyedBroadcastProcessFunction;
import io.millrace.operators.process.KeyedBroadcastProcessOperator;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.ProcessContext;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.LongMapState;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.OperatorStateStore;
import io.millrace.operators.state.TextMapState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** SEMANTICS OP-3 on one instance, and a random run of a keyed function with broadcast state against a model. */
class BroadcastStateSemanticsTest
{
    private static final int STEPS = 600;
    private static final Comparator<Long> BY_HASH = (left, right) ->
        Long.compareUnsigned(KeyHash.hash(left), KeyHash.hash(right));

    /** Runs what a test says with each record of either side. */
    private static final class Using implements BroadcastProcessFunction<Reading, Summary, SummaryFlyweight>
    {
        /** What a test does. */
        interface Action
        {
            void run(Using states);
        }

        private final Action plain;
        private final Action broadcast;
        private LongMapState<Summary, SummaryFlyweight> longMap;
        private TextMapState<Summary, SummaryFlyweight> textMap;
        private ListState<Reading, ReadingFlyweight> list;
        private ProcessContext context;

        private Using(final Action plain, final Action broadcast)
        {
            this.plain = plain;
            this.broadcast = broadcast;
        }

        @Override
        public void open(final OperatorStateStore states)
        {
            longMap = states.broadcastLongMap("numbers", SummaryFlyweight.TYPE);
            textMap = states.broadcastTextMap("texts", SummaryFlyweight.TYPE);
            list = states.listState("list", ReadingFlyweight.TYPE);
        }

        @Override
        public void processElement(
            final Reading record, final ProcessContext newContext, final Collector<SummaryFlyweight> out)
        {
            context = newContext;
            plain.run(this);
        }

        @Override
        public void processBroadcastElement(
            final Summary record, final ProcessContext newContext, final Collector<SummaryFlyweight> out)
        {
            context = newContext;
            broadcast.run(this);
        }
    }

    private static void with(final Using.Action broadcast, final Using.Action plain)
    {
        final Supplier<Using> functions = () -> new Using(plain, broadcast);
        try (OperatorHarness<ReadingFlyweight, Summary> harness = OperatorHarness.of(raw(BroadcastProcessOperator.class,
            ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, functions),
            ReadingFlyweight.TYPE, SummaryFlyweight.TYPE).open())
        {
            harness.push(1, SummaryFlyweight.TYPE, 10, summary -> summary.sum(1));
            harness.push(0, ReadingFlyweight.TYPE, 11, reading -> reading.value(1));
        }
    }

    private static OperatorFactory<Operator> raw(final Class<? extends Operator> type, final Object... arguments)
    {
        return OperatorFactory.of(type, arguments);
    }

    @Test
    void shouldReadOnOneSideWhatTheBroadcastSideWroteAsOP3()
    {
        with(states ->
        {
            states.longMap.value(7).sum(70);
            states.textMap.put("70", states.longMap.read(7));
            states.longMap.put(8, states.textMap.read("70"));
            assertTrue(states.textMap.remove("70"));
            states.longMap.value(9);
            assertTrue(states.longMap.remove(9));
            states.textMap.value("seven").sum(71);
            assertEquals(10, states.context.timestamp());
        }, states ->
        {
            assertEquals(70, states.longMap.read(7).sum());
            assertEquals(70, states.longMap.read(8).sum());
            assertNull(states.longMap.read(9));
            assertEquals(2, states.longMap.size());
            assertTrue(states.textMap.contains("seven"));
            assertEquals(71, states.textMap.read("seven").sum());
            assertNull(states.textMap.read("eight"));
            states.list.add().value(5);
            assertEquals(11, states.context.timestamp());
        });
    }

    @Test
    void shouldRefuseToWriteFromTheOtherSide()
    {
        final Using.Action fill = states ->
        {
            states.longMap.value(7).sum(70);
            states.textMap.value("seven").sum(71);
        };
        final List<Using.Action> writes = List.of(
            states -> states.longMap.value(7), states -> states.longMap.remove(7), states -> states.longMap.clear(),
            states -> states.longMap.put(1, states.textMap.read("seven")), states -> states.textMap.value("x"),
            states -> states.textMap.remove("seven"), states -> states.textMap.clear());
        for (final Using.Action write : writes)
        {
            final String message = assertThrows(IllegalStateException.class, () -> with(fill, write)).getMessage();
            assertTrue(message.contains("of operator=operator is written outside of processBroadcastElement()") &&
                message.contains("write it there"), message);
        }
    }

    @Test
    void shouldRefuseBadUse()
    {
        refused(IllegalStateException.class, "timers are asked for outside a key: keyBy(...)", states ->
            states.context.timerService());
        refused(NullPointerException.class, "record=null is put under key=7 of state=numbers", states ->
            states.longMap.put(7, null));
        refused(NullPointerException.class, "record=null is put under key=x of state=texts", states ->
            states.textMap.put("x", null));
        refused(IllegalArgumentException.class, "is a view of that state", states ->
        {
            states.longMap.value(7);
            states.longMap.put(8, states.longMap.read(7));
        });
        refused(IllegalStateException.class, "is copied from a view that is on no record any more", states ->
        {
            states.longMap.value(7);
            final Summary seven = states.longMap.read(7);
            states.longMap.put(8, seven == states.longMap.read(7) ? null : seven);
        });
        refused(IllegalArgumentException.class, "is longer than 32 bytes", states ->
            states.textMap.read("x".repeat(33)));
    }

    private static void refused(
        final Class<? extends Exception> type, final String part, final Using.Action action)
    {
        final String message = assertThrows(type, () -> with(action, states ->
        {
        })).getMessage();
        assertTrue(message.contains(part), message);
    }

    /** Shows readings with the limit of their sensor, counts them by sensor, and shows the count ten units later. */
    private static final class Limits
        implements KeyedBroadcastProcessFunction<LongKey, Reading, Summary, SummaryFlyweight>
    {
        private LongMapState<Summary, SummaryFlyweight> limits;
        private TextMapState<Summary, SummaryFlyweight> places;
        private LongState count;
        private ListState<Reading, ReadingFlyweight> recent;
        private long sum;
        private long position;

        @Override
        public void open(final OperatorStateStore states)
        {
            limits = states.broadcastLongMap("limits", SummaryFlyweight.TYPE);
            places = states.broadcastTextMap("places", SummaryFlyweight.TYPE);
            count = states.keyed().longValue("count");
            recent = states.keyed().list("recent", ReadingFlyweight.TYPE);
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            count.add(1);
            recent.add(record);
            context.timerService().registerEventTimeTimer(context.timestamp() + 10);
            if (record.value() % 5 == 0)
            {
                sum = 0;
                position = 1;
                limits.forEach((sensor, limit) -> sum += sensor * position++);
                places.forEach((place, limit) -> sum += place.length() * 1000L + limit.sum());
                emit(out, -1, sum);
            }
            final Summary limit = limits.read(record.sensor());
            final Summary place = places.read(record.place());
            emit(out, record.sensor(), (limit == null ? -7 : limit.sum()) + (place == null ? 0 : 1000 * place.sum()));
        }

        @Override
        public void processBroadcastElement(
            final Summary record, final BroadcastContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            if (record.count() == 0)
            {
                limits.value(record.sensor()).sensor(record.sensor()).sum(record.sum());
                places.put(record.place(), record);
            }
            else if (record.count() == 1)
            {
                limits.remove(record.sensor());
                places.remove(record.place());
            }
            else if (record.count() == 2)
            {
                limits.clear();
                places.clear();
            }
            else if (record.count() == 3)
            {
                context.applyToKeyedState(count, (key, state) ->
                {
                    emit(out, key.value(), 100_000 + state.get());
                    state.set(0);
                });
            }
            else if (record.count() == 5)
            {
                emit(out, 0, count.get());
            }
            else
            {
                context.applyToKeyedState(recent, (key, state) ->
                {
                    emit(out, key.value(), 200_000 + state.size() + state.get(0).value());
                    state.clear();
                });
            }
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            final Summary limit = limits.read(context.currentKey().value());
            emit(out, context.currentKey().value(), count.get() + (limit == null ? 0 : 10 * limit.sum()));
        }

        private static void emit(final Collector<SummaryFlyweight> out, final long sensor, final long sum)
        {
            out.next().sensor(sensor).sum(sum);
            out.emit();
        }
    }

    /** The same on the heap, by its definition. */
    private static final class Model
    {
        private final boolean forgetting;
        private final Map<Long, Long> limits = new TreeMap<>(BY_HASH);
        private final Map<String, Long> places = new HashMap<>();
        private final Map<Long, Long> counts = new TreeMap<>(BY_HASH);
        private final Map<Long, List<Long>> recent = new TreeMap<>(BY_HASH);
        private final List<long[]> timers = new ArrayList<>();
        private final List<String> results = new ArrayList<>();
        private long time;

        private Model(final boolean forgetting)
        {
            this.forgetting = forgetting;
        }

        private void emit(final long sensor, final long sum)
        {
            results.add(sensor + ":" + sum + "@" + time);
        }

        private void record(final long timestamp, final long sensor, final long value)
        {
            time = timestamp;
            counts.merge(sensor, 1L, Long::sum);
            recent.computeIfAbsent(sensor, key -> new ArrayList<>()).add(value);
            if (timers.stream().noneMatch(timer -> timer[0] == timestamp + 10 && timer[1] == sensor))
            {
                timers.add(new long[] {timestamp + 10, sensor});
            }
            if (value % 5 == 0)
            {
                long sum = 0;
                long position = 1;
                for (final Long key : limits.keySet())
                {
                    sum += key * position++;
                }
                for (final Map.Entry<String, Long> entry : places.entrySet())
                {
                    sum += entry.getKey().length() * 1000L + entry.getValue();
                }
                emit(-1, sum);
            }
            emit(sensor, limits.getOrDefault(sensor, -7L) + 1000 * places.getOrDefault(place(sensor), 0L));
        }

        private void broadcast(final long timestamp, final long sensor, final int kind, final long sum)
        {
            time = timestamp;
            switch (kind)
            {
                case 0 ->
                {
                    limits.put(sensor, sum);
                    places.put(place(sensor), sum);
                }
                case 1 ->
                {
                    if (!forgetting)
                    {
                        limits.remove(sensor);
                    }
                    places.remove(place(sensor));
                }
                case 2 ->
                {
                    limits.clear();
                    places.clear();
                }
                case 3 ->
                {
                    counts.forEach((key, count) -> emit(key, 100_000 + count));
                    counts.replaceAll((key, count) -> 0L);
                }
                default ->
                {
                    recent.forEach((key, values) -> emit(key, 200_000 + values.size() + values.get(0)));
                    recent.clear();
                }
            }
        }

        private void watermark(final long watermark)
        {
            final List<long[]> due = new ArrayList<>(timers.stream().filter(timer -> timer[0] <= watermark).toList());
            timers.removeAll(due);
            due.sort(Comparator.comparingLong(timer -> timer[0]));
            for (final long[] timer : due)
            {
                time = timer[0];
                emit(timer[1], counts.getOrDefault(timer[1], 0L) + 10 * limits.getOrDefault(timer[1], 0L));
            }
        }
    }

    private static String place(final long sensor)
    {
        return "p" + sensor % 20;
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1", "2, 1, 2", "3, 0, 3", "4, 2, 3"})
    void shouldAgreeWithTheModelWhereverItIsRestarted(final long seed, final int subtask, final int parallelism)
    {
        final List<String> expected = model(seed, STEPS, subtask, parallelism, false);
        assertTrue(expected.size() > 400, () -> "results=" + expected.size());
        final List<String> begin = model(seed, STEPS / 5, subtask, parallelism, false);
        for (final StateBackendFactory backend : List.of(OffHeapBackend.factory(), CopyingBackend.factory()))
        {
            assertEquals(expected, run(seed, STEPS, subtask, parallelism, backend, 0));
            assertEquals(expected, run(seed, STEPS, subtask, parallelism, backend, 0.03));
            assertEquals(begin, run(seed, STEPS / 5, subtask, parallelism, backend, 1));
        }
    }

    /** The test above sees a difference: a model that does not forget removed entries is another one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldDifferFromAModelThatDoesNotRemove(final long seed)
    {
        assertNotEquals(model(seed, STEPS, 0, 1, true), run(seed, STEPS, 0, 1, OffHeapBackend.factory(), 0));
    }

    @Test
    void shouldRefuseStateByKeyForABroadcastRecord()
    {
        try (Run run = new Run(0, 1, OffHeapBackend.factory(), 0))
        {
            final String message = assertThrows(IllegalStateException.class, () -> run.broadcast(1, 1, 5, 0)).getMessage();
            assertTrue(message.contains("state=count is used outside of a callback, or in that of a broadcast record") &&
                message.contains("applyToKeyedState(...)"), message);
        }
    }

    /** What the script does. */
    private interface Script
    {
        void record(long timestamp, long sensor, long value);

        void broadcast(long timestamp, long sensor, int kind, long sum);

        void watermark(long watermark);
    }

    private static void play(final long seed, final int steps, final int subtask, final int parallelism, final Script script)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Long> sensors = random.longs(400, 0, 1_000).distinct().boxed()
            .filter(sensor -> KeyGroupRange.of(subtask, parallelism, 128).contains(KeyHash.hash(sensor))).toList();
        long watermark = 0;
        for (int i = 0; i < steps; i++)
        {
            final long time = (long)i + random.nextInt(20);
            if (random.nextInt(3) == 0)
            {
                final int chance = random.nextInt(100);
                script.broadcast(time, random.nextInt(4) == 0 ? random.nextInt(1_000) :
                    sensors.get(random.nextInt(sensors.size())),
                    chance < 60 ? 0 : chance < 90 ? 1 : chance < 92 ? 2 : chance < 95 ? 3 : 4, random.nextInt(1, 900));
            }
            else
            {
                script.record(time, sensors.get(random.nextInt(Math.min(20, sensors.size()))), random.nextInt(50));
            }
            if (random.nextInt(10) == 0)
            {
                watermark = Math.max(watermark, time - random.nextInt(20));
                script.watermark(watermark);
            }
        }
        script.watermark(Long.MAX_VALUE);
    }

    private static List<String> model(
        final long seed, final int steps, final int subtask, final int parallelism, final boolean forgetting)
    {
        final Model model = new Model(forgetting);
        play(seed, steps, subtask, parallelism, new Script()
        {
            @Override
            public void record(final long timestamp, final long sensor, final long value)
            {
                model.record(timestamp, sensor, value);
            }

            @Override
            public void broadcast(final long timestamp, final long sensor, final int kind, final long sum)
            {
                model.broadcast(timestamp, sensor, kind, sum);
            }

            @Override
            public void watermark(final long watermark)
            {
                model.watermark(watermark);
            }
        });
        return model.results;
    }

    private static List<String> run(
        final long seed,
        final int steps,
        final int subtask,
        final int parallelism,
        final StateBackendFactory backend,
        final double restarts)
    {
        try (Run run = new Run(subtask, parallelism, backend, restarts))
        {
            play(seed, steps, subtask, parallelism, run);
            return run.results;
        }
    }

    /** The operator, restarted now and then. */
    private static final class Run implements Script, AutoCloseable
    {
        private final SplittableRandom chance = new SplittableRandom(99);
        private final List<String> results = new ArrayList<>();
        private final int subtask;
        private final int parallelism;
        private final StateBackendFactory backend;
        private final double restarts;
        private OperatorHarness<ReadingFlyweight, Summary> harness;

        private Run(final int subtask, final int parallelism, final StateBackendFactory backend, final double restarts)
        {
            this.subtask = subtask;
            this.parallelism = parallelism;
            this.backend = backend;
            this.restarts = restarts;
            harness = harness().open();
        }

        private OperatorHarness<ReadingFlyweight, Summary> harness()
        {
            final ToLongFunction<Reading> sensor = Reading::sensor;
            final OperatorFactory<KeyEncoder> encoder =
                OperatorFactory.of(LongKeyEncoder.class, ReadingFlyweight.TYPE, sensor);
            final OperatorFactory<KeyView<LongKey>> view = OperatorFactory.of(LongKeyView.class);
            final Supplier<Limits> functions = Limits::new;
            return OperatorHarness.of(raw(KeyedBroadcastProcessOperator.class, ReadingFlyweight.TYPE,
                SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, encoder, view, functions),
                ReadingFlyweight.TYPE, SummaryFlyweight.TYPE)
                .subtask(subtask, parallelism).stateBackend(backend).room(3);
        }

        @Override
        public void record(final long timestamp, final long sensor, final long value)
        {
            harness.push(0, ReadingFlyweight.TYPE, timestamp,
                reading -> reading.sensor(sensor).place(place(sensor)).value(value));
            perhapsRestart();
        }

        @Override
        public void broadcast(final long timestamp, final long sensor, final int kind, final long sum)
        {
            harness.push(1, SummaryFlyweight.TYPE, timestamp,
                summary -> summary.sensor(sensor).place(place(sensor)).count(kind).sum(sum));
            perhapsRestart();
        }

        @Override
        public void watermark(final long watermark)
        {
            harness.watermark(watermark);
            perhapsRestart();
        }

        private void perhapsRestart()
        {
            for (final Emitted<String> result : harness.emitted(summary -> summary.sensor() + ":" + summary.sum()))
            {
                results.add(result.value() + "@" + result.timestamp());
            }
            if (chance.nextDouble() < restarts)
            {
                final OperatorSnapshot snapshot = harness.barrier();
                harness.close();
                harness = harness().restore(snapshot);
            }
        }

        @Override
        public void close()
        {
            harness.close();
        }
    }
}
