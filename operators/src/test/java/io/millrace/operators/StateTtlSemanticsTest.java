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

import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.state.StateTtl;
import io.millrace.operators.state.StateTtl.TimeDomain;
import io.millrace.operators.state.StateTtl.UpdateType;
import io.millrace.operators.state.StateTtl.Visibility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * SEMANTICS TTL-1 to TTL-4 and TTL-7, and what time is here. A reading's value says what to do: 0 shows all, 1 to 99 is written
 * everywhere, under itself as second key in the maps.
 */
class StateTtlSemanticsTest
{
    private static final StateTtl TEN = StateTtl.of(Duration.ofMillis(10));
    private static final String NOTHING = "- - - [] [] [] - -";

    private final List<String> seen = new ArrayList<>();

    private void writeOrShow(final ExpiringFunction states, final Reading record)
    {
        if (record.value() == 0)
        {
            seen.add(record.time() + ": " + states.all());
        }
        else
        {
            states.write(record.value(), record);
        }
    }

    private OperatorHarness<ReadingFlyweight, Summary> harness(final StateTtl ttl)
    {
        return ExpiringFunction.harness(ttl, this::writeOrShow);
    }

    private static void push(
        final OperatorHarness<ReadingFlyweight, Summary> harness, final long key, final long time, final long value)
    {
        harness.push(time, reading -> reading.time(time).sensor(key).value(value));
    }

    @Test
    void shouldFollowTTL1ExactlyAtTheTimeToLiveItIsGone()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(TEN).open())
        {
            push(harness, 1, 0, 5);
            push(harness, 1, 9, 0);
            push(harness, 1, 10, 0);
            push(harness, 1, 11, 0);
        }
        assertEquals(List.of("9: 5 5 5 [5] [5=5] [5=5] 5 5", "10: " + NOTHING, "11: " + NOTHING), seen);
    }

    @Test
    void shouldFollowTTL1WithTheWatermarkAsTime()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(TEN).open())
        {
            push(harness, 1, 0, 5);
            harness.watermark(9);
            push(harness, 1, 3, 0);
            harness.watermark(10);
            push(harness, 1, 4, 0);
        }
        assertEquals(List.of("3: 5 5 5 [5] [5=5] [5=5] 5 5", "4: " + NOTHING), seen);
    }

    @Test
    void shouldFollowTTL1AnEndBeyondTheEndOfTimeIsNeverReached()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(TEN.withExpiryCallback()).open())
        {
            push(harness, 1, Long.MAX_VALUE - 5, 5);
            push(harness, 1, Long.MAX_VALUE, 0);
            harness.finish();
            assertEquals(List.of(), ExpiringFunction.told(harness));
        }
        try (OperatorHarness<ReadingFlyweight, Summary> harness =
            harness(StateTtl.of(Duration.ofMillis(Long.MAX_VALUE)).withExpiryCallback()).open())
        {
            push(harness, 1, 3, 5);
            harness.watermark(Long.MAX_VALUE - 1);
            push(harness, 1, Long.MAX_VALUE - 1, 0);
            assertEquals(List.of(), ExpiringFunction.told(harness));
        }
        final String all = ": 5 5 5 [5] [5=5] [5=5] 5 5";
        assertEquals(List.of(Long.MAX_VALUE + all, Long.MAX_VALUE - 1 + all), seen);
    }

    @Test
    void shouldFollowTTL1BeforeTheEpochToo()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(TEN).open())
        {
            push(harness, 1, Long.MIN_VALUE, 5);
            push(harness, 1, Long.MIN_VALUE + 9, 0);
            push(harness, 1, Long.MIN_VALUE + 10, 0);
        }
        assertEquals("-9223372036854775799: 5 5 5 [5] [5=5] [5=5] 5 5", seen.get(0));
        assertEquals("-9223372036854775798: " + NOTHING, seen.get(1));
    }

    @Test
    void shouldFollowTTL2AReadIsNoTouchUnlessItIsAskedFor()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness =
            harness(TEN.updateType(UpdateType.ON_READ_AND_WRITE)).open())
        {
            push(harness, 1, 0, 5);
            push(harness, 1, 9, 0);
            push(harness, 1, 18, 0);
            push(harness, 1, 27, 0);
            push(harness, 1, 37, 0);
        }
        final String all = "5 5 5 [5] [5=5] [5=5] 5 5";
        assertEquals(List.of("9: " + all, "18: " + all, "27: " + all, "37: " + NOTHING), seen);
    }

    @Test
    void shouldFollowTTL2AWriteIsATouch()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(TEN).open())
        {
            push(harness, 1, 0, 5);
            push(harness, 1, 9, 5);
            push(harness, 1, 18, 0);
            push(harness, 1, 19, 0);
        }
        assertEquals(List.of("18: 5 5 5 [5] [5=5] [5=5] 10 10", "19: " + NOTHING), seen);
    }

    @Test
    void shouldFollowTTL3ElementsAndEntriesExpireByThemselves()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(TEN).open())
        {
            push(harness, 1, 0, 1);
            push(harness, 1, 5, 2);
            push(harness, 1, 9, 0);
            push(harness, 1, 10, 0);
            push(harness, 1, 14, 0);
            push(harness, 1, 15, 0);
        }
        assertEquals(List.of(
            "9: 2 2 2 [1, 2] [1=1, 2=2] [1=1, 2=2] 3 3",
            "10: 2 2 2 [2] [2=2] [2=2] 3 3",
            "14: 2 2 2 [2] [2=2] [2=2] 3 3",
            "15: " + NOTHING), seen);
    }

    @Test
    void shouldFollowTTL3InPlaceWritesTouchAWholeListAndOneEntry()
    {
        final ExpiringFunction.Action action = (states, record) ->
        {
            if (record.value() == 100)
            {
                states.list.value(1).value(7);
                states.longMap.value(1).value(8);
                states.textMap.value("2").value(9);
            }
            else
            {
                writeOrShow(states, record);
            }
        };
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ExpiringFunction.harness(TEN, action).open())
        {
            push(harness, 1, 0, 1);
            push(harness, 1, 1, 2);
            push(harness, 1, 9, 100);
            push(harness, 1, 18, 0);
            push(harness, 1, 19, 0);
        }
        assertEquals(List.of("18: - - - [1, 7] [1=8] [2=9] - -", "19: " + NOTHING), seen);
    }

    @Test
    void shouldFollowTTL4ExpiredStateMayBeShownUntilItIsReclaimed()
    {
        final StateTtl ttl = TEN.visibility(Visibility.RETURN_EXPIRED_IF_NOT_CLEANED_UP);
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(ttl).open())
        {
            push(harness, 1, 0, 5);
            harness.watermark(9);
            push(harness, 1, 50, 0);
            harness.watermark(10);
            push(harness, 1, 50, 0);
        }
        assertEquals(List.of("50: 5 5 5 [5] [5=5] [5=5] 5 5", "50: " + NOTHING), seen);
    }

    @Test
    void shouldFollowTTL4AWriteGivesShownStateAnotherLife()
    {
        final StateTtl ttl = TEN.visibility(Visibility.RETURN_EXPIRED_IF_NOT_CLEANED_UP).withExpiryCallback();
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(ttl).open())
        {
            push(harness, 1, 0, 5);
            push(harness, 1, 50, 5);
            harness.watermark(59);
            assertEquals(List.of("list 1/0=5 until 10@10"), ExpiringFunction.told(harness));
            push(harness, 1, 59, 0);
            harness.watermark(60);
            assertEquals(8, ExpiringFunction.told(harness).size());
        }
        assertEquals(List.of("59: 5 5 5 [5] [5=5] [5=5] 10 10"), seen);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 20})
    void shouldFollowTTL7TheDurationMayChange(final long duration)
    {
        final OperatorSnapshot snapshot;
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(TEN).open())
        {
            push(harness, 1, 100, 5);
            harness.watermark(101);
            snapshot = harness.barrier();
        }
        final StateTtl other = StateTtl.of(Duration.ofMillis(duration)).withExpiryCallback();
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(other).restore(snapshot))
        {
            push(harness, 1, 100 + duration - 1, 0);
            harness.watermark(100 + duration - 1);
            assertEquals(List.of(), ExpiringFunction.told(harness));
            harness.watermark(100 + duration);
            assertEquals(8, ExpiringFunction.told(harness).size());
            push(harness, 1, 100 + duration, 0);
        }
        assertEquals(List.of(100 + duration - 1 + ": 5 5 5 [5] [5=5] [5=5] 5 5", 100 + duration + ": " + NOTHING), seen);
    }

    @Test
    void shouldFollowTTL7WhetherStateExpiresCannotChange()
    {
        for (final boolean first : new boolean[] {true, false})
        {
            final OperatorSnapshot snapshot;
            try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(first ? TEN : null).open())
            {
                push(harness, 1, 100, 5);
                snapshot = harness.barrier();
            }
            try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(first ? null : TEN))
            {
                final String message = assertThrows(IllegalStateException.class, () -> harness.restore(snapshot)).getMessage();
                assertTrue(message.contains(first ?
                    "was written with a time to live, and is declared without one: declare it with one" :
                    "was written without a time to live, and is declared with one: declare it without"), message);
            }
        }
    }

    @Test
    void shouldNotLetARecordOutOfOrderCutALife()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(TEN).open())
        {
            push(harness, 1, 20, 5);
            push(harness, 1, 12, 6);
            push(harness, 1, 29, 0);
            push(harness, 1, 30, 0);
        }
        // Entry 6 of the maps was touched at 12 only; elements behind others never expire before them.
        assertEquals(List.of("29: 6 6 6 [5, 6] [5=5] [5=5] 11 11", "30: " + NOTHING), seen);
    }

    @Test
    void shouldHandleLateRecordsAtTheWatermark()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(TEN).open())
        {
            harness.watermark(100);
            push(harness, 1, 3, 5);
            push(harness, 1, 109, 0);
            push(harness, 1, 110, 0);
        }
        assertEquals(List.of("109: 5 5 5 [5] [5=5] [5=5] 5 5", "110: " + NOTHING), seen);
    }

    @Test
    void shouldKeepGoneWhatACallbackFoundExpired()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(TEN).open())
        {
            push(harness, 1, 0, 5);
            push(harness, 1, 10, 0);
            push(harness, 1, 3, 0);
        }
        assertEquals(List.of("10: " + NOTHING, "3: " + NOTHING), seen);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSeeInTimersWhatIsThereAtTheirTimeHoweverFarTheWatermarkJumps(final boolean jump)
    {
        final ExpiringFunction.Action registering = (states, record) ->
        {
            states.value.update(record);
            for (final long time : new long[] {9, 10, 15})
            {
                states.context.timerService().registerEventTimeTimer(time);
            }
        };
        final ExpiringFunction.Action showing = (states, record) ->
        {
            seen.add(states.context.timestamp() + ": " + (states.value.read() == null ? "-" : states.value.read().value()));
            states.number.set(states.context.timestamp());
        };
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ExpiringFunction.harness(
            () -> new ExpiringFunction(TEN.withExpiryCallback(), registering, showing)).open())
        {
            push(harness, 1, 0, 5);
            for (long time = 0; time < 30 && !jump; time++)
            {
                harness.watermark(time);
            }
            harness.finish();
            assertEquals(List.of("timer 1/0=0 until 9@9", "value 1/0=5 until 10@10", "timer 1/0=0 until 10@10",
                "timer 1/0=0 until 15@15", "number 1/0=15 until 25@25"), ExpiringFunction.told(harness));
        }
        assertEquals(List.of("9: 5", "10: -", "15: -"), seen);
    }

    @Test
    void shouldRefuseWhatIsNoTimeToLive()
    {
        assertThrows(IllegalArgumentException.class, () -> StateTtl.of(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> StateTtl.of(Duration.ofMillis(-1)));
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(StateTtl.of(Duration.ofNanos(1_500_000))))
        {
            final String message = assertThrows(IllegalArgumentException.class, harness::open).getMessage();
            assertTrue(message.contains("PT0.0015S") && message.contains("no whole number of MILLISECONDS"), message);
        }
    }

    @Test
    void shouldRefuseProcessingTimeWithoutAClock()
    {
        try (OperatorHarness<ReadingFlyweight, Summary> harness = harness(TEN.timeDomain(TimeDomain.PROCESSING_TIME)).open())
        {
            final String message = assertThrows(IllegalStateException.class, () -> push(harness, 1, 0, 5)).getMessage();
            assertTrue(message.contains("no clock was read"), message);
        }
    }
}
