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
package io.millrace.samples.turnaround;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TurnaroundSampleTest
{
    private static final Comparator<TurnaroundValue> ORDER =
        Comparator.comparing(TurnaroundValue::departureTime).thenComparing(TurnaroundValue::aircraft);
    private static final long MINUTE = 60_000;

    @Test
    void shouldJoinWhatSortedSetsJoin() throws IOException, InterruptedException
    {
        final Flights flights = Flights.read();
        final List<MovementValue> departures = flights.departures();
        final List<MovementValue> arrivals = flights.arrivals();
        assertEquals(flights.size(), departures.size());
        assertTrue(arrivals.size() > 7_000, () -> "arrivals=" + arrivals.size());

        final Map<String, TreeSet<Long>> arrivalTimes = new HashMap<>();
        arrivals.forEach(arrival ->
            arrivalTimes.computeIfAbsent(key(arrival), key -> new TreeSet<>()).add(arrival.time()));
        final List<TurnaroundValue> expected = new ArrayList<>();
        for (final MovementValue departure : departures)
        {
            final Long arrival = arrivalTimes.getOrDefault(key(departure), new TreeSet<>()).floor(departure.time());
            if (arrival != null && departure.time() - arrival <= TurnaroundSample.LONGEST.toMillis())
            {
                expected.add(new TurnaroundValue((departure.time() - arrival) / MINUTE, departure.time(),
                    departure.aircraft(), departure.carrier(), departure.airport()));
            }
        }
        expected.sort(ORDER);
        assertTrue(expected.size() > 100, () -> "turnarounds=" + expected);

        assertEquals(expected,
            TurnaroundSample.turnarounds(departures, arrivals).stream().sorted(ORDER).toList());
    }

    private static String key(final MovementValue movement)
    {
        return movement.aircraft() + ' ' + movement.airport();
    }
}
