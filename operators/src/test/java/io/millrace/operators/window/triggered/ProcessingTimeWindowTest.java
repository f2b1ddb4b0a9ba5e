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

import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.core.time.ProcessingClock;
import io.millrace.operators.trigger.ContinuousProcessingTimeTrigger;
import io.millrace.operators.trigger.CountTrigger;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.ProcessingTimeTrigger;
import io.millrace.operators.trigger.PurgingTrigger;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Windows and triggers of processing time (SEMANTICS WIN-17), in milliseconds. */
class ProcessingTimeWindowTest
{
    private static WindowHarness.Setup windows(final long size, final long slide)
    {
        return new WindowHarness.Setup(new TimeWindowAssigner(size, slide, 0, true), ProcessingTimeTrigger.create());
    }

    private static List<String> at(final WindowHarness windows, final long time)
    {
        windows.harness().processingTime(time);
        return windows.fired();
    }

    @Test
    void shouldFollowWIN17WithTumblingWindows()
    {
        try (WindowHarness windows = windows(5, 5).open())
        {
            at(windows, 1);
            windows.add("a", 900, 1);
            windows.add("b", 2, 2);
            assertEquals(List.of(), windows.watermark(1_000));
            assertEquals(List.of(), at(windows, 3));
            // However late it is by event time.
            windows.add("a", 1, 3);
            assertEquals(4, windows.harness().wakeAt());
            assertEquals(List.of("a [0,5) 13 @4", "b [0,5) 2 @4"), sorted(at(windows, 4)));
            assertEquals("", windows.state());
            at(windows, 7);
            windows.add("a", 7, 4);
            assertEquals(List.of("a [5,10) 4 @9"), at(windows, 23));
            assertEquals(ProcessingClock.NEVER, windows.harness().wakeAt());
            assertEquals(List.of(), windows.late());
        }
    }

    private static List<String> sorted(final List<String> fired)
    {
        return fired.stream().sorted().toList();
    }

    @Test
    void shouldTakeARecordAtTheLastTimeOfAWindowThatHasFired()
    {
        try (WindowHarness windows = windows(5, 5).open())
        {
            at(windows, 1);
            windows.add("a", 0, 1);
            assertEquals(List.of("a [0,5) 1 @4"), at(windows, 4));
            windows.add("a", 0, 2);
            assertEquals(List.of("a [0,5) 2 @4"), at(windows, 5));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowWIN17WithSlidingWindowsAndGaps()
    {
        try (WindowHarness windows = windows(6, 3).open())
        {
            at(windows, 4);
            windows.add("a", 0, 1);
            assertEquals(List.of("a [0,6) 1 @5"), at(windows, 5));
            windows.add("a", 0, 2);
            assertEquals(List.of("a [0,6) 2 @5", "a [3,9) 12 @8"), at(windows, 9));
        }
        try (WindowHarness windows = windows(2, 5).open())
        {
            at(windows, 3);
            windows.add("a", 0, 1);
            at(windows, 5);
            windows.add("a", 0, 2);
            assertEquals(List.of("a [5,7) 2 @6"), at(windows, 20));
        }
    }

    @Test
    void shouldFollowWM4AndNotFireAtTheEnd()
    {
        try (WindowHarness windows = windows(5, 5).open())
        {
            at(windows, 1);
            windows.add("a", 0, 1);
            windows.harness().finish();
            assertEquals(List.of(), windows.fired());
        }
    }

    @Test
    void shouldFollowTIM7AfterARestore()
    {
        final OperatorSnapshot snapshot;
        try (WindowHarness windows = windows(5, 5).open())
        {
            at(windows, 1);
            windows.add("a", 0, 1);
            snapshot = windows.harness().barrier();
        }
        final WindowHarness.Setup setup = windows(5, 5);
        final WindowHarness restored = setup.closed();
        restored.harness().processingTime(1);
        restored.harness().restore(snapshot);
        try (restored)
        {
            assertEquals(4, restored.harness().wakeAt());
            assertEquals(List.of("a [0,5) 1 @4"), at(restored, 7));
        }
    }

    @Test
    void shouldFireWindowsOfProcessingTimeByOtherTriggers()
    {
        try (WindowHarness windows =
            new WindowHarness.Setup(new TimeWindowAssigner(5, 5, 0, true), CountTrigger.of(2)).open())
        {
            at(windows, 1);
            windows.add("a", 0, 1);
            windows.add("a", 0, 2);
            windows.add("a", 0, 3);
            assertEquals(List.of("a [0,5) 12 @4"), windows.fired());
            assertEquals(List.of(), at(windows, 4));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFireAtMultiplesOfAnInterval()
    {
        final ContinuousProcessingTimeTrigger trigger = ContinuousProcessingTimeTrigger.of(Duration.ofMillis(3));
        try (WindowHarness windows =
            new WindowHarness.Setup(new TimeWindowAssigner(10, 10, 0, true), PurgingTrigger.of(trigger)).open())
        {
            at(windows, 1);
            windows.add("a", 0, 1);
            assertEquals(3, windows.harness().wakeAt());
            assertEquals(List.of("a [0,10) 1 @9"), at(windows, 4));
            windows.add("a", 0, 2);
            assertEquals(List.of(), at(windows, 5));
            assertEquals(List.of("a [0,10) 2 @9"), at(windows, 6));
            windows.add("a", 0, 3);
            assertEquals(List.of("a [0,10) 3 @9"), at(windows, 12));
            assertEquals("", windows.state());
            assertEquals(ProcessingClock.NEVER, windows.harness().wakeAt());
        }
    }

    @Test
    void shouldFireAtEachMultipleThatATickPasses()
    {
        final ContinuousProcessingTimeTrigger trigger = ContinuousProcessingTimeTrigger.of(Duration.ofMillis(3));
        try (WindowHarness windows = WindowHarness.global(trigger).open())
        {
            at(windows, 1);
            windows.add("a", 0, 1);
            assertEquals(3, at(windows, 10).size());
            assertEquals(12, windows.harness().wakeAt());
        }
    }

    @Test
    void shouldFireWindowsOfEventTimeByProcessingTimeUntilTheyAreGone()
    {
        final ContinuousProcessingTimeTrigger trigger = ContinuousProcessingTimeTrigger.of(Duration.ofMillis(100));
        try (WindowHarness windows = WindowHarness.tumbling(10, trigger).open())
        {
            at(windows, 1_050);
            windows.add("a", 3, 1);
            assertEquals(List.of("a [0,10) 1 @9"), at(windows, 1_100));
            windows.add("a", 4, 2);
            assertEquals(List.of("a [0,10) 12 @9"), at(windows, 1_200));
            assertEquals(List.of(), windows.watermark(9));
            assertEquals("", windows.state());
            assertEquals(List.of(), at(windows, 1_300));
        }
    }

    @Test
    void shouldNotHaveTimersOfProcessingTimeWithEventTimeAlone()
    {
        try (WindowHarness windows = WindowHarness.tumbling(10, EventTimeTrigger.create()).open())
        {
            windows.add("a", 3, 1);
            at(windows, 1_050);
            assertEquals(ProcessingClock.NEVER, windows.harness().wakeAt());
            assertEquals(List.of("a [0,10) 1 @9"), windows.watermark(9));
        }
    }
}
