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
import io.millrace.operators.trigger.CountEvictor;
import io.millrace.operators.trigger.CountTrigger;
import io.millrace.operators.trigger.EventTimeTrigger;
import io.millrace.operators.trigger.NeverTrigger;
import io.millrace.operators.trigger.PurgingTrigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** SEMANTICS WIN-3 and WIN-13: windows of the whole stream, and of a number of elements. */
class CountWindowSemanticsTest
{
    private static final String GLOBAL = " [-9223372036854775808,9223372036854775807) ";

    private static WindowHarness.Setup counted(final long size)
    {
        return WindowHarness.global(PurgingTrigger.of(CountTrigger.of(size)));
    }

    private static WindowHarness.Setup counted(final long size, final long slide)
    {
        return WindowHarness.global(CountTrigger.of(slide)).evictor(CountEvictor.of(size));
    }

    private static void add(final WindowHarness windows, final int from, final int to)
    {
        for (int i = from; i <= to; i++)
        {
            windows.add("a", i, i);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN13EverySoManyElementsAreAWindow(final boolean buffered)
    {
        try (WindowHarness windows = counted(3).buffered(buffered).open())
        {
            add(windows, 1, 3);
            windows.add("b", 2, 1);
            add(windows, 4, 7);
            assertEquals(List.of(123L, 456L), windows.digits());
            windows.add("b", 1, 2);
            windows.add("b", 0, 3);
            assertEquals(List.of("b" + GLOBAL + "123 @9223372036854775807"), windows.fired());
            windows.harness().finish();
            assertEquals(List.of(), windows.fired());
            assertEquals(List.of(), windows.late());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldKeepNothingOfAKeyWhoseElementsWereAllSeen(final boolean buffered)
    {
        try (WindowHarness windows = counted(2).buffered(buffered).open())
        {
            add(windows, 1, 6);
            assertEquals(List.of(12L, 34L, 56L), windows.digits());
            assertEquals("", windows.state());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN13ASlidingCountKeepsTheLast(final boolean buffered)
    {
        try (WindowHarness windows = counted(4, 2).buffered(buffered).open())
        {
            add(windows, 1, 7);
            assertEquals(List.of(12L, 1234L, 3456L), windows.digits());
            assertEquals("window elements=5 windows=1", windows.state());
            windows.harness().finish();
            assertEquals(List.of(), windows.digits());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowWIN13ASlideAboveTheSizeLeavesElementsOut(final boolean buffered)
    {
        try (WindowHarness windows = counted(2, 3).buffered(buffered).open())
        {
            add(windows, 1, 9);
            assertEquals(List.of(23L, 56L, 89L), windows.digits());
        }
    }

    @Test
    void shouldFollowWIN13CountsAndElementsSurviveARestart()
    {
        OperatorSnapshot snapshot;
        try (WindowHarness windows = counted(4, 2).open())
        {
            add(windows, 1, 5);
            assertEquals(List.of(12L, 1234L), windows.digits());
            snapshot = windows.harness().barrier();
        }
        try (WindowHarness windows = counted(4, 2).restore(snapshot))
        {
            add(windows, 6, 6);
            assertEquals(List.of(3456L), windows.digits());
            snapshot = windows.harness().barrier();
        }
        try (WindowHarness windows = counted(4, 2).inPlace(true).restore(snapshot))
        {
            add(windows, 7, 8);
            assertEquals(List.of(5678L), windows.digits());
        }
    }

    @Test
    void shouldFollowWIN13TheWholeStreamFiresAtItsEnd()
    {
        try (WindowHarness windows = WindowHarness.global(EventTimeTrigger.create()).room(1).open())
        {
            add(windows, 1, 4);
            windows.add("b", -5, 5);
            assertEquals(List.of(), windows.watermark(Long.MAX_VALUE - 1));
            windows.harness().finish();
            final List<String> fired = windows.fired().stream().sorted().toList();
            assertEquals(List.of("a" + GLOBAL + "1234 @9223372036854775807", "b" + GLOBAL + "5 @9223372036854775807"),
                fired);
        }
    }

    @Test
    void shouldNotFireAGlobalWindowWithoutATrigger()
    {
        try (WindowHarness windows = WindowHarness.global(NeverTrigger.create()).open())
        {
            add(windows, 1, 4);
            windows.harness().finish();
            assertEquals(List.of(), windows.fired());
        }
    }
}
