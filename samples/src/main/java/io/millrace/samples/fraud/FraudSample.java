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
package io.millrace.samples.fraud;

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.pattern.Match;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Finds cards that pay much, and within minutes at a place where their owner cannot be so soon. */
public final class FraudSample
{
    static final Duration WITHIN = Duration.ofMinutes(10);
    static final long LARGE = 1_000_00;
    static final double DISTANT_KILOMETRES = 300;

    private static final int PAYMENTS = 50_000;
    private static final int CARDS = 500;
    private static final long MILLIS_APART = 200;
    private static final int SHOWN = 5;
    private static final double EARTH_RADIUS_KILOMETRES = 6_371;
    /** Latitude and longitude of London, Paris, New York, Tokyo, Sydney and Nairobi. */
    private static final double[][] CITIES =
        {{51.51, -0.13}, {48.86, 2.35}, {40.71, -74.01}, {35.68, 139.69}, {-33.87, 151.21}, {-1.29, 36.82}};

    private FraudSample()
    {
    }

    /**
     * Prints the number of alerts and the first of them.
     *
     * @throws Exception when the job fails
     */
    public static void run() throws Exception
    {
        final List<AlertValue> alerts = alerts(payments());
        System.out.printf(Locale.ROOT,
            "%,d synthetic payments (seeded, the same in every run) with %d cards give %d alerts, the first of them:%n",
            PAYMENTS, CARDS, alerts.size());
        alerts.stream().limit(SHOWN).forEach(alert -> System.out.printf(Locale.ROOT,
            "card %3d paid %,.2f, and %d s later %,.0f km away%n", alert.card(), alert.amount() / 100.0,
            (alert.distantTime() - alert.largeTime()) / 1_000, alert.kilometres()));
    }

    static List<AlertValue> alerts(final List<PaymentValue> payments) throws InterruptedException
    {
        final Pattern<Payment> largeThenDistant = Pattern
            .<Payment>begin("large").where(payment -> payment.amount() >= LARGE)
            .followedBy("distant").where((payment, match) ->
                kilometres(match.events("large").get(0), payment) >= DISTANT_KILOMETRES)
            .within(WITHIN);

        final List<AlertValue> alerts = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("fraud");
        pipeline
            .source(Generator.of(PaymentFlyweight.TYPE, payments.size(),
                (number, out) -> out.set(payments.get((int)number))),
                WatermarkStrategy.forMonotonousTimestamps(), "payments")
            .keyByLong(Payment::card)
            .pattern(largeThenDistant)
            .select(AlertFlyweight.TYPE, FraudSample::alert)
            .sink(CallbackSink.of(alert -> alerts.add(AlertValue.copyOf(alert))), "alerts");

        try (Job job = pipeline.start(new JobConfig()))
        {
            job.await();
        }
        return alerts;
    }

    private static void alert(final Match<Payment> match, final AlertFlyweight out)
    {
        final Payment large = match.events("large").get(0);
        final Payment distant = match.events("distant").get(0);
        out.card(large.card()).largeTime(large.time()).distantTime(distant.time()).amount(large.amount())
            .kilometres(kilometres(large, distant));
    }

    /** Along the surface, by the haversine formula. */
    static double kilometres(final Payment one, final Payment other)
    {
        final double north = Math.sin(Math.toRadians(other.latitude() - one.latitude()) / 2);
        final double east = Math.sin(Math.toRadians(other.longitude() - one.longitude()) / 2);
        final double chord = north * north + east * east *
            Math.cos(Math.toRadians(one.latitude())) * Math.cos(Math.toRadians(other.latitude()));
        return 2 * EARTH_RADIUS_KILOMETRES * Math.asin(Math.sqrt(chord));
    }

    static List<PaymentValue> payments()
    {
        final SplittableRandom random = new SplittableRandom(1);
        final List<PaymentValue> payments = new ArrayList<>();
        for (int i = 0; i < PAYMENTS; i++)
        {
            final int card = random.nextInt(CARDS);
            final boolean large = random.nextInt(50) == 0;
            final boolean abroad = random.nextInt(200) == 0;
            final long amount = large ? LARGE + random.nextInt(4_000_00) : 1_00 + random.nextInt(200_00);
            final double[] city = CITIES[abroad ? random.nextInt(CITIES.length) : card % CITIES.length];
            payments.add(new PaymentValue(i * MILLIS_APART, card, amount, city[0], city[1]));
        }
        return payments;
    }
}
