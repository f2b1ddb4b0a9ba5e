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
package io.millrace.benchmarks.workload;

import io.millrace.core.checkpoint.CheckpointReport;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;

class DeltaSizesTest
{
    private static final long KEYS = 1_000;

    private final Pace pace = new Pace(KEYS, KeyChoice.ZIPF);
    private final DeltaSizes sizes = new DeltaSizes(pace);

    @Test
    void shouldCountTheKeysThatDifferSinceTheCheckpointBefore()
    {
        sizes.skip(KEYS);
        sizes.add(KEYS + 500, report(false, 9_000));
        sizes.add(KEYS + 700, report(false, 3_000));

        assertEquals(different(KEYS + 500, KEYS + 700), sizes.touched().getMinValue());
        assertEquals(different(KEYS, KEYS + 500), sizes.touched().getMaxValue());
        assertEquals(12_000.0, (double)sizes.bytes().getMinValue() + sizes.bytes().getMaxValue(), 20.0);
        assertEquals(0, sizes.bases());
    }

    @Test
    void shouldKeepCheckpointsApartThatHoldAllState()
    {
        sizes.add(10, report(true, 40_000));
        sizes.add(20, report(false, 400));

        assertEquals(1, sizes.bases());
        assertEquals(1, sizes.touched().getTotalCount());
        assertEquals(10, sizes.touched().getMaxValue());
        assertEquals(40, sizes.bytesPerEntry(50), 0.1);
        assertEquals(2, sizes.durations().getTotalCount());
    }

    private long different(final long from, final long to)
    {
        final Set<Long> keys = new HashSet<>();
        for (long number = from; number < to; number++)
        {
            keys.add(pace.key(number));
        }
        return keys.size();
    }

    private static CheckpointReport report(final boolean full, final long bytes)
    {
        return new CheckpointReport(1, full, CheckpointReport.Outcome.COMPLETED, "", 1_000, bytes, 1, bytes, List.of());
    }
}
