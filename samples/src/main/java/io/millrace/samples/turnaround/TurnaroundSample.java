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

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.KeyedStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.function.CompositeKey;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Turnarounds of aircraft, by an as-of join: each departure with the latest arrival of the same aircraft at the same
 * airport. An interval join would pair it with every arrival of the hours before, and a process function would have to
 * sort the two streams by time first. By airport, because the times are local.
 */
public final class TurnaroundSample
{
    static final Duration LONGEST = Duration.ofHours(12);

    private TurnaroundSample()
    {
    }

    /**
     * Prints the shortest, the median and the longest turnaround of each carrier.
     *
     * @throws Exception when the job fails
     */
    public static void run() throws Exception
    {
        final Flights flights = Flights.read();
        final List<TurnaroundValue> turnarounds = turnarounds(flights.departures(), flights.arrivals());
        System.out.printf(Locale.ROOT, "%,d flights of January 2014, about one in fifty, have %d turnarounds of at most " +
            "%d h; minutes:%n", flights.size(), turnarounds.size(), LONGEST.toHours());
        turnarounds.stream()
            .sorted((one, other) -> Long.compare(one.minutes(), other.minutes()))
            .collect(Collectors.groupingBy(TurnaroundValue::carrier, TreeMap::new,
                Collectors.mapping(TurnaroundValue::minutes, Collectors.toList())))
            .forEach((carrier, minutes) -> System.out.printf(Locale.ROOT,
                "%s: %2d turnarounds, shortest %3d, median %3d, longest %3d%n", carrier, minutes.size(), minutes.get(0),
                minutes.get(minutes.size() / 2), minutes.get(minutes.size() - 1)));
    }

    static List<TurnaroundValue> turnarounds(
        final List<MovementValue> departures, final List<MovementValue> arrivals) throws InterruptedException
    {
        final List<TurnaroundValue> turnarounds = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("turnaround");
        byAircraftAndAirport(pipeline, departures, "departures")
            .connect(byAircraftAndAirport(pipeline, arrivals, "arrivals"))
            .asOfJoin(TurnaroundFlyweight.TYPE, (departure, arrival, out) -> out
                .minutes(arrival == null ? Long.MAX_VALUE :
                    Duration.ofMillis(departure.time() - arrival.time()).toMinutes())
                .departureTime(departure.time())
                .aircraft(departure.aircraft()).carrier(departure.carrier()).airport(departure.airport()))
            .filter(turnaround -> turnaround.minutes() <= LONGEST.toMinutes())
            .sink(CallbackSink.of(turnaround -> turnarounds.add(TurnaroundValue.copyOf(turnaround))), "turnarounds");

        try (Job job = pipeline.start(new JobConfig()))
        {
            job.await();
        }
        return turnarounds;
    }

    private static KeyedStream<CompositeKey, Movement> byAircraftAndAirport(
        final Pipeline pipeline, final List<MovementValue> movements, final String name)
    {
        return pipeline
            .source(Generator.of(MovementFlyweight.TYPE, movements.size(),
                (number, out) -> out.set(movements.get((int)number))),
                WatermarkStrategy.forMonotonousTimestamps(), name)
            .keyByComposite((movement, key) -> key.putText(movement.aircraft()).putText(movement.airport()));
    }
}
