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
package io.millrace.benchmarks.compare;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PairsTest
{
    @Test
    void shouldTakeTheMedianOfTheRatiosWithinPairs()
    {
        final Pairs pairs = new Pairs("W1", "loop", "millrace");
        pairs.add(trial(10, 7), trial(20, 7));
        pairs.add(trial(1000, 7), trial(1250, 7));
        pairs.add(trial(10, 7), trial(11, 7));

        assertEquals(0.8, pairs.ratio(), 1e-9);
        final String line = pairs.toLine();
        assertTrue(line.startsWith("W1 loop=100.00 millrace=50.00 ratio=0.80 added=10.00"), line);
    }

    @Test
    void shouldRefuseToCompareWhatDiffers()
    {
        final Pairs pairs = new Pairs("W1", "loop", "millrace");

        assertThrows(IllegalStateException.class, () -> pairs.add(trial(10, 7), trial(10, 8)));
    }

    @Test
    void shouldReadWhatATrialPrints()
    {
        final TrialResult result = new TrialResult(100, 200, -1, 3, 4096, -3);

        assertEquals(result, TrialResult.parse(result.toLine()));
    }

    private static TrialResult trial(final long nanosPerEvent, final long checksum)
    {
        return new TrialResult(1000, nanosPerEvent * 1000, 0, 0, 0, checksum);
    }
}
