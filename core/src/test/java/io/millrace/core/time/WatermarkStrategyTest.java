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
package io.millrace.core.time;

import io.millrace.core.testing.Reading;
import org.junit.jupiter.api.Test;

import java.time.Duration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WatermarkStrategyTest
{
    @Test
    void shouldKeepWhatItIsGiven()
    {
        final WatermarkStrategy<Reading> strategy =
            WatermarkStrategy.<Reading>forBoundedOutOfOrderness(Duration.ofSeconds(5)).withStep(Duration.ofMillis(7));
        assertTrue(strategy.emitsWatermarks());
        assertEquals(Duration.ofSeconds(5), strategy.outOfOrderness());
        assertEquals(Duration.ofMillis(7), strategy.step());
        assertNull(strategy.timestampAssigner());
        final WatermarkStrategy<Reading> assigned = strategy.withTimestampAssigner(Reading::value);
        assertNotNull(assigned.timestampAssigner());
        assertEquals(Duration.ofMillis(7), assigned.step());
        assertNull(strategy.timestampAssigner(), "a strategy does not change");
    }

    @Test
    void shouldHaveDefaults()
    {
        assertEquals(Duration.ZERO, WatermarkStrategy.forMonotonousTimestamps().outOfOrderness());
        assertEquals(Duration.ofMillis(1), WatermarkStrategy.forMonotonousTimestamps().step());
        assertFalse(WatermarkStrategy.noWatermarks().emitsWatermarks());
    }

    @Test
    void shouldKeepGeneratorAndAlignment()
    {
        final WatermarkStrategy<Reading> strategy = WatermarkStrategy.<Reading>forGenerator(
            () -> new BoundedOutOfOrdernessWatermarks(5)).withWatermarkAlignment("group", Duration.ofSeconds(1))
            .withTimestampAssigner(Reading::value);
        assertTrue(strategy.emitsWatermarks());
        assertEquals(Duration.ZERO, strategy.step());
        assertNotNull(strategy.generators().get());
        assertEquals(new WatermarkAlignment("group", Duration.ofSeconds(1)), strategy.withStep(Duration.ofMillis(7)).alignment());
        assertNull(WatermarkStrategy.forMonotonousTimestamps().alignment());
    }

    @Test
    void shouldRefuseAnAlignmentThatCannotBe()
    {
        final WatermarkStrategy<Object> strategy = WatermarkStrategy.forMonotonousTimestamps();
        final Duration negative = Duration.ofMillis(-1);
        assertThrows(IllegalArgumentException.class, () -> strategy.withWatermarkAlignment("group", negative));
        assertThrows(IllegalArgumentException.class, () -> strategy.withWatermarkAlignment(" ", Duration.ZERO));
        final WatermarkStrategy<Object> none = WatermarkStrategy.noWatermarks();
        assertThrows(IllegalStateException.class, () -> none.withWatermarkAlignment("group", Duration.ZERO));
        assertThrows(NullPointerException.class, () -> WatermarkStrategy.forGenerator(null));
    }

    @Test
    void shouldRefuseWhatIsBelowZero()
    {
        final Duration negative = Duration.ofMillis(-1);
        assertThrows(IllegalArgumentException.class, () -> WatermarkStrategy.forBoundedOutOfOrderness(negative));
        final WatermarkStrategy<Object> strategy = WatermarkStrategy.forMonotonousTimestamps();
        assertThrows(IllegalArgumentException.class, () -> strategy.withStep(negative));
        assertThrows(NullPointerException.class, () -> strategy.withTimestampAssigner(null));
    }
}
