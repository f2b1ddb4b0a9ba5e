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
package io.millrace.operators.window.triggered;

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.testing.Emitted;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.WatchedState;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.keyed.TextKeyEncoder;
import io.millrace.operators.keyed.TextKeyView;
import io.millrace.operators.trigger.Evictor;
import io.millrace.operators.trigger.ProcessWindowFunction;
import io.millrace.operators.trigger.Trigger;
import io.millrace.operators.trigger.WindowContext;
import io.millrace.operators.trigger.WindowElements;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Windows of readings by place. What fires is the digits of the window's elements in their order, as one number.
 */
final class WindowHarness implements AutoCloseable
{
    private final WatchedState backend;
    private final OperatorHarness<ReadingFlyweight, Summary> harness;

    /** A function under test. */
    interface ReadingFunction extends ProcessWindowFunction<CharSequence, Reading, SummaryFlyweight>
    {
    }

    private WindowHarness(
        final OperatorHarness<ReadingFlyweight, Summary> harness, final WatchedState backend)
    {
        this.harness = harness;
        this.backend = backend;
    }

    /** How the windows under test are made. */
    static final class Setup
    {
        private final WindowAssigner assigner;
        private Trigger<? super Reading> trigger;
        private Evictor<Reading> evictor;
        private long lateness;
        private boolean buffered = true;
        private boolean inPlace;
        private boolean dropping;
        private int room = Integer.MAX_VALUE;
        private Supplier<? extends ReadingFunction> functions = () -> WindowHarness::digits;

        Setup(final WindowAssigner assigner, final Trigger<? super Reading> trigger)
        {
            this.assigner = assigner;
            this.trigger = trigger;
        }

        Setup evictor(final Evictor<Reading> newEvictor)
        {
            evictor = newEvictor.in((what, duration) -> duration.toMillis());
            return this;
        }

        Setup lateness(final long time)
        {
            lateness = time;
            return this;
        }

        /** Without a side output for late records. */
        Setup dropping()
        {
            dropping = true;
            return this;
        }

        Setup room(final int records)
        {
            room = records;
            return this;
        }

        Setup buffered(final boolean keepElements)
        {
            buffered = keepElements;
            return this;
        }

        /** With a backend that gives out places, not copies. */
        Setup inPlace(final boolean places)
        {
            inPlace = places;
            return this;
        }

        Setup functions(final Supplier<? extends ReadingFunction> newFunctions)
        {
            functions = newFunctions;
            return this;
        }

        WindowHarness open()
        {
            final WindowHarness windows = closed();
            windows.harness.open();
            return windows;
        }

        WindowHarness restore(final OperatorSnapshot snapshot)
        {
            final WindowHarness windows = closed();
            windows.harness.restore(snapshot);
            return windows;
        }

        /** Not open yet. */
        WindowHarness closed()
        {
            final WatchedState backend = new WatchedState(true);
            final OperatorHarness<ReadingFlyweight, Summary> harness =
                OperatorHarness.of(factory(), ReadingFlyweight.TYPE, SummaryFlyweight.TYPE)
                    .stateBackend(inPlace ? OffHeapBackend.factory() : backend).room(room)
                    .sideOutput("late", ReadingFlyweight.TYPE);
            return new WindowHarness(harness, backend);
        }

        private OperatorFactory<Operator> factory()
        {
            final Function<Reading, CharSequence> place = Reading::place;
            final OperatorFactory<KeyEncoder> encoder =
                OperatorFactory.of(TextKeyEncoder.class, ReadingFlyweight.TYPE, place);
            final OperatorFactory<KeyView<CharSequence>> view = OperatorFactory.of(TextKeyView.class);
            final AccumulateFunction<Reading, SummaryFlyweight> accumulate = (sum, reading) ->
                sum.sum(sum.sum() * 10 + reading.value());
            final WindowFunction<CharSequence, Summary, SummaryFlyweight> result = (key, window, sum, out) ->
                out.place(key).count(window.start()).windowEnd(window.end()).sum(sum.sum());
            final OperatorFactory<?> contents = buffered ?
                raw(BufferedContents.class, ReadingFlyweight.TYPE, evictor == null ? BufferedContents.NO_EVICTOR : evictor,
                    raw(ProcessResult.class, functions)) :
                evictor == null ?
                raw(AccumulatedContents.class, SummaryFlyweight.TYPE, accumulate, result, false) :
                raw(BufferedContents.class, ReadingFlyweight.TYPE, evictor,
                    raw(AggregateResult.class, SummaryFlyweight.TYPE, accumulate, result, false));
            return operator(TriggeredWindowOperator.class, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, encoder, view,
                new TriggeredWindow<>(assigner, trigger.in((what, duration) -> duration.toMillis()), lateness,
                    dropping ? "" : "late"), contents);
        }

        private static OperatorFactory<Object> raw(final Class<?> type, final Object... arguments)
        {
            return OperatorFactory.of(type, arguments);
        }

        static OperatorFactory<Operator> operator(
            final Class<? extends Operator> type, final Object... arguments)
        {
            return OperatorFactory.of(type, arguments);
        }
    }

    static Setup tumbling(final long size, final Trigger<? super Reading> trigger)
    {
        return new Setup(new TimeWindowAssigner(size, size, 0), trigger);
    }

    static Setup sliding(final long size, final long slide, final Trigger<? super Reading> trigger)
    {
        return new Setup(new TimeWindowAssigner(size, slide, 0), trigger);
    }

    static Setup global(final Trigger<? super Reading> trigger)
    {
        return new Setup(new GlobalWindowAssigner(), trigger);
    }

    private static void digits(
        final CharSequence key,
        final WindowContext context,
        final WindowElements<Reading> elements,
        final Collector<SummaryFlyweight> out)
    {
        long digits = 0;
        for (long i = 0; i < elements.count(); i++)
        {
            digits = digits * 10 + elements.get(i).value();
            assertEquals(elements.get(i).time(), elements.timestamp(i));
        }
        out.next().place(key).count(context.window().start()).windowEnd(context.window().end()).sum(digits);
        out.emit();
    }

    OperatorHarness<ReadingFlyweight, Summary> harness()
    {
        return harness;
    }

    boolean add(final String key, final long timestamp, final long digit)
    {
        return harness.push(timestamp, reading -> reading.time(timestamp).place(key).value(digit));
    }

    /** What has fired since: key [start,end) digits. */
    List<String> fired()
    {
        return harness.emitted(summary -> summary.place() + " [" + summary.count() + "," + summary.windowEnd() + ") " +
            summary.sum()).stream().map(result -> result.value() + " @" + result.timestamp()).toList();
    }

    /** The digits of what has fired since. */
    List<Long> digits()
    {
        return harness.results(Summary::sum);
    }

    List<String> watermark(final long timestamp)
    {
        harness.watermark(timestamp);
        return fired();
    }

    List<String> late()
    {
        return harness.emitted("late", ReadingFlyweight.TYPE, reading -> reading.place() + "@" + reading.time() + " " +
            reading.value()).stream().map(Emitted::value).toList();
    }

    /** What the tables hold, empty for nothing. */
    String state()
    {
        return backend.sizes();
    }

    @Override
    public void close()
    {
        harness.close();
    }
}
