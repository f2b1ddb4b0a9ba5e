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
package io.millrace.samples.attribution;

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.KeyedStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Joins clicks with the impressions of the ten minutes before them. */
public final class AttributionSample
{
    static final Duration BEFORE = Duration.ofMinutes(10);

    private static final int CLICKS = 5_000;
    private static final int IMPRESSIONS = 50_000;
    private static final int USERS = 1_000;
    private static final int CAMPAIGNS = 5;
    private static final long SPAN = Duration.ofHours(2).toMillis();

    private AttributionSample()
    {
    }

    /**
     * Prints what the campaigns come to.
     *
     * @throws Exception when the job fails
     */
    public static void run() throws Exception
    {
        final List<AttributionValue> attributions = attributions(clicks(), impressions());
        System.out.printf(Locale.ROOT, "%,d synthetic clicks and %,d impressions (seeded, the same in every run) give " +
            "%,d attributions, by campaign:%n", CLICKS, IMPRESSIONS, attributions.size());
        attributions.stream()
            .collect(Collectors.groupingBy(AttributionValue::campaign, TreeMap::new, Collectors.summarizingLong(
                attribution -> (attribution.clickTime() - attribution.impressionTime()) / 1_000)))
            .forEach((campaign, seconds) -> System.out.printf(Locale.ROOT,
                "campaign %d: %,6d, on average %.0f s before the click%n",
                campaign, seconds.getCount(), seconds.getAverage()));
    }

    static List<AttributionValue> attributions(
        final List<ClickValue> clicks, final List<ImpressionValue> impressions) throws InterruptedException
    {
        final Pipeline pipeline = Pipeline.create("attribution");
        final KeyedStream<LongKey, Click> clicksByUser = pipeline
            .source(Generator.of(ClickFlyweight.TYPE, clicks.size(),
                (number, out) -> out.set(clicks.get((int)number))),
                WatermarkStrategy.forMonotonousTimestamps(), "clicks")
            .keyByLong(Click::user);
        final KeyedStream<LongKey, Impression> impressionsByUser = pipeline
            .source(Generator.of(ImpressionFlyweight.TYPE, impressions.size(),
                (number, out) -> out.set(impressions.get((int)number))),
                WatermarkStrategy.forMonotonousTimestamps(), "impressions")
            .keyByLong(Impression::user);

        final List<AttributionValue> attributions = new ArrayList<>();
        clicksByUser.connect(impressionsByUser)
            .intervalJoin(BEFORE.negated(), Duration.ZERO)
            .process(AttributionFlyweight.TYPE, (click, impression, out) -> out
                .user(click.user()).campaign(impression.campaign())
                .impressionTime(impression.time()).clickTime(click.time()))
            .sink(CallbackSink.of(attribution -> attributions.add(AttributionValue.copyOf(attribution))), "attributions");

        try (Job job = pipeline.start(new JobConfig()))
        {
            job.await();
        }
        return attributions;
    }

    static List<ClickValue> clicks()
    {
        final SplittableRandom random = new SplittableRandom(1);
        return random.longs(CLICKS, 0, SPAN).sorted()
            .mapToObj(time -> new ClickValue(time, random.nextInt(USERS)))
            .toList();
    }

    static List<ImpressionValue> impressions()
    {
        final SplittableRandom random = new SplittableRandom(2);
        return random.longs(IMPRESSIONS, 0, SPAN).sorted()
            .mapToObj(time -> new ImpressionValue(time, random.nextInt(USERS), 1 + random.nextInt(CAMPAIGNS)))
            .toList();
    }
}
