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

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PendingWatermarkTest
{
    @Test
    void shouldFollowWM3OnlyWhatIsStrictlyGreaterIsDue()
    {
        final PendingWatermark pending = new PendingWatermark(0);
        assertFalse(pending.due());
        pending.emitWatermark(Long.MIN_VALUE);
        assertFalse(pending.due());
        pending.emitWatermark(5);
        assertTrue(pending.due());
        assertEquals(5, pending.take());
        pending.emitWatermark(5);
        pending.emitWatermark(3);
        assertFalse(pending.due());
        pending.emitWatermark(6);
        pending.emitWatermark(8);
        pending.emitWatermark(7);
        assertEquals(8, pending.take());
        assertFalse(pending.due());
    }

    @Test
    void shouldWaitForTheStep()
    {
        final PendingWatermark pending = new PendingWatermark(10);
        pending.emitWatermark(5);
        assertEquals(5, pending.take());
        pending.emitWatermark(14);
        assertFalse(pending.due());
        pending.emitWatermark(15);
        assertTrue(pending.due());
    }

    @Test
    void shouldReachBothEndsOfTime()
    {
        final PendingWatermark pending = new PendingWatermark(Long.MAX_VALUE);
        pending.emitWatermark(Long.MIN_VALUE + 1);
        assertFalse(pending.due());
        pending.emitWatermark(Long.MAX_VALUE);
        assertTrue(pending.due());
        assertEquals(Long.MAX_VALUE, pending.take());
        pending.emitWatermark(Long.MAX_VALUE);
        assertFalse(pending.due());
    }

    @Test
    void shouldNotRepeatWhatWasForwardedWithoutIt()
    {
        final PendingWatermark pending = new PendingWatermark(0);
        pending.forwarded(Long.MAX_VALUE);
        pending.emitWatermark(7);
        assertFalse(pending.due());
    }

    @Test
    void shouldGoOnFromASnapshot()
    {
        final PendingWatermark before = new PendingWatermark(10);
        before.emitWatermark(5);
        before.take();
        before.emitWatermark(12);
        final BlobWriter writer = new BlobWriter();
        before.snapshot(writer);
        final PendingWatermark after = new PendingWatermark(10);
        after.restore(new BlobReader("test", writer.bytes()));
        assertFalse(after.due());
        after.emitWatermark(15);
        assertTrue(after.due());
    }

    @Test
    void shouldFollowWM2BoundedLagsByTheBoundAndOne()
    {
        assertEquals(List.of(4L), emitted(5, 10, 3, 10));
        assertEquals(List.of(9L, 11L), emitted(0, 10, 12));
        assertEquals(List.of(Long.MIN_VALUE, Long.MAX_VALUE - 6), emitted(5, Long.MIN_VALUE + 3, Long.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> new BoundedOutOfOrdernessWatermarks(-1));
        assertThrows(IllegalArgumentException.class, () -> new BoundedOutOfOrdernessWatermarks(Long.MAX_VALUE));
    }

    private static List<Long> emitted(final long bound, final long... timestamps)
    {
        final List<Long> emitted = new ArrayList<>();
        BoundedOutOfOrdernessWatermarks generator = new BoundedOutOfOrdernessWatermarks(bound);
        for (final long timestamp : timestamps)
        {
            generator.onEvent(null, timestamp, emitted::add);
            final BlobWriter writer = new BlobWriter();
            generator.snapshot(writer);
            generator = new BoundedOutOfOrdernessWatermarks(bound);
            generator.restore(new BlobReader("test", writer.bytes()));
        }
        return emitted;
    }
}
