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
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.testing.CopyingBackend;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.process.CoProcessFunction;
import io.millrace.operators.process.CoProcessOperator;
import io.millrace.operators.process.ProcessContext;
import io.millrace.operators.process.ProcessFunction;
import io.millrace.operators.process.ProcessOperator;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.OperatorStateStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Functions without a key, and the lists of their instance, in one instance. */
class OperatorStateSemanticsTest
{
    private static final OutputTag<Reading, ReadingFlyweight> ODD = new OutputTag<>("odd", ReadingFlyweight.TYPE);

    private static OperatorHarness<ReadingFlyweight, Summary> harness(
        final Supplier<? extends ProcessFunction<Reading, SummaryFlyweight>> functions)
    {
        return OperatorHarness.of(raw(ProcessOperator.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, functions),
            ReadingFlyweight.TYPE, SummaryFlyweight.TYPE).sideOutput("odd", ReadingFlyweight.TYPE);
    }

    private static OperatorFactory<Operator> raw(final Class<? extends Operator> type, final Object... arguments)
    {
        return OperatorFactory.of(type, arguments);
    }

    @Test
    void shouldTellTimeAndTakeResultsAside()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(() -> (record, context, out) ->
        {
            if (record.value() % 2 == 0)
            {
                out.next().sum(record.value()).windowEnd(context.currentWatermark()).count(context.timestamp());
                out.emit();
            }
            else
            {
                out.sideOutput(ODD).next().value(record.value());
                out.sideOutput(ODD).emit();
            }
        }).open())
        {
            harness.push(10, reading -> reading.value(2));
            harness.push(11, reading -> reading.value(3));
            harness.watermark(11);
            harness.push(12, reading -> reading.value(4));
            assertEquals(List.of("2 10 " + Long.MIN_VALUE + " @10", "4 12 11 @12"), harness.emitted(summary ->
                summary.sum() + " " + summary.count() + " " + summary.windowEnd()).stream()
                .map(result -> result.value() + " @" + result.timestamp()).toList());
            assertEquals(List.of("3@11"), harness.emitted("odd", ReadingFlyweight.TYPE, Reading::value).stream()
                .map(result -> result.value() + "@" + result.timestamp()).toList());
        }
    }

    /** A difference of two streams, for which the last record of each is kept in a list. */
    private static final class Difference implements CoProcessFunction<Reading, Summary, SummaryFlyweight>
    {
        private ListState<Summary, SummaryFlyweight> last;

        @Override
        public void open(final OperatorStateStore states)
        {
            last = states.listState("last", SummaryFlyweight.TYPE);
        }

        @Override
        public void start(final boolean restored)
        {
            if (!restored)
            {
                last.add();
                last.add();
            }
        }

        @Override
        public void processElement1(
            final Reading record, final ProcessContext context, final Collector<SummaryFlyweight> out)
        {
            last.value(0).sum(record.value());
            emit(out);
        }

        @Override
        public void processElement2(
            final Summary record, final ProcessContext context, final Collector<SummaryFlyweight> out)
        {
            last.value(1).sum(record.sum());
            emit(out);
        }

        private void emit(final Collector<SummaryFlyweight> out)
        {
            out.next().sum(last.get(0).sum() - last.get(1).sum());
            out.emit();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRunAFunctionOfTwoStreams(final boolean restarts)
    {
        final Supplier<Difference> functions = Difference::new;
        final Supplier<OperatorHarness<ReadingFlyweight, Summary>> harnesses = () -> OperatorHarness.of(
            raw(CoProcessOperator.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, functions),
            ReadingFlyweight.TYPE, SummaryFlyweight.TYPE);
        final List<Long> results = new ArrayList<>();
        OperatorHarness<ReadingFlyweight, Summary> harness = harnesses.get().open();
        for (int i = 1; i <= 6; i++)
        {
            final int value = i * i;
            if (i % 2 == 0)
            {
                harness.push(1, SummaryFlyweight.TYPE, i, summary -> summary.sum(value));
            }
            else
            {
                harness.push(0, ReadingFlyweight.TYPE, i, reading -> reading.value(value));
            }
            results.addAll(harness.results(Summary::sum));
            if (restarts)
            {
                final OperatorSnapshot snapshot = harness.barrier();
                harness.close();
                harness = harnesses.get().restore(snapshot);
            }
        }
        harness.close();
        assertEquals(List.of(1L, -3L, 5L, -7L, 9L, -11L), results);
    }

    /** Keeps the values, shows how many there are and their sum; a field is put into a list at the barrier. */
    private static final class Keeping implements ProcessFunction<Reading, SummaryFlyweight>
    {
        private ListState<Reading, ReadingFlyweight> list;
        private ListState<Reading, ReadingFlyweight> union;
        private long records;

        @Override
        public void open(final OperatorStateStore states)
        {
            list = states.listState("kept", ReadingFlyweight.TYPE);
            union = states.unionListState("kept", ReadingFlyweight.TYPE);
        }

        @Override
        public void start(final boolean restored)
        {
            assertEquals(restored, !union.isEmpty());
            records = restored ? union.get(0).value() : 0;
        }

        @Override
        public void prepareSnapshot(final long checkpointId)
        {
            union.clear();
            union.add().value(records);
        }

        @Override
        public void processElement(
            final Reading record, final ProcessContext context, final Collector<SummaryFlyweight> out)
        {
            records++;
            if (record.value() == 0)
            {
                list.clear();
            }
            else if (record.value() < 0)
            {
                list.value(-record.value() % list.size()).value(record.value());
            }
            else
            {
                list.add(record);
            }
            long sum = 0;
            for (long i = 0; i < list.size(); i++)
            {
                sum = 31 * sum + list.get(i).value();
            }
            out.next().sensor(records).count(list.size()).sum(sum);
            out.emit();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 1})
    void shouldGiveAnInstanceItsOwnListBackAsOP1(final double restarts)
    {
        for (final StateBackendFactory backend : List.of(
            OffHeapBackend.factory(), CopyingBackend.factory()))
        {
            final SplittableRandom random = new SplittableRandom(5);
            final SplittableRandom chance = new SplittableRandom(6);
            final List<Long> model = new ArrayList<>();
            final List<String> expected = new ArrayList<>();
            final List<String> results = new ArrayList<>();
            OperatorHarness<ReadingFlyweight, Summary> harness =
                harness(Keeping::new).subtask(1, 3).stateBackend(backend).open();
            for (int i = 1; i <= 120; i++)
            {
                final int kind = random.nextInt(40);
                final long value = kind == 0 ? 0 : kind < 10 && !model.isEmpty() ? -random.nextLong(1, 100) :
                    random.nextLong(1, 100);
                expected.add(i + " " + step(model, value));
                harness.push(i, reading -> reading.value(value));
                results.addAll(harness.results(out -> out.sensor() + " " + out.count() + " " + out.sum()));
                if (chance.nextDouble() < restarts)
                {
                    final OperatorSnapshot snapshot = harness.barrier();
                    harness.close();
                    harness = harness(Keeping::new).subtask(1, 3).stateBackend(backend).restore(snapshot);
                }
            }
            harness.close();
            assertEquals(expected, results);
        }
    }

    private static String step(final List<Long> model, final long value)
    {
        if (value == 0)
        {
            model.clear();
        }
        else if (value < 0)
        {
            model.set((int)(-value % model.size()), value);
        }
        else
        {
            model.add(value);
        }
        long sum = 0;
        for (final Long kept : model)
        {
            sum = 31 * sum + kept;
        }
        return model.size() + " " + sum;
    }

    /** What is done with the states in open(), and with a record. */
    private static final class Wrong implements ProcessFunction<Reading, SummaryFlyweight>
    {
        private final boolean early;
        private final Consumer<OperatorStateStore> action;
        private OperatorStateStore store;

        private Wrong(final boolean early, final Consumer<OperatorStateStore> action)
        {
            this.early = early;
            this.action = action;
        }

        @Override
        public void open(final OperatorStateStore states)
        {
            store = states;
            if (early)
            {
                action.accept(states);
            }
        }

        @Override
        public void processElement(
            final Reading record, final ProcessContext context, final Collector<SummaryFlyweight> out)
        {
            if (!early)
            {
                action.accept(store);
            }
        }
    }

    @Test
    void shouldSayWhatIsWrong()
    {
        refused(true, IllegalStateException.class, "state is asked for outside a key by operator=operator, whose stream has " +
            "none: keyBy(...) it", states -> states.keyed().longValue("count"));
        refused(true, IllegalStateException.class, "broadcast state=map of operator=operator has no side to write it: connect",
            states -> states.broadcastLongMap("map", ReadingFlyweight.TYPE));
        refused(true, IllegalArgumentException.class, "state=list of operator=operator keeps record=", states ->
            states.listState("list", DocumentFlyweight.TYPE));
        refused(true, IllegalStateException.class, "state=instance list/list of operator operator is declared twice", states ->
        {
            states.listState("list", ReadingFlyweight.TYPE);
            states.listState("list", ReadingFlyweight.TYPE);
        });
        refused(true, IllegalStateException.class, "list of operator=operator is used in open(), before it is restored",
            states -> states.listState("list", ReadingFlyweight.TYPE).add());
        refused(false, IllegalStateException.class, "state=list of operator=operator is declared after open()", states ->
            states.listState("list", ReadingFlyweight.TYPE));
    }

    @Test
    void shouldRefuseIndexesAndNothing()
    {
        final List<ListState<Reading, ReadingFlyweight>> lists = new ArrayList<>();
        final Supplier<ProcessFunction<Reading, SummaryFlyweight>> functions = () -> new ProcessFunction<>()
        {
            @Override
            public void open(final OperatorStateStore states)
            {
                lists.add(states.listState("list", ReadingFlyweight.TYPE));
            }

            @Override
            public void processElement(
                final Reading record, final ProcessContext context, final Collector<SummaryFlyweight> out)
            {
                final ListState<Reading, ReadingFlyweight> list = lists.get(0);
                list.add(record);
                assertEquals("index=1 of state=list with size=1",
                    assertThrows(IndexOutOfBoundsException.class, () -> list.get(1)).getMessage());
                assertThrows(IndexOutOfBoundsException.class, () -> list.value(-1));
                assertThrows(NullPointerException.class, () -> list.add(null));
                assertThrows(IllegalStateException.class, context::timerService);
            }
        };
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(functions).open())
        {
            harness.push(1, reading -> reading.value(1));
        }
    }

    private static void refused(
        final boolean early,
        final Class<? extends Exception> type,
        final String part,
        final Consumer<OperatorStateStore> action)
    {
        final String message = assertThrows(type, () ->
        {
            try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(() -> new Wrong(early, action)).open())
            {
                harness.push(1, reading -> reading.value(1));
            }
        }).getMessage();
        assertTrue(message.contains(part), message);
    }
}
