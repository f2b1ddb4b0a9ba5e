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

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** That the check finds nothing wrong proves something only when it finds what is wrong. */
class VerificationTest
{
    private static final int ROWS = 300;

    @TempDir
    private Path directory;
    private List<Tape.Line> tape;
    private List<BarValue> bars;
    private int forged;

    @BeforeEach
    void compute()
    {
        final SplittableRandom random = new SplittableRandom(42);
        tape = new ArrayList<>();
        long time = 1_385_337_600_000L;
        for (int i = 0; i < ROWS; i++)
        {
            time += random.nextInt(5) * 1000L;
            tape.add(new Tape.Line(time, BigDecimal.valueOf(random.nextLong(1, 100_000), 2),
                BigDecimal.valueOf(random.nextLong(100_0000_0000L), 8)));
        }
        bars = Bars.compute(directory, tape);
    }

    @Test
    void shouldAcceptWhatTheJobHasComputed()
    {
        assertTrue(bars.size() > ROWS / 2, "rows=" + bars.size());
        new Verification(tape, 1).compare(directory.resolve("bars"));
        forge(rows ->
        {
        });
    }

    @Test
    void shouldFindARemovedRow()
    {
        for (final int row : new int[]{0, bars.size() / 2, bars.size() - 1})
        {
            assertTrue(failure(rows -> rows.remove(row)).startsWith("1 rows are missing"));
        }
    }

    @Test
    void shouldFindADoubledRow()
    {
        for (final int row : new int[]{0, bars.size() / 2, bars.size() - 1})
        {
            assertTrue(failure(rows -> rows.add(row, rows.get(row))).startsWith("row is there twice"));
        }
    }

    @Test
    void shouldFindRowsInAnotherOrder()
    {
        assertTrue(failure(rows -> rows.add(rows.remove(0))).startsWith("row out of order"));
    }

    @Test
    void shouldFindAWrongDigitInAnyField()
    {
        final BarValue bar = bars.get(7);
        final List<BarValue> wrong = List.of(
            copy(bar, bar.price() + 1, bar.averagePrice(), bar.volume(), bar.trades()),
            copy(bar, bar.price(), bar.averagePrice() - 1, bar.volume(), bar.trades()),
            copy(bar, bar.price(), bar.averagePrice(), bar.volume() + 1, bar.trades()),
            copy(bar, bar.price(), bar.averagePrice(), bar.volume(), bar.trades() + 1));
        for (final BarValue value : wrong)
        {
            assertTrue(failure(rows -> rows.set(7, value)).startsWith("row differs"), value::toString);
        }
        assertEquals(4, wrong.size());
    }

    private static BarValue copy(
        final BarValue bar, final long price, final long averagePrice, final long volume, final long trades)
    {
        return new BarValue(bar.end(), bar.length(), price, averagePrice, volume, trades, bar.instrument());
    }

    private String failure(final Consumer<List<BarValue>> change)
    {
        return assertThrows(IllegalStateException.class, () -> forge(change)).getMessage();
    }

    private void forge(final Consumer<List<BarValue>> change)
    {
        final List<BarValue> rows = new ArrayList<>(bars);
        change.accept(rows);
        final Path journal = directory.resolve("forged-" + forged++);
        Bars.write(journal, rows);
        new Verification(tape, 1).compare(journal);
    }
}
