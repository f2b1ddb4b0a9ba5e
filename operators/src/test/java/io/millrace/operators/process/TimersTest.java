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
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.ProcessHarness.ReadingFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** Random registrations, deletions, watermarks and restarts, against a list that is sorted anew each time. */
class TimersTest
{
    private static final int STEPS = 20_000;

    private record Timer(long time, long sequence, long key)
    {
    }

    private static final class Registering implements ReadingFunction
    {
        @Override
        public void processElement(
            final Reading record, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            if (record.value() >= 0)
            {
                context.timerService().registerEventTimeTimer(record.value());
            }
            else
            {
                context.timerService().deleteEventTimeTimer(~record.value());
            }
        }

        @Override
        public void onTimer(
            final long timestamp, final KeyedContext<LongKey> context, final Collector<SummaryFlyweight> out)
        {
            ProcessHarness.emit(out, context.currentKey(), timestamp);
            if (registersMore(context.currentKey().value(), timestamp))
            {
                context.timerService().registerEventTimeTimer(timestamp + 2);
                context.timerService().registerEventTimeTimer(timestamp - 3);
            }
        }
    }

    /** Some timers register one behind themselves, and one before; these register none. */
    private static boolean registersMore(final long key, final long time)
    {
        return key % 3 == 0 && time % 4 == 0;
    }

    /** What a timer queue should do; a broken one forgets that a deleted timer begins anew. */
    private static final class Model
    {
        private final boolean broken;
        private final List<Timer> timers = new ArrayList<>();
        private final List<Timer> deleted = new ArrayList<>();
        private long sequence;

        private Model(final boolean broken)
        {
            this.broken = broken;
        }

        private void register(final long key, final long time)
        {
            if (timers.stream().noneMatch(timer -> timer.key == key && timer.time == time))
            {
                final Timer again = deleted.stream().filter(timer -> timer.key == key && timer.time == time).findFirst()
                    .orElse(null);
                timers.add(broken && again != null ? again : new Timer(time, sequence, key));
                sequence++;
            }
        }

        private void delete(final long key, final long time)
        {
            timers.stream().filter(timer -> timer.key == key && timer.time == time).findFirst().ifPresent(timer ->
            {
                timers.remove(timer);
                deleted.add(timer);
            });
        }

        private List<String> advance(final long watermark)
        {
            final List<String> fired = new ArrayList<>();
            Timer next = first(watermark);
            while (next != null)
            {
                timers.remove(next);
                fired.add(next.key + ":" + next.time + "@" + next.time);
                if (registersMore(next.key, next.time))
                {
                    register(next.key, next.time + 2);
                    register(next.key, next.time - 3);
                }
                next = first(watermark);
            }
            return fired;
        }

        private Timer first(final long watermark)
        {
            return timers.stream().filter(timer -> timer.time <= watermark)
                .min(Comparator.comparingLong(Timer::time).thenComparingLong(Timer::sequence)).orElse(null);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 6", "2, 6", "3, 12", "4, 16", "5, 30", "6, 60"})
    void shouldFireWhatAListWould(final long seed, final int delayBits)
    {
        final List<String> expected = new ArrayList<>();
        final List<String> fired = run(seed, delayBits, new Model(false), expected);
        assertEquals(expected, fired, "seed=" + seed);
    }

    @ParameterizedTest
    @ValueSource(longs = 1)
    void shouldNoticeATimerThatKeepsItsPlaceWhenItIsDeleted(final long seed)
    {
        final List<String> expected = new ArrayList<>();
        assertNotEquals(run(seed, 6, new Model(true), expected), expected);
    }

    private static List<String> run(
        final long seed, final int delayBits, final Model model, final List<String> expected)
    {
        final Random random = new Random(seed);
        final List<String> fired = new ArrayList<>();
        OperatorHarness<ReadingFlyweight, Summary> harness = ProcessHarness.of(Registering::new).room(3).open();
        try
        {
            long watermark = 0;
            for (int step = 0; step < STEPS; step++)
            {
                final long key = random.nextInt(20);
                final long time = Math.max(0, watermark + random.nextLong(1L << random.nextInt(delayBits)) - 5);
                final int action = random.nextInt(1000);
                if (action < 500)
                {
                    model.register(key, time);
                    harness.push(0, reading -> reading.sensor(key).value(time));
                }
                else if (action < 980)
                {
                    model.delete(key, time);
                    harness.push(0, reading -> reading.sensor(key).value(~time));
                }
                else if (action < 998)
                {
                    watermark += random.nextLong(1L << random.nextInt(Math.min(delayBits, 48) - 2));
                    expected.addAll(model.advance(watermark));
                    harness.watermark(watermark);
                    fired.addAll(ProcessHarness.results(harness));
                }
                else
                {
                    final OperatorSnapshot snapshot = harness.barrier();
                    harness.close();
                    harness = ProcessHarness.of(Registering::new).room(3).restore(snapshot);
                }
            }
        }
        finally
        {
            harness.close();
        }
        return fired;
    }
}
