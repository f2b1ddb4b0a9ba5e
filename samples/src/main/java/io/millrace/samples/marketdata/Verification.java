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
package io.millrace.samples.marketdata;

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Computes every bar from the CSV with other means (decimals of any length, a map), and compares the journal with it
 * row by row.
 */
final class Verification
{
    private static final long[] LENGTHS = {1_000, 60_000};

    private final List<Tape.Line> tape;
    private final int repeat;

    /**
     * Identity of a bar.
     *
     * @param length     in milliseconds
     * @param end        first millisecond behind it
     * @param instrument that was traded
     */
    private record Key(long length, long end, String instrument)
    {
    }

    /** A bar in the making. */
    private static final class Expected
    {
        private BigDecimal notional = BigDecimal.ZERO;
        private BigDecimal volume = BigDecimal.ZERO;
        private BigDecimal price = BigDecimal.ZERO;
        private long trades;

        private void add(final Tape.Line line)
        {
            notional = notional.add(line.price().multiply(line.amount()));
            volume = volume.add(line.amount());
            price = line.price();
            trades++;
        }

        private boolean matches(final Bar bar)
        {
            return bar.trades() == trades && same(bar.price(), 2, price) && same(bar.volume(), 8, volume) &&
                same(bar.averagePrice(), 8, average());
        }

        private BigDecimal average()
        {
            return volume.signum() == 0 ? price : notional.divide(volume, 8, RoundingMode.HALF_UP);
        }

        private static boolean same(final long scaled, final int decimals, final BigDecimal expected)
        {
            return BigDecimal.valueOf(scaled, decimals).compareTo(expected) == 0;
        }

        @Override
        public String toString()
        {
            return "price=" + price + " volume=" + volume + " notional=" + notional + " trades=" + trades;
        }
    }

    Verification(final List<Tape.Line> tape, final int repeat)
    {
        this.tape = tape;
        this.repeat = repeat;
    }

    /**
     * Compares.
     *
     * @param journal of bars
     * @throws IllegalStateException at the first difference
     */
    void compare(final Path journal)
    {
        final Map<Key, Expected> expected = expected();
        final Map<Long, Long> rows = new HashMap<>();
        final Map<Long, Long> lastEnds = new HashMap<>();
        final BarFlyweight bar = new BarFlyweight();
        BigDecimal volume = BigDecimal.ZERO;
        long trades = 0;
        try (JournalReader reader = JournalReader.open(new JournalContext()
            .directory(journal).recordType(BarFlyweight.TYPE).account(new MemoryAccount("verification"))))
        {
            while (reader.poll() == JournalReader.FRAME)
            {
                for (long slot = reader.nextRecord(); slot != 0; slot = reader.nextRecord())
                {
                    bar.wrap(slot + SlotDescriptor.HEADER_LENGTH, SlotDescriptor.length(slot));
                    check(expected, bar);
                    final Long lastEnd = lastEnds.put(bar.length(), bar.end());
                    if (lastEnd != null && lastEnd > bar.end())
                    {
                        throw new IllegalStateException(
                            "row out of order: " + Screen.text(bar) + " comes after end=" + lastEnd);
                    }
                    rows.merge(bar.length(), 1L, Long::sum);
                    if (bar.length() == LENGTHS[0])
                    {
                        volume = volume.add(BigDecimal.valueOf(bar.volume(), 8));
                        trades += bar.trades();
                    }
                }
            }
        }
        if (!expected.isEmpty())
        {
            throw new IllegalStateException(expected.size() + " rows are missing, one of them " +
                expected.entrySet().iterator().next());
        }
        System.out.printf(Locale.ROOT,
            "verified: %,d trades, %,d seconds, %,d minutes, volume %s: every row is exact%n",
            trades, rows.getOrDefault(LENGTHS[0], 0L), rows.getOrDefault(LENGTHS[1], 0L),
            volume.stripTrailingZeros().toPlainString());
    }

    private static void check(final Map<Key, Expected> expected, final Bar bar)
    {
        final Expected row = expected.remove(new Key(bar.length(), bar.end(), bar.instrument().toString()));
        if (row == null)
        {
            throw new IllegalStateException("row is there twice, or should not be there: " + Screen.text(bar));
        }
        if (!row.matches(bar))
        {
            throw new IllegalStateException("row differs: " + Screen.text(bar) + " expected " + row);
        }
    }

    private Map<Key, Expected> expected()
    {
        final Map<Key, Expected> bars = new HashMap<>();
        for (int round = 0; round < repeat; round++)
        {
            final long shift = round * TapeRecorder.span(tape);
            final String instrument = TapeRecorder.instrument(round);
            for (final Tape.Line line : tape)
            {
                for (final long length : LENGTHS)
                {
                    final long end = ((line.time() + shift) / length + 1) * length;
                    bars.computeIfAbsent(new Key(length, end, instrument), key -> new Expected()).add(line);
                }
            }
        }
        return bars;
    }
}
