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

import io.millrace.operators.Reading;
import io.millrace.operators.trigger.ContinuousEventTimeTrigger;
import io.millrace.operators.trigger.CountEvictor;
import io.millrace.operators.trigger.CountTrigger;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.ProcessingTimeTrigger;
import io.millrace.operators.trigger.PurgingTrigger;
import io.millrace.operators.trigger.Trigger;
import io.millrace.operators.window.triggered.WindowHarness.Setup;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** SEMANTICS WIN-8 to WIN-15 of sessions with triggers, of a gap of 3 unless a test says so. */
class SessionTriggerSemanticsTest
{
    private static Setup sessions(final long gap, final Trigger<? super Reading> trigger)
    {
        return new Setup(new SessionAssigner(gap, false), trigger);
    }

    @Test
    void shouldFollowWIN8ElementsThatAreTheGapApartAreInOneSession()
    {
        try (WindowHarness windows = sessions(3, EventTimeTrigger.create()).open())
        {
            windows.add("a", 0, 1);
            windows.add("a", 3, 2);
            windows.add("b", 0, 3);
            windows.add("b", 4, 4);
            assertEquals(List.of("b [0,3) 3 @2"), windows.watermark(4));
            assertEquals(List.of("a [0,6) 12 @5"), windows.watermark(5));
            assertEquals(List.of("b [4,7) 4 @6"), windows.watermark(6));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowWIN9SessionsMergeBeforeAnElementIsLate()
    {
        try (WindowHarness windows = sessions(3, EventTimeTrigger.create()).open())
        {
            windows.add("a", 5, 1);
            assertEquals(List.of(), windows.watermark(5));
            windows.add("a", 2, 2);
            windows.add("a", 0, 3);
            windows.add("a", -4, 4);
            assertEquals(List.of("a@-4 4"), windows.late());
            assertEquals(List.of("a [0,8) 123 @7"), windows.watermark(7));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowWIN10ABridgeFiresWhatItMergesAtOnce()
    {
        try (WindowHarness windows = sessions(3, EventTimeTrigger.create()).lateness(10).open())
        {
            windows.add("a", 0, 1);
            windows.add("a", 5, 2);
            assertEquals(List.of("a [0,3) 1 @2", "a [5,8) 2 @7"), windows.watermark(7));
            windows.add("a", 3, 3);
            assertEquals(List.of("a [0,8) 123 @7"), windows.fired());
            assertEquals(List.of(), windows.watermark(16));
            assertEquals(List.of(), windows.watermark(17));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowWIN12APurgedSessionKeepsItsExtent()
    {
        try (WindowHarness windows = sessions(3, PurgingTrigger.of(EventTimeTrigger.create())).lateness(10).open())
        {
            windows.add("a", 0, 1);
            assertEquals(List.of("a [0,3) 1 @2"), windows.watermark(2));
            windows.add("a", 1, 2);
            assertEquals(List.of("a [0,4) 2 @3"), windows.watermark(3));
            windows.watermark(100);
            assertEquals("", windows.state());
            assertEquals(0, windows.harness().counter("elementsNeverFired"));
        }
    }

    @Test
    void shouldFollowWIN14CountsOfMergedSessionsAddUp()
    {
        try (WindowHarness windows = sessions(3, CountTrigger.of(2)).open())
        {
            windows.add("a", 0, 1);
            windows.add("a", 5, 2);
            assertEquals(List.of(), windows.fired());
            windows.add("a", 3, 3);
            assertEquals(List.of("a [0,8) 123 @7"), windows.fired());
            windows.add("a", 6, 4);
            assertEquals(List.of(), windows.watermark(100));
            assertEquals("", windows.state());
            assertEquals(1, windows.harness().counter("elementsNeverFired"));
        }
    }

    @Test
    void shouldFollowWIN15AGrownSessionFiresAtMultiplesOfTheInterval()
    {
        try (WindowHarness windows = sessions(10, ContinuousEventTimeTrigger.of(Duration.ofMillis(4))).open())
        {
            windows.add("a", 1, 1);
            windows.add("a", 3, 2);
            assertEquals(List.of("a [1,13) 12 @12"), windows.watermark(4));
            windows.add("a", 6, 3);
            assertEquals(List.of("a [1,16) 123 @15", "a [1,16) 123 @15", "a [1,16) 123 @15"), windows.watermark(20));
            assertEquals("", windows.state());
        }
    }

    @Test
    void shouldFollowWIN16EvictedElementsOfASessionAreGone()
    {
        try (WindowHarness windows = sessions(3, EventTimeTrigger.create()).evictor(CountEvictor.of(2)).lateness(10).open())
        {
            windows.add("a", 0, 1);
            windows.add("a", 1, 2);
            windows.add("a", 2, 3);
            assertEquals(List.of("a [0,5) 23 @4"), windows.watermark(4));
            windows.add("a", 0, 9);
            assertEquals(List.of("a [0,5) 39 @4"), windows.fired());
        }
    }

    @Test
    void shouldFollowWIN17SessionsOfProcessingTimeFireByTheClock()
    {
        try (WindowHarness windows = new Setup(new SessionAssigner(3, true), ProcessingTimeTrigger.create()).open())
        {
            windows.harness().processingTime(10);
            windows.add("a", 0, 1);
            windows.harness().processingTime(11);
            windows.add("a", 0, 2);
            windows.harness().processingTime(12);
            assertEquals(List.of(), windows.fired());
            windows.harness().processingTime(13);
            assertEquals(List.of("a [10,14) 12 @13"), windows.fired());
            assertEquals("", windows.state());
        }
    }
}
