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

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.core.time.ProcessingClock;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import io.millrace.operators.process.ProcessHarness.ReadingFunction;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

import static io.millrace.operators.process.ProcessHarness.results;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

/**
 * SEMANTICS TIM with processing time: a value above 0 registers a timer of processing time then, one below deletes the
 * timer at its negative, one of 1,000 and more registers a timer of event time at the rest above that. Results are
 * key:time@event time, those of timers of event time with 1,000 more.
 */
class ProcessingTimerSemanticsTest
{
    private static final String NO_TIME = "@" + Long.MIN_VALUE;

    private static class Registering implements ReadingFunction
    {
        @Override
        public boolean usesProcessingTime()
        {
            return true;
        }

        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            final long value = record.value();
            if (value >= 1_000)
            {
                context.timerService().registerEventTimeTimer(value - 1_000);
            }
            else if (value > 0)
            {
                context.timerService().registerProcessingTimeTimer(value);
            }
            else
            {
                context.timerService().deleteProcessingTimeTimer(-value);
            }
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            final long domain = context.timeDomain() == TimeDomain.PROCESSING_TIME ? 0 : 1_000;
            assertEquals(timestamp, context.timestamp());
            ProcessHarness.emit(out, context.currentKey(), timestamp + domain);
        }
    }

    private static void push(final OperatorHarness<ReadingFlyweight, Summary> harness, final long key, final long value)
    {
        harness.push(0, reading -> reading.sensor(key).value(value));
    }

    private static List<String> at(final OperatorHarness<ReadingFlyweight, Summary> harness, final long time)
    {
        harness.processingTime(time);
        return results(harness).stream().map(result -> result.replace(NO_TIME, "")).toList();
    }

    private static OperatorHarness<ReadingFlyweight, Summary> open()
    {
        final OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Registering::new);
        harness.processingTime(0);
        return harness.open();
    }

    @Test
    void shouldFollowTIM1ATimerIsAKeyAndATimeOfItsDomain()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = open())
        {
            push(harness, 1, 5);
            push(harness, 1, 5);
            push(harness, 2, 5);
            push(harness, 1, 6);
            push(harness, 1, -6);
            push(harness, 1, -7);
            push(harness, 1, 1_005);
            harness.watermark(5);
            assertEquals(List.of("1:1005@5"), results(harness));
            assertEquals(List.of("1:5", "2:5"), at(harness, 10));
        }
    }

    @Test
    void shouldFollowTIM2ResultsHaveNoTimestamp()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = open())
        {
            push(harness, 1, 5);
            harness.processingTime(5);
            assertEquals(List.of("1:5" + NO_TIME), results(harness));
        }
    }

    @Test
    void shouldFollowTIM4TimersThatATimerRegistersFireAtTheSameTick()
    {
        final class Again extends Registering
        {
            @Override
            public void onTimer(
                final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
            {
                super.onTimer(timestamp, context, out);
                assertEquals(30, context.timerService().currentProcessingTime());
                if (timestamp == 20)
                {
                    context.timerService().registerProcessingTimeTimer(15);
                    context.timerService().registerProcessingTimeTimer(25);
                    context.timerService().registerProcessingTimeTimer(31);
                }
            }
        }

        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Again::new).open())
        {
            push(harness, 1, 20);
            push(harness, 2, 22);
            assertEquals(List.of("1:20", "1:15", "2:22", "1:25"), at(harness, 30));
            assertEquals(31, harness.wakeAt());
        }
    }

    @Test
    void shouldFollowTIM6TiesInTheOrderOfRegistration()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = open())
        {
            push(harness, 9, 5);
            push(harness, 1, 5);
            push(harness, 5, 5);
            push(harness, 3, 4);
            assertEquals(List.of("3:4", "9:5", "1:5", "5:5"), at(harness, 5));
        }
    }

    @Test
    void shouldFollowTIM7OverdueTimersFireAtTheFirstTickAfterARestore()
    {
        final OperatorSnapshot snapshot;
        try (OperatorHarness<ReadingFlyweight, Summary> harness = open())
        {
            harness.processingTime(3);
            push(harness, 9, 5);
            push(harness, 1, 5);
            push(harness, 2, 2);
            push(harness, 3, 9);
            push(harness, 4, 1_007);
            snapshot = harness.barrier();
        }
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Registering::new))
        {
            harness.processingTime(3);
            harness.restore(snapshot);
            assertEquals(List.of(), results(harness));
            assertEquals(2, harness.wakeAt());
            push(harness, 0, 5);
            assertEquals(List.of("2:2", "9:5", "1:5", "0:5"), at(harness, 8));
            assertEquals(List.of("3:9"), at(harness, 9));
            harness.watermark(7);
            assertEquals(List.of("4:1007@7"), results(harness));
        }
    }

    @Test
    void shouldFollowTIM8APastTimerFiresAtTheNextTick()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = open())
        {
            harness.processingTime(5);
            push(harness, 1, 2);
            push(harness, 1, 5);
            assertEquals(List.of(), results(harness));
            assertEquals(List.of("1:2", "1:5"), at(harness, 6));
            push(harness, 1, 8);
            assertEquals(List.of(), at(harness, 7));
            assertEquals(List.of("1:8"), at(harness, 8));
            assertEquals(ProcessingClock.NEVER, harness.wakeAt());
        }
    }

    @Test
    void shouldFollowWM4AndNotFireAtTheEnd()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = open())
        {
            push(harness, 1, 5);
            push(harness, 1, 1_005);
            harness.finish();
            assertEquals(List.of("1:1005@5"), results(harness));
        }
    }

    @Test
    void shouldGoOnWhereAFullOutputStoppedIt()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = open())
        {
            harness.room(3);
            IntStream.rangeClosed(1, 10).forEach(key -> push(harness, key, 11 - key));
            assertEquals(4, harness.processingTime(20));
            assertEquals(10, results(harness).size());
        }
    }

    @Test
    void shouldNameTheMethodThatWasForgotten()
    {
        final class Forgetful extends Registering
        {
            @Override
            public boolean usesProcessingTime()
            {
                return false;
            }
        }

        try (OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Forgetful::new).open())
        {
            final IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> push(harness, 1, 5));
            assertEquals("the function of operator operator asks for processing time without saying so: have its " +
                "usesProcessingTime() return true", thrown.getMessage());
        }
    }

    /** Either stream's records set timers; the value of the second is in the sum. */
    private static final class Either implements KeyedCoProcessFunction<LongKey, Reading, Summary, SummaryFlyweight>
    {
        @Override
        public boolean usesProcessingTime()
        {
            return true;
        }

        @Override
        public void processElement1(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            context.timerService().registerProcessingTimeTimer(record.value());
        }

        @Override
        public void processElement2(
            final Summary record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            context.timerService().registerProcessingTimeTimer(record.sum());
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            ProcessHarness.emit(out, context.currentKey(), timestamp);
        }
    }

    @Test
    void shouldHaveTimersOfTwoStreams()
    {
        final ToLongFunction<Reading> first = Reading::sensor;
        final ToLongFunction<Summary> second = Summary::sensor;
        final OperatorFactory<KeyEncoder> firstEncoder = OperatorFactory.of(LongKeyEncoder.class, ReadingFlyweight.TYPE, first);
        final OperatorFactory<KeyEncoder> secondEncoder =
            OperatorFactory.of(LongKeyEncoder.class, SummaryFlyweight.TYPE, second);
        final OperatorFactory<KeyView<LongKey>> view = OperatorFactory.of(LongKeyView.class);
        final Supplier<Either> functions = Either::new;
        final OperatorFactory<Operator> factory = ProcessHarness.raw(KeyedCoProcessOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, firstEncoder, secondEncoder, view, functions);
        try (OperatorHarness<ReadingFlyweight, Summary> harness =
            OperatorHarness.of(factory, ReadingFlyweight.TYPE, SummaryFlyweight.TYPE).open())
        {
            harness.processingTime(1);
            harness.push(0, ReadingFlyweight.TYPE, 0, reading -> reading.sensor(1).value(5));
            harness.push(1, SummaryFlyweight.TYPE, 0, summary -> summary.sensor(1).sum(4));
            harness.push(1, SummaryFlyweight.TYPE, 0, summary -> summary.sensor(2).sum(5));
            assertEquals(List.of(), at(harness, 3));
            assertEquals(List.of("1:4", "1:5", "2:5"), at(harness, 5));
        }
    }

    @Test
    void shouldHandOutTheProbedFunctionFirst()
    {
        final List<Object> made = new ArrayList<>();
        final ProbedFunctions<Object> functions = new ProbedFunctions<>(() ->
        {
            made.add(new Object());
            return made.get(made.size() - 1);
        });
        final Object probe = functions.probe();
        assertSame(probe, functions.get());
        assertNotSame(probe, functions.get());
        assertEquals(2, made.size());
    }
}
