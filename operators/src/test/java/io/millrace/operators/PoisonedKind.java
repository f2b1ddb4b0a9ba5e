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

import io.millrace.core.failure.ErrorPolicy;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.process.ProcessContext;
import io.millrace.operators.process.ProcessFunction;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;
import io.millrace.operators.trigger.ContinuousEventTimeTrigger;

import java.time.Duration;
import java.util.function.Consumer;

/** Kinds of operators, each with a function that some records are poison for. */
enum PoisonedKind
{
    FILTER
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.filter(PoisonedKind::check).onError(policy));
        }
    },
    MAP
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.map(TYPE, PoisonedKind::copy).onError(policy));
        }
    },
    FLAT_MAP
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.flatMap(TYPE, PoisonedKind::twice).onError(policy));
        }
    },
    PROCESS
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.process(TYPE, Twice::new).onError(policy));
        }
    },
    KEYED_PROCESS
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(Reading::sensor).process(TYPE, Counting::new).parallelism(2).onError(policy)
                .rebalance().filter(result -> true).parallelism(1));
        }
    },
    KEY
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(reading -> check(reading) ? reading.sensor() : 0)
                .reduce(TYPE, (sum, reading) -> sum.value(sum.value() + reading.value())).parallelism(2).onError(policy)
                .rebalance().filter(result -> true).parallelism(1));
        }
    },
    REDUCE
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(reading -> reading.value() % 7).reduce(TYPE, PoisonedKind::add).onError(policy));
        }
    },
    ACCUMULATE
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(Reading::sensor).accumulate(TYPE, PoisonedKind::add).onError(policy));
        }
    },
    AGGREGATE
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(Reading::sensor).accumulate(TYPE, TYPE, PoisonedKind::add,
                (key, sum, out) -> out.sensor(key.value()).value(sum.value())).onError(policy));
        }
    },
    TUMBLING
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(Reading::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(50)))
                .aggregate(TYPE, TYPE, PoisonedKind::add, (key, window, sum, out) ->
                    out.sensor(key.value()).value(sum.value()).time(window.end())).onError(policy));
        }
    },
    SLIDING
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(Reading::sensor)
                .window(SlidingEventTimeWindows.of(Duration.ofMillis(60), Duration.ofMillis(20)))
                .aggregate(TYPE, TYPE, new Sum(), (key, window, sum, out) ->
                    out.sensor(key.value()).value(sum.value()).time(window.end())).onError(policy));
        }
    },
    SESSION
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(Reading::sensor).window(EventTimeSessionWindows.withGap(Duration.ofMillis(9)))
                .aggregate(TYPE, TYPE, new Sum(), (key, window, sum, out) ->
                    out.sensor(key.value()).value(sum.value()).time(window.end())).onError(policy));
        }
    },
    SESSION_REDUCE
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(reading -> reading.value() % 7).window(EventTimeSessionWindows.withGap(Duration.ofMillis(9)))
                .reduce(TYPE, PoisonedKind::add).onError(policy));
        }
    },
    TRIGGERED
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(Reading::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(50)))
                .trigger(ContinuousEventTimeTrigger.of(Duration.ofMillis(20)))
                .aggregate(TYPE, TYPE, new Sum(), (key, window, sum, out) ->
                    out.sensor(key.value()).value(sum.value()).time(window.end())).onError(policy));
        }
    },
    JOIN_KEY
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(reading -> check(reading) ? reading.sensor() : 0)
                .connect(readings.filter(reading -> !isPoison(reading.value())).name("rights").keyByLong(Reading::sensor))
                .window(TumblingEventTimeWindows.of(Duration.ofMillis(10))).join(TYPE, (key, window, left, right, out) ->
                    out.sensor(key.value()).time(left.value()).value(right.value())).onError(policy));
        }
    },
    INTERVAL_JOIN_KEY
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(reading -> check(reading) ? reading.sensor() : 0)
                .connect(readings.filter(reading -> !isPoison(reading.value())).name("rights").keyByLong(Reading::sensor))
                .intervalJoin(Duration.ofMillis(-9), Duration.ofMillis(0)).process(TYPE, (left, right, out) ->
                    out.time(left.value()).value(right.value())).onError(policy));
        }
    },
    PATTERN_KEY
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            end.accept(readings.keyByLong(reading -> check(reading) ? reading.sensor() : 0)
                .pattern(Pattern.<Reading>begin("one").where((Reading reading) -> reading.value() % 2 == 0).next("two"))
                .select(TYPE, (match, out) -> out.time(match.events("one").get(0).value())
                    .value(match.events("two").get(0).value())).onError(policy));
        }
    },
    SINK
    {
        @Override
        void build(final DataStream<Reading> readings, final ErrorPolicy policy, final Consumer<DataStream<?>> end)
        {
            readings.sink(CallbackSink.of(PoisonedKind::check), "poisoned").onError(policy);
            end.accept(readings.filter(reading -> !isPoison(reading.value())));
        }
    };

    private static final RecordType<Reading, ReadingFlyweight> TYPE = ReadingFlyweight.TYPE;

    /** Puts the operator behind a stream, and hands on what it puts out. */
    abstract void build(DataStream<Reading> readings, ErrorPolicy policy, Consumer<DataStream<?>> end);

    /** Writes one of the records: one in a hundred is poison, half of those have keys of their own. */
    static void write(final long number, final ReadingFlyweight out)
    {
        out.time(number).value(number).sensor(number % 200 == 37 ? -number : number % 7);
    }

    static boolean isPoison(final long value)
    {
        return value % 100 == 37;
    }

    private static boolean check(final Reading reading)
    {
        if (isPoison(reading.value()))
        {
            throw new IllegalArgumentException("poison " + reading.value());
        }
        return true;
    }

    private static void copy(final Reading reading, final ReadingFlyweight out)
    {
        out.sensor(reading.sensor()).value(reading.value());
        check(reading);
    }

    private static void add(final ReadingFlyweight sum, final Reading reading)
    {
        // Half done when it fails.
        sum.value(sum.value() + reading.value());
        check(reading);
        sum.time(sum.time() + 1);
    }

    private static void twice(final Reading reading, final Collector<ReadingFlyweight> out)
    {
        // The first result is never emitted when it fails, the second one is half written.
        final ReadingFlyweight first = out.next();
        copy(reading, first);
        out.emit();
        out.next().value(-reading.value());
        out.emit();
    }

    /** A function of an instance. */
    private static final class Twice implements ProcessFunction<Reading, ReadingFlyweight>
    {
        @Override
        public void processElement(
            final Reading reading, final ProcessContext context, final Collector<ReadingFlyweight> out)
        {
            twice(reading, out);
        }
    }

    /** A function with state. */
    private static final class Counting implements KeyedProcessFunction<LongKey, Reading, ReadingFlyweight>
    {
        private LongState count;

        @Override
        public void open(final StateStore states)
        {
            count = states.longValue("count");
        }

        @Override
        public void processElement(
            final Reading reading,
            final KeyedContext<LongKey> context,
            final Collector<ReadingFlyweight> out)
        {
            check(reading);
            count.set(count.get() + 1);
            out.next().sensor(context.currentKey().value()).value(count.get());
            out.emit();
        }
    }

    /** Sums up. */
    private static final class Sum implements AggregateFunction<Reading, Reading, ReadingFlyweight>
    {
        @Override
        public void add(final ReadingFlyweight sum, final Reading reading)
        {
            PoisonedKind.add(sum, reading);
        }

        @Override
        public void merge(final ReadingFlyweight sum, final Reading other)
        {
            sum.value(sum.value() + other.value()).time(sum.time() + other.time());
        }
    }
}
