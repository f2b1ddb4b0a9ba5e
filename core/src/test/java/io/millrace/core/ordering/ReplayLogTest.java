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

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A log that is read as it is replayed says what one in memory says, and holds a piece of it. */
class ReplayLogTest
{
    private static final int SOURCES = 3;
    private static final int PIECE = 16;

    @Test
    void shouldHoldNoMoreThanAPieceOfALogThatIsRead()
    {
        for (long seed = 0; seed < 20; seed++)
        {
            final List<Entry> entries = entries(seed, 2_000);
            for (final boolean each : new boolean[]{false, true})
            {
                final ReplayLog whole = new ReplayLog();
                whole.recordByRecord(each);
                entries.forEach(entry -> entry.handTo(whole));
                final AtomicInteger open = new AtomicInteger();
                try (ReplayLog streaming = ReplayLog.streaming(() -> new Pieces(entries, open)))
                {
                    streaming.recordByRecord(each);
                    assertEquals(whole.size(), streaming.size());
                    assertEquals(whole.nextBatch(), streaming.nextBatch());
                    for (int source = 0; source < SOURCES; source++)
                    {
                        same(whole.cursor(source), streaming.cursor(source));
                        same(whole.runs(source), streaming.runs(source));
                    }
                }
                assertEquals(0, open.get(), "readers that are open");
            }
        }
    }

    @Test
    void shouldEndWhereNothingConcernsTheSource()
    {
        final List<Entry> entries = entries(1, 100);
        try (ReplayLog streaming = ReplayLog.streaming(() -> new Pieces(entries, new AtomicInteger())))
        {
            assertTrue(!streaming.runs(SOURCES).hasEntry());
        }
        try (ReplayLog empty = ReplayLog.streaming(() -> new Pieces(List.of(), new AtomicInteger())))
        {
            assertEquals(0, empty.size());
            assertTrue(!empty.cursor(0).hasEntry());
        }
    }

    @Test
    void shouldRefuseALogWithAGap()
    {
        final List<Entry> entries = entries(1, 100);
        entries.remove(50);
        assertThrows(IllegalStateException.class, () -> ReplayLog.streaming(() -> new Pieces(entries, new AtomicInteger())));
        final ReplayLog streaming = ReplayLog.streaming(() -> new Pieces(List.of(), new AtomicInteger()));
        assertThrows(IllegalStateException.class, () -> entries(1, 1).get(0).handTo(streaming));
    }

    private static void same(final ReplayLog.Cursor whole, final ReplayLog.Cursor streaming)
    {
        while (whole.hasEntry())
        {
            assertTrue(streaming.hasEntry());
            assertTrue(streaming.held() <= PIECE, "held=" + streaming.held());
            assertEquals(whole.cause(), streaming.cause());
            assertEquals(whole.kind(), streaming.kind());
            assertEquals(whole.count(), streaming.count());
            assertEquals(whole.value(), streaming.value());
            assertEquals(whole.clock(), streaming.clock());
            whole.advance();
            streaming.advance();
        }
        assertTrue(!streaming.hasEntry());
    }

    private static List<Entry> entries(final long seed, final int count)
    {
        final Random random = new Random(seed);
        final List<Entry> entries = new ArrayList<>();
        int source = 0;
        for (int i = 0; i < count; i++)
        {
            source = random.nextInt(4) == 0 ? random.nextInt(SOURCES + 1) - 1 : source;
            final boolean every = source == OrderLog.EVERY_SOURCE;
            entries.add(new Entry(7_000 + i, every ? OrderLog.KIND_BARRIER : OrderLog.KIND_RECORDS, source,
                every ? 0 : random.nextInt(3), every ? i : 0, random.nextInt(3) == 0 ? i : 0));
        }
        return entries;
    }

    private record Entry(long batch, byte kind, int source, int count, long value, long clock)
    {
        void handTo(final OrderLogHandler handler)
        {
            handler.onEntry(batch, kind, source, count, value, clock);
        }
    }

    private static final class Pieces implements OrderLogReader
    {
        private final List<Entry> entries;
        private final AtomicInteger open;
        private int next;

        Pieces(final List<Entry> entries, final AtomicInteger open)
        {
            this.entries = entries;
            this.open = open;
            open.incrementAndGet();
        }

        @Override
        public boolean read(final OrderLogHandler handler)
        {
            final int end = Math.min(next + PIECE, entries.size());
            final boolean more = next < end;
            for (; next < end; next++)
            {
                entries.get(next).handTo(handler);
            }
            return more;
        }

        @Override
        public void close()
        {
            open.decrementAndGet();
        }
    }
}
