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
import io.millrace.operators.function.RecordList;
import io.millrace.operators.function.TimeWindow;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.trigger.ContinuousEventTimeTrigger;
import io.millrace.operators.trigger.CountEvictor;
import io.millrace.operators.trigger.ProcessWindowFunction;
import io.millrace.operators.trigger.WindowContext;
import io.millrace.operators.trigger.WindowElements;

import java.time.Duration;

/** Kinds of operators, each with a function that fails to make some of the results. */
enum FiringKind
{
    JOIN("result of window [")
    {
        @Override
        SingleOutputStream<Summary> build(final DataStream<Reading> readings, final Poison poison)
        {
            return sides(readings).window(TumblingEventTimeWindows.of(Duration.ofMillis(10))).fullOuterJoin(TYPE,
                (key, window, left, right, out) -> poison.make(out, key.value(), window.end(), value(left), value(right)));
        }
    },
    CO_GROUP("window [")
    {
        @Override
        SingleOutputStream<Summary> build(final DataStream<Reading> readings, final Poison poison)
        {
            return sides(readings).window(SlidingEventTimeWindows.of(Duration.ofMillis(10), Duration.ofMillis(5)))
                .coGroup(TYPE, (key, window, lefts, rights, out) -> group(poison, key, window, lefts, rights, out));
        }
    },
    SESSION_JOIN("result of window [")
    {
        @Override
        SingleOutputStream<Summary> build(final DataStream<Reading> readings, final Poison poison)
        {
            return sides(readings).window(EventTimeSessionWindows.withGap(Duration.ofMillis(3))).leftOuterJoin(TYPE,
                (key, window, left, right, out) -> poison.make(out, key.value(), window.end(), value(left), value(right)));
        }
    },
    SESSION_CO_GROUP("window [")
    {
        @Override
        SingleOutputStream<Summary> build(final DataStream<Reading> readings, final Poison poison)
        {
            return sides(readings).window(EventTimeSessionWindows.withGap(Duration.ofMillis(3)))
                .coGroup(TYPE, (key, window, lefts, rights, out) -> group(poison, key, window, lefts, rights, out));
        }
    },
    INTERVAL_JOIN("left Reading[")
    {
        @Override
        SingleOutputStream<Summary> build(final DataStream<Reading> readings, final Poison poison)
        {
            return sides(readings).intervalJoin(Duration.ofMillis(-4), Duration.ofMillis(6)).process(TYPE,
                (left, right, out) -> poison.make(out, left.sensor(), 0, left.value(), right.value()));
        }
    },
    AS_OF_JOIN("Reading[")
    {
        @Override
        SingleOutputStream<Summary> build(final DataStream<Reading> readings, final Poison poison)
        {
            return sides(readings).asOfJoin(TYPE,
                (left, right, out) -> poison.make(out, left.sensor(), 0, left.value(), value(right)));
        }
    },
    TRIGGERED_SUM("result of window [")
    {
        @Override
        SingleOutputStream<Summary> build(final DataStream<Reading> readings, final Poison poison)
        {
            return readings.keyByLong(Reading::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(20)))
                .trigger(ContinuousEventTimeTrigger.of(Duration.ofMillis(4))).aggregate(TYPE, TYPE, new Sum(),
                    (key, window, sum, out) -> poison.make(out, key.value(), window.end(), sum.count(), sum.sum()));
        }
    },
    TRIGGERED_PROCESS("result of window [")
    {
        @Override
        SingleOutputStream<Summary> build(final DataStream<Reading> readings, final Poison poison)
        {
            return readings.keyByLong(Reading::sensor).window(EventTimeSessionWindows.withGap(Duration.ofMillis(6)))
                .evictor(CountEvictor.of(5)).process(TYPE, () -> new Tell(poison));
        }
    },
    COUNTED("result of window [")
    {
        @Override
        SingleOutputStream<Summary> build(final DataStream<Reading> readings, final Poison poison)
        {
            return readings.keyByLong(Reading::sensor).countWindow(3).process(TYPE, () -> new Tell(poison));
        }
    },
    TUMBLING("result of window [")
    {
        @Override
        SingleOutputStream<Summary> build(final DataStream<Reading> readings, final Poison poison)
        {
            return readings.keyByLong(Reading::sensor).window(TumblingEventTimeWindows.of(Duration.ofMillis(7)))
                .aggregate(TYPE, TYPE, new Sum(),
                    (key, window, sum, out) -> poison.make(out, key.value(), window.end(), sum.count(), sum.sum()));
        }
    },
    PATTERN("match at timestamp=")
    {
        @Override
        SingleOutputStream<Summary> build(final DataStream<Reading> readings, final Poison poison)
        {
            return readings.keyByLong(Reading::sensor)
                .pattern(Pattern.<Reading>begin("low").where((Reading reading) -> reading.value() % 4 < 2)
                    .followedBy("high").where((Reading reading) -> reading.value() % 4 >= 2)
                    .within(Duration.ofMillis(100)))
                .select(TYPE, (match, out) -> poison.make(out, match.events("low").get(0).sensor(), 0,
                    match.events("low").get(0).value(), match.events("high").get(0).value()));
        }
    };

    private static final RecordType<Summary, SummaryFlyweight> TYPE = SummaryFlyweight.TYPE;

    /** How the dead letter of such a firing begins to tell it. */
    final String firing;

    FiringKind(final String firing)
    {
        this.firing = firing;
    }

    /** Fails to make some of the results, so many times in a row each. */
    static final class Poison
    {
        private final int times;
        private int failed;

        /**
         * A poison.
         *
         * @param times that it fails with a result, 0 for none
         */
        Poison(final int times)
        {
            this.times = times;
        }

        static boolean isPoisoned(final long sensor, final long end, final long count, final long sum)
        {
            final long all = ((sensor * 31 + end) * 31 + count) * 31 + sum;
            return (all * 0x9E3779B97F4A7C15L >>> 32) % 5 == 2;
        }

        void make(
            final SummaryFlyweight out, final long sensor, final long end, final long count, final long sum)
        {
            // Half written when it fails.
            out.sensor(sensor).windowEnd(end).count(count);
            if (failed < times && isPoisoned(sensor, end, count, sum))
            {
                failed++;
                throw new IllegalArgumentException("poison " + count + " " + sum);
            }
            failed = 0;
            out.sum(sum);
        }
    }

    /** Puts the operator behind a stream. */
    abstract SingleOutputStream<Summary> build(DataStream<Reading> readings, Poison poison);

    /** The same with a policy. */
    SingleOutputStream<Summary> build(
        final DataStream<Reading> readings, final Poison poison, final ErrorPolicy policy)
    {
        return build(readings, poison).onError(policy);
    }

    private static ConnectedStreams<LongKey, Reading, Reading> sides(final DataStream<Reading> readings)
    {
        return readings.filter(reading -> reading.value() % 3 != 0).name("lefts").keyByLong(Reading::sensor)
            .connect(readings.filter(reading -> reading.value() % 4 == 0).name("rights").keyByLong(Reading::sensor));
    }

    private static long value(final Reading reading)
    {
        return reading == null ? -1 : reading.value();
    }

    private static void group(
        final Poison poison,
        final LongKey key,
        final TimeWindow window,
        final RecordList<Reading> lefts,
        final RecordList<Reading> rights,
        final Collector<SummaryFlyweight> out)
    {
        poison.make(out.next(), key.value(), window.end(), lefts.size() + (lefts.isEmpty() ? 0 : lefts.get(0).value()),
            rights.size());
        out.emit();
    }

    /** Sums up. */
    private static final class Sum implements AggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight sum, final Reading reading)
        {
            sum.count(sum.count() + 1).sum(sum.sum() + reading.value());
        }

        @Override
        public void merge(final SummaryFlyweight sum, final Summary other)
        {
            sum.count(sum.count() + other.count()).sum(sum.sum() + other.sum());
        }
    }

    /** Tells how many elements there are, and what they come to. */
    private record Tell(Poison poison) implements ProcessWindowFunction<LongKey, Reading, SummaryFlyweight>
    {
        @Override
        public void process(
            final LongKey key,
            final WindowContext context,
            final WindowElements<Reading> elements,
            final Collector<SummaryFlyweight> out)
        {
            long sum = 0;
            for (long i = 0; i < elements.count(); i++)
            {
                sum += elements.get(i).value();
            }
            poison.make(out.next(), key.value(), 0, elements.count(), sum);
            out.emit();
        }
    }
}
