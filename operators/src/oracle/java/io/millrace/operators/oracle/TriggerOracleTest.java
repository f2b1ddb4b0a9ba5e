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
package io.millrace.operators.oracle;

import io.millrace.core.operator.OperatorFactory;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.trigger.ContinuousEventTimeTrigger;
import io.millrace.operators.trigger.CountEvictor;
import io.millrace.operators.trigger.CountTrigger;
import io.millrace.operators.trigger.DeltaEvictor;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.Evictor;
import io.millrace.operators.trigger.ProcessWindowFunction;
import io.millrace.operators.trigger.PurgingTrigger;
import io.millrace.operators.trigger.TimeEvictor;
import io.millrace.operators.trigger.Trigger;
import io.millrace.operators.window.triggered.BufferedContents;
import io.millrace.operators.window.triggered.GlobalWindowAssigner;
import io.millrace.operators.window.triggered.ProcessResult;
import io.millrace.operators.window.triggered.SessionAssigner;
import io.millrace.operators.window.triggered.TimeWindowAssigner;
import io.millrace.operators.window.triggered.TriggeredWindow;
import io.millrace.operators.window.triggered.TriggeredWindowOperator;
import io.millrace.operators.window.triggered.WindowAssigner;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.GlobalWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.Window;
import org.apache.flink.streaming.runtime.operators.windowing.WindowOperatorBuilder;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Windows with triggers and evictors: the elements that each result is made of, in their order, whether what an evictor
 * took away or a trigger purged is gone, and which elements are late. Firings that Flink makes of no elements at all, where
 * an evictor has taken them, are none here and there, as the functions are silent then. Times are above 0, where the
 * multiples that a continuous trigger fires at are the same.
 */
class TriggerOracleTest
{
    private static final long AFTER_EPOCH = 1_000;
    private static final TypeInformation<Tuple3<Long, Long, Long>> ELEMENT = Types.TUPLE(Types.LONG, Types.LONG, Types.LONG);
    private static final OutputTag<Tuple3<Long, Long, Long>> LATE = new OutputTag<>("late", ELEMENT);

    /**
     * What a case is made of.
     *
     * @param gap       of sessions; 0 for other windows
     * @param size      of the windows; 0 for a global one
     * @param slide     of the windows
     * @param offset    of the windows
     * @param lateness  allowed
     * @param trigger   0 event time, 1 count, 2 continuous
     * @param purging   whether each firing purges
     * @param interval  of the trigger: elements, or time
     * @param evictor   0 none, 1 count, 2 time, 3 delta
     * @param threshold of the evictor
     * @param after     whether the evictor is at work afterwards
     */
    private record Setup(
        long gap, long size, long slide, long offset, long lateness, int trigger, boolean purging, int interval, int evictor,
        int threshold, boolean after)
    {
        private static Setup random(final Random random)
        {
            final long size = random.nextInt(4) == 0 ? 0 : 1L + random.nextInt(12);
            final long slide = 1L + random.nextInt(12);
            return new Setup(0, size, slide, random.nextInt((int)slide), random.nextBoolean() ? 0 : random.nextInt(15),
                random.nextInt(3), random.nextBoolean(), 1 + random.nextInt(5), random.nextInt(4), 1 + random.nextInt(5),
                random.nextBoolean());
        }

        /** Evictors that ask for no order, as that of elements in a session which has merged is not defined (WIN-11). */
        private static Setup session(final Random random)
        {
            return new Setup(1 + random.nextInt(8), 1, 1, 0, random.nextBoolean() ? 0 : random.nextInt(15),
                random.nextInt(3), random.nextBoolean(), 1 + random.nextInt(5), random.nextInt(3) == 0 ? 2 : 0,
                1 + random.nextInt(5), random.nextBoolean());
        }

        private long told(final long sum, final long value)
        {
            return gap == 0 ? sum * 31 + value : sum | value;
        }

        private Duration pause()
        {
            return Duration.ofMillis(interval);
        }

        private Duration age()
        {
            return Duration.ofMillis(threshold);
        }
    }

    /**
     * A run with all times moved.
     *
     * @param run to run
     */
    private record Moved(Oracle.Run run) implements Oracle.Run
    {
        @Override
        public List<List<String>> outputs(final Script script) throws Exception
        {
            final List<Script.Step> steps = new ArrayList<>();
            for (final Script.Step step : script.steps())
            {
                steps.add(step instanceof Script.Element element ? new Script.Element(element.input(), element.key(),
                    element.timestamp() + AFTER_EPOCH, element.number()) :
                    new Script.Watermark(((Script.Watermark)step).timestamp() + AFTER_EPOCH));
            }
            return run.outputs(new Script(script.seed(), steps));
        }

        @Override
        public String toString()
        {
            return run.toString();
        }
    }

    @Test
    void shouldFireAndEvictAsFlinkDoes() throws Exception
    {
        Oracle.compare("triggers and evictors", 1, 40, seed ->
        {
            final Setup setup = Setup.random(new Random(~seed));
            return new Oracle.Run[] {
                new Moved(setup.size == 0 ? flink(setup, GlobalWindows.create()) : flink(setup, SlidingEventTimeWindows.of(
                    Duration.ofMillis(setup.size), Duration.ofMillis(setup.slide), Duration.ofMillis(setup.offset)))),
                new Moved(millrace(setup))};
        });
    }

    @Test
    void shouldCountWindowsAsFlinkDoes() throws Exception
    {
        Oracle.compare("count windows", 1, 40, seed ->
        {
            final Random random = new Random(~seed);
            final int size = 1 + random.nextInt(6);
            final int slide = random.nextBoolean() ? 0 : 1 + random.nextInt(6);
            final Setup setup = new Setup(
                0, 0, 1, 0, 0, 1, slide == 0, slide == 0 ? size : slide, slide == 0 ? 0 : 1, size, false);
            return new Oracle.Run[] {flink(setup, GlobalWindows.create()), millrace(setup)};
        });
    }

    @Test
    void shouldFireSessionsByTriggersAsFlinkDoes() throws Exception
    {
        Oracle.compare("triggers of sessions", 1, 40, seed ->
        {
            final Setup setup = Setup.session(new Random(~seed));
            return new Oracle.Run[] {
                new Moved(flink(setup, EventTimeSessionWindows.withGap(Duration.ofMillis(setup.gap)))),
                new Moved(millrace(setup))};
        });
    }

    private static Oracle.Run millrace(final Setup setup)
    {
        final WindowAssigner assigner = setup.gap != 0 ? new SessionAssigner(setup.gap, false) : setup.size == 0 ?
            new GlobalWindowAssigner() : new TimeWindowAssigner(setup.size, setup.slide, setup.offset);
        final Trigger<Object> trigger = switch (setup.trigger)
        {
            case 0 -> EventTimeTrigger.create();
            case 1 -> CountTrigger.of(setup.interval);
            default -> ContinuousEventTimeTrigger.of(setup.pause()).in((what, duration) -> duration.toMillis());
        };
        final Evictor<? super Reading> evictor = switch (setup.evictor)
        {
            case 0 -> BufferedContents.NO_EVICTOR;
            case 1 -> CountEvictor.<Reading>of(setup.threshold, setup.after);
            case 2 -> TimeEvictor.<Reading>of(setup.age(), setup.after).in((what, duration) -> duration.toMillis());
            default -> DeltaEvictor.<Reading>of(setup.threshold, (element, last) ->
                Math.abs(element.time() - last.time()), setup.after);
        };
        final Supplier<ProcessWindowFunction<LongKey, Reading, SummaryFlyweight>> functions = () ->
            (key, context, elements, out) ->
            {
                long sum = 0;
                for (long i = 0; i < elements.count(); i++)
                {
                    sum = setup.told(sum, elements.get(i).value());
                }
                out.next().sensor(key.value()).windowEnd(context.window().maxTimestamp()).sum(sum);
                out.emit();
            };
        return new MillraceRun(setup.toString(), WindowOracleTest.factory(TriggeredWindowOperator.class,
            ReadingFlyweight.TYPE, SummaryFlyweight.TYPE, WindowOracleTest.encoder(), WindowOracleTest.keyView(),
            new TriggeredWindow<Reading>(assigner, setup.purging ? PurgingTrigger.of(trigger) : trigger, setup.lateness,
                "late"),
            part(BufferedContents.class, ReadingFlyweight.TYPE, evictor, part(ProcessResult.class, functions))),
            result -> result.sensor() + " " + result.windowEnd() + " " + result.sum(), "late");
    }

    private static OperatorFactory<Object> part(final Class<?> type, final Object... arguments)
    {
        return OperatorFactory.of(type, arguments);
    }

    private static <W extends Window> Oracle.Run flink(
        final Setup setup,
        final org.apache.flink.streaming.api.windowing.assigners.WindowAssigner<Object, W> windows)
    {
        return new FlinkRun(() ->
        {
            final WindowOperatorBuilder<Tuple3<Long, Long, Long>, Long, W> builder = new WindowOperatorBuilder<>(
                windows, flinkTrigger(setup), new ExecutionConfig(), ELEMENT, element -> element.f0, Types.LONG);
            if (setup.size != 0)
            {
                builder.allowedLateness(Duration.ofMillis(setup.lateness));
                builder.sideOutputLateData(LATE);
            }
            if (setup.evictor != 0)
            {
                builder.evictor(flinkEvictor(setup));
            }
            return builder.apply((key, window, elements, out) ->
            {
                long sum = 0;
                boolean any = false;
                for (final Tuple3<Long, Long, Long> element : elements)
                {
                    sum = setup.told(sum, element.f2);
                    any = true;
                }
                if (any)
                {
                    out.collect(key + " " + window.maxTimestamp() + " " + sum);
                }
            });
        }, LATE);
    }

    @SuppressWarnings("unchecked")
    private static <W extends Window> org.apache.flink.streaming.api.windowing.triggers.Trigger<Object, W> flinkTrigger(
        final Setup setup)
    {
        final org.apache.flink.streaming.api.windowing.triggers.Trigger<Object, ?> trigger = switch (setup.trigger)
        {
            case 0 -> setup.size == 0 ? new AtTheEnd() :
                org.apache.flink.streaming.api.windowing.triggers.EventTimeTrigger.create();
            case 1 -> org.apache.flink.streaming.api.windowing.triggers.CountTrigger.of(setup.interval);
            default -> org.apache.flink.streaming.api.windowing.triggers.ContinuousEventTimeTrigger.of(setup.pause());
        };
        return (org.apache.flink.streaming.api.windowing.triggers.Trigger<Object, W>)(setup.purging ?
            org.apache.flink.streaming.api.windowing.triggers.PurgingTrigger.of(trigger) : trigger);
    }

    private static <W extends Window> org.apache.flink.streaming.api.windowing.evictors.Evictor<
        ? super Tuple3<Long, Long, Long>, W> flinkEvictor(final Setup setup)
    {
        return switch (setup.evictor)
        {
            case 1 -> org.apache.flink.streaming.api.windowing.evictors.CountEvictor.of(setup.threshold, setup.after);
            case 2 -> org.apache.flink.streaming.api.windowing.evictors.TimeEvictor.of(setup.age(), setup.after);
            default -> org.apache.flink.streaming.api.windowing.evictors.DeltaEvictor.<Tuple3<Long, Long, Long>, W>of(
                setup.threshold, (old, last) -> Math.abs(old.f1 - last.f1), setup.after);
        };
    }

    /** Event time for Flink's global window: its own trigger is for windows of time. */
    private static final class AtTheEnd extends org.apache.flink.streaming.api.windowing.triggers.Trigger<Object, Window>
    {
        private static final long serialVersionUID = 1;

        @Override
        public org.apache.flink.streaming.api.windowing.triggers.TriggerResult onElement(
            final Object element, final long timestamp, final Window window, final TriggerContext context)
        {
            context.registerEventTimeTimer(window.maxTimestamp());
            return org.apache.flink.streaming.api.windowing.triggers.TriggerResult.CONTINUE;
        }

        @Override
        public org.apache.flink.streaming.api.windowing.triggers.TriggerResult onEventTime(
            final long timestamp, final Window window, final TriggerContext context)
        {
            return org.apache.flink.streaming.api.windowing.triggers.TriggerResult.FIRE;
        }

        @Override
        public org.apache.flink.streaming.api.windowing.triggers.TriggerResult onProcessingTime(
            final long timestamp, final Window window, final TriggerContext context)
        {
            return org.apache.flink.streaming.api.windowing.triggers.TriggerResult.CONTINUE;
        }

        @Override
        public void clear(final Window window, final TriggerContext context)
        {
            context.deleteEventTimeTimer(window.maxTimestamp());
        }
    }
}
