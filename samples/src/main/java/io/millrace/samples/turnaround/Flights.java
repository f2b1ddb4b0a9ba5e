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

import io.millrace.samples.json.JsonLines;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The flights that Apache Pinot brings as an example; the times are those of the airport's clocks. */
final class Flights
{
    private static final String RESOURCE = "/examples/stream/airlineStats/rawdata/airlineStats_data.json";
    /** A flight to the west may land before it started, by the clocks; one that seems to by more landed the day after. */
    private static final int MOST_MINUTES_GAINED = 60;

    private final List<Map<String, String>> flights;

    private Flights(final List<Map<String, String>> flights)
    {
        this.flights = flights;
    }

    /** Reads them; the data have most flights twice, here they are once. */
    static Flights read() throws IOException
    {
        return new Flights(JsonLines.read(RESOURCE, "org.apache.pinot:pinot-tools:0.11.0",
            fields -> fields.get("TailNum") == null || !"0".equals(fields.get("Cancelled")) ? null : fields)
            .stream().distinct().toList());
    }

    int size()
    {
        return flights.size();
    }

    /** Departures, by time. */
    List<MovementValue> departures()
    {
        return movements(flight ->
            movement(flight, "Origin", minutes(flight, "CRSDepTime") + number(flight, "DepDelay")));
    }

    /** Arrivals, by time, without those of flights that were diverted. */
    List<MovementValue> arrivals()
    {
        return movements(flight ->
        {
            if (!"0".equals(flight.get("Diverted")))
            {
                return null;
            }
            final int scheduled = minutes(flight, "CRSArrTime");
            final boolean nextDay = scheduled < minutes(flight, "CRSDepTime") - MOST_MINUTES_GAINED;
            return movement(flight, "Dest",
                scheduled + number(flight, "ArrDelay") + (nextDay ? (int)Duration.ofDays(1).toMinutes() : 0));
        });
    }

    private List<MovementValue> movements(final Function<Map<String, String>, MovementValue> movement)
    {
        return flights.stream()
            .map(movement)
            .filter(Objects::nonNull)
            .sorted(Comparator.comparingLong(MovementValue::time))
            .toList();
    }

    private static MovementValue movement(final Map<String, String> flight, final String airport, final int minute)
    {
        final long time = LocalDate.parse(flight.get("FlightDate")).atStartOfDay().plusMinutes(minute)
            .toInstant(ZoneOffset.UTC).toEpochMilli();
        return new MovementValue(time, flight.get("TailNum"), flight.get("Carrier"), flight.get(airport));
    }

    /** From a time of day such as 1405. */
    private static int minutes(final Map<String, String> flight, final String field)
    {
        final int clock = number(flight, field);
        return clock / 100 * 60 + clock % 100;
    }

    private static int number(final Map<String, String> flight, final String field)
    {
        return Integer.parseInt(flight.get(field));
    }
}
