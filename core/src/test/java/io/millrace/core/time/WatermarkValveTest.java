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

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The vectors of SEMANTICS.md for a channel merge. What goes out is written as Flink's valve writes it. */
class WatermarkValveTest
{
    @Test
    void shouldFollowWM5TheLeastOfAllChannelsWhenItGrows()
    {
        final WatermarkValve valve = new WatermarkValve(2);
        assertEquals("", watermark(valve, 0, 10));
        assertEquals("W5", watermark(valve, 1, 5));
        assertEquals("", watermark(valve, 1, 5));
        assertEquals("", watermark(valve, 1, 3));
        assertEquals("", watermark(valve, 0, 12));
        assertEquals("W7", watermark(valve, 1, 7));
        assertEquals("W12", watermark(valve, 1, Long.MAX_VALUE));
        assertEquals("W" + Long.MAX_VALUE, watermark(valve, 0, Long.MAX_VALUE));
    }

    @Test
    void shouldFollowWM6TheLastChannelThatGoesIdleFlushesTheGreatest()
    {
        final WatermarkValve valve = new WatermarkValve(2);
        assertEquals("", watermark(valve, 0, 10));
        assertEquals("W5", watermark(valve, 1, 5));
        assertEquals("", idle(valve, 0));
        assertEquals("", watermark(valve, 0, 50));
        assertEquals("W10 IDLE", idle(valve, 1));
    }

    @Test
    void shouldFollowWM6WithoutTheIdleChannelTheLeastIsTakenAtOnce()
    {
        final WatermarkValve valve = new WatermarkValve(3);
        watermark(valve, 0, 5);
        watermark(valve, 1, 20);
        assertEquals("W5", watermark(valve, 2, 30));
        assertEquals("W20", idle(valve, 0));
        assertEquals("", idle(valve, 0));
    }

    @Test
    void shouldFollowWM7AChannelCountsAgainOnceItHasCaughtUp()
    {
        final WatermarkValve valve = new WatermarkValve(3);
        final List<String> out = new ArrayList<>();
        out.add(watermark(valve, 0, 10));
        out.add(watermark(valve, 1, 20));
        out.add(watermark(valve, 2, 30));
        out.add(watermark(valve, 0, 15));
        out.add(watermark(valve, 0, 12));
        out.add(idle(valve, 0));
        out.add(idle(valve, 1));
        out.add(idle(valve, 2));
        valve.active(0);
        out.add(valve.isIdle() ? "IDLE" : "ACTIVE");
        assertEquals(List.of("", "", "W10", "W15", "", "W20", "W30", "IDLE", "ACTIVE"), out);
    }

    @Test
    void shouldFollowWM7UntilThenItNeitherHoldsBackNorRegresses()
    {
        final WatermarkValve valve = new WatermarkValve(2);
        watermark(valve, 0, 10);
        assertEquals("W10", watermark(valve, 1, 30));
        assertEquals("W30", idle(valve, 0));
        valve.active(0);
        assertEquals("", watermark(valve, 0, 20));
        assertEquals("W40", watermark(valve, 1, 40));
        assertEquals("", watermark(valve, 0, 35));
        assertEquals("", watermark(valve, 0, 41));
        assertEquals("W41", watermark(valve, 1, 50));
    }

    @Test
    void shouldGoOnFromASnapshot()
    {
        final WatermarkValve valve = new WatermarkValve(2);
        watermark(valve, 0, 10);
        watermark(valve, 1, 5);
        final WatermarkValve restored = restored(valve);
        assertEquals(5, restored.output());
        assertEquals("", watermark(restored, 1, 5));
        assertEquals("W10", watermark(restored, 1, 11));
    }

    @Test
    void shouldGoOnFromASnapshotWithIdleChannels()
    {
        final WatermarkValve valve = new WatermarkValve(3);
        watermark(valve, 0, 10);
        watermark(valve, 1, 20);
        watermark(valve, 2, 30);
        assertEquals("W20", idle(valve, 0));
        final WatermarkValve restored = restored(valve);
        assertEquals("", watermark(restored, 0, 50));
        restored.active(0);
        assertEquals("W30", watermark(restored, 1, 40));
        assertEquals("", idle(restored, 0));
        assertEquals("W40", idle(restored, 2));
        final WatermarkValve idle = restored(restored);
        assertEquals("IDLE", idle(idle, 1));
        assertTrue(restored(idle).isIdle());
    }

    private static WatermarkValve restored(final WatermarkValve valve)
    {
        final WatermarkValve restored = new WatermarkValve(valve.channels());
        restored.restore(valve.output());
        for (int i = 0; i < valve.channels(); i++)
        {
            restored.restore(i, valve.channelWatermark(i), valve.channelStatus(i));
        }
        return restored;
    }

    private static String watermark(final WatermarkValve valve, final int channel, final long watermark)
    {
        return valve.watermark(channel, watermark) ? "W" + valve.output() : "";
    }

    private static String idle(final WatermarkValve valve, final int channel)
    {
        final String flushed = valve.idle(channel) ? "W" + valve.output() : "";
        return valve.isIdle() ? (flushed + " IDLE").strip() : flushed;
    }
}
