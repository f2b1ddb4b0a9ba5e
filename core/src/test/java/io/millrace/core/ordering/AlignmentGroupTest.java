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
package io.millrace.core.ordering;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AlignmentGroupTest
{
    private final AlignmentGroup group = new AlignmentGroup("group");
    private final AlignmentGroup.Member left = group.join("left", 10);
    private final AlignmentGroup.Member right = group.join("right", 0);

    @Test
    void shouldWaitWhenItIsAheadByMoreThanTheDrift()
    {
        left.watermark(20);
        right.watermark(10);
        assertFalse(left.waits());
        left.watermark(21);
        assertTrue(left.waits());
        assertFalse(right.waits());
        right.watermark(11);
        assertFalse(left.waits());
        right.watermark(22);
        assertTrue(right.waits());
        assertEquals("left", right.waitsFor());
        assertEquals("group", right.group());
    }

    @Test
    void shouldCountFromTheFirstWatermarkOn()
    {
        assertFalse(left.waits());
        assertNull(left.waitsFor());
        left.watermark(1_000);
        assertFalse(left.waits());
        right.watermark(0);
        assertTrue(left.waits());
    }

    @Test
    void shouldNotCountWhileItIsAbsent()
    {
        left.watermark(1_000);
        right.watermark(0);
        right.leave();
        assertFalse(left.waits());
        right.come();
        assertTrue(left.waits());
        right.watermark(995);
        assertFalse(left.waits());
    }

    @Test
    void shouldNotOverflowAtTheEndsOfTime()
    {
        final AlignmentGroup.Member far = group.join("far", Long.MAX_VALUE);
        left.watermark(Long.MAX_VALUE - 1);
        far.watermark(Long.MAX_VALUE - 1);
        right.watermark(Long.MIN_VALUE + 1);
        assertTrue(left.waits());
        assertFalse(right.waits());
        right.watermark(-2);
        assertTrue(far.waits());
        right.watermark(-1);
        assertFalse(far.waits());
        left.watermark(Long.MIN_VALUE + 2);
        right.watermark(Long.MIN_VALUE + 1);
        assertFalse(left.waits());
        left.watermark(Long.MAX_VALUE);
        assertFalse(left.waits(), "event time is at its end there");
    }
}
