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
package io.millrace.operators.testing;

import io.millrace.operators.DataStream;
import io.millrace.operators.EventTimeSessionWindows;
import io.millrace.operators.KeyedStream;
import io.millrace.operators.ProcessingTimeSessionWindows;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.SlidingEventTimeWindows;
import io.millrace.operators.SlidingProcessingTimeWindows;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.TumblingEventTimeWindows;
import io.millrace.operators.TumblingProcessingTimeWindows;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.function.WindowJoinFunction;
import io.millrace.operators.state.StateTtl;
import io.millrace.operators.trigger.ContinuousEventTimeTrigger;
import io.millrace.operators.trigger.ContinuousProcessingTimeTrigger;
import io.millrace.operators.trigger.CountTrigger;
import io.millrace.operators.trigger.PurgingTrigger;

import java.time.Duration;
import java.util.List;

import static io.millrace.operators.testing.OperatorCase.one;
import static io.millrace.operators.testing.OperatorCase.two;

/** Windows, joins, timers and states by the clock; states that expire; sessions with triggers; joins of windows that slide. */
final class ClockedCases
{
    private static final OutputTag<Reading, ReadingFlyweight> LATE = new OutputTag<>("late", ReadingFlyweight.TYPE);
    private static final OutputTag<Summary, SummaryFlyweight> OVER = new OutputTag<>("over", SummaryFlyweight.TYPE);
    private static final TumblingProcessingTimeWindows TUMBLING = TumblingProcessingTimeWindows.of(Duration.ofMillis(20));
    private static final SlidingProcessingTimeWindows SLIDING =
        SlidingProcessingTimeWindows.of(Duration.ofMillis(30), Duration.ofMillis(12));
    private static final EventTimeSessionWindows SESSIONS = EventTimeSessionWindows.withGap(Duration.ofMillis(6));
    private static final WindowJoinFunction<LongKey, Reading, Reading, SummaryFlyweight> PAIR =
        (key, window, left, right, out) -> out.sensor(key.value()).windowEnd(window.end()).count(left.value())
            .sum(right.value());

    private ClockedCases()
    {
    }

    /** A sum, in which the order of records does not count. */
    private static final class Sum implements AggregateFunction<Reading, Summary, SummaryFlyweight>
    {
        @Override
        public void add(final SummaryFlyweight sum, final Reading reading)
        {
            sum.count(sum.count() + 1).sum(sum.sum() + reading.value() * reading.value());
        }

        @Override
        public void merge(final SummaryFlyweight sum, final Summary other)
        {
            sum.count(sum.count() + other.count()).sum(sum.sum() + other.sum());
        }
    }

    private static <K> WindowFunction<K, Summary, SummaryFlyweight> total()
    {
        return (key, window, sum, out) ->
            out.windowEnd(window.end()).count(sum.count()).sum(sum.sum() + window.start());
    }

    private static KeyedStream<LongKey, Reading> bySensor(final DataStream<Reading> readings)
    {
        return readings.keyByLong(Reading::sensor);
    }

    static List<OperatorCase> all()
    {
        final StateTtl ttl = StateTtl.of(Duration.ofMillis(9));
        final StateTtl clocked = ttl.timeDomain(StateTtl.TimeDomain.PROCESSING_TIME);
        return List.of(
            one("tumbling by the clock", readings -> bySensor(readings).window(TUMBLING)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).byClock(),
            one("sliding by the clock", readings -> bySensor(readings).window(SLIDING)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).byClock(),
            one("tumbling by the clock, of all", readings -> readings.windowAll(TUMBLING)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).byClock(),
            one("session by the clock", readings -> bySensor(readings)
                .window(ProcessingTimeSessionWindows.withGap(Duration.ofMillis(7)))
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).byClock(),
            one("session by the clock, of all", readings -> readings
                .windowAll(ProcessingTimeSessionWindows.withGap(Duration.ofMillis(3)))
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).byClock(),
            one("session by the clock, counted", readings -> bySensor(readings)
                .window(ProcessingTimeSessionWindows.withGap(Duration.ofMillis(7))).trigger(CountTrigger.of(2))
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).byArrival().byClock(),
            one("trigger by the clock", readings -> bySensor(readings)
                .window(TumblingEventTimeWindows.of(Duration.ofMillis(40)))
                .trigger(ContinuousProcessingTimeTrigger.of(Duration.ofMillis(5)))
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).byArrival().byClock(),
            two("join by the clock", (lefts, rights) -> bySensor(lefts).connect(bySensor(rights)).window(TUMBLING)
                .join(SummaryFlyweight.TYPE, PAIR)).byArrival().byClock(),
            two("sliding coGroup by the clock", (lefts, rights) -> bySensor(lefts).connect(bySensor(rights))
                .window(SLIDING).coGroup(SummaryFlyweight.TYPE, (key, window, left, right, out) ->
                {
                    out.next().sensor(key.value()).windowEnd(window.end()).count(left.size()).sum(right.size());
                    out.emit();
                })).byClock(),
            two("session join by the clock", (lefts, rights) -> bySensor(lefts).connect(bySensor(rights))
                .window(ProcessingTimeSessionWindows.withGap(Duration.ofMillis(7)))
                .join(SummaryFlyweight.TYPE, PAIR)).byArrival().byClock(),
            two("sliding join", (lefts, rights) -> bySensor(lefts).connect(bySensor(rights))
                .window(SlidingEventTimeWindows.of(Duration.ofMillis(20), Duration.ofMillis(8)))
                .allowedLateness(Duration.ofMillis(10)).sideOutputLeftLateData(LATE)
                .join(SummaryFlyweight.TYPE, PAIR)).byArrival(),
            one("session, counted", readings -> bySensor(readings).window(SESSIONS).trigger(CountTrigger.of(2))
                .allowedLateness(Duration.ofMillis(10)).sideOutputLateData(LATE)
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).byArrival(),
            one("session, continuous and purging", readings -> readings.keyBy(Reading::place).window(SESSIONS)
                .trigger(PurgingTrigger.of(ContinuousEventTimeTrigger.of(Duration.ofMillis(4))))
                .allowedLateness(Duration.ofMillis(20))
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, new Sum(), total())).byArrival(),
            one("timers by the clock", readings -> bySensor(readings)
                .process(SummaryFlyweight.TYPE, () -> new EveryState<>(null, true)).sideOutput(OVER)).byArrival().byClock(),
            one("states that expire", readings -> bySensor(readings)
                .process(SummaryFlyweight.TYPE, () -> new EveryState<>(ttl, false)).sideOutput(OVER)).byArrival(),
            one("states that expire by reads", readings -> readings.keyBy(Reading::place).process(SummaryFlyweight.TYPE,
                () -> new EveryState<>(ttl.updateType(StateTtl.UpdateType.ON_READ_AND_WRITE), false)).sideOutput(OVER))
                .byArrival(),
            one("states that expire by the clock", readings -> bySensor(readings)
                .process(SummaryFlyweight.TYPE, () -> new EveryState<>(clocked, true)).sideOutput(OVER))
                .byArrival().byClock());
    }
}
