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
package io.millrace.samples.pageviews;

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.TumblingEventTimeWindows;
import io.millrace.operators.ranking.Ranking;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** The most viewed pages of each minute. */
public final class PageViewsSample
{
    static final Duration MINUTE = Duration.ofMinutes(1);
    static final int TOP = 10;

    /** Pages with as many views in the order of their names, so that the ranking does not depend on which came first. */
    private static final Ranking<PageViews> RANKING = Ranking.<PageViews>greatest(PageViews::views)
        .then((left, right) -> CharSequence.compare(left.page(), right.page()));

    private static final int VIEWS = 120_000;
    private static final int PAGES = 200;
    private static final long MILLIS_APART = 5;
    /** By which a view may come behind a later one. */
    private static final Duration DELAY = Duration.ofSeconds(2);

    private PageViewsSample()
    {
    }

    /**
     * Prints the top ten of the last minute.
     *
     * @throws Exception when the job fails
     */
    public static void run() throws Exception
    {
        final List<TopPageValue> top = top(views());
        final long last = top.get(top.size() - 1).minuteEnd();
        System.out.printf(Locale.ROOT,
            "%,d synthetic views (seeded, the same in every run) in %d minutes; top ten of the last minute:%n",
            VIEWS, last / MINUTE.toMillis());
        top.stream().filter(page -> page.minuteEnd() == last).forEach(page ->
            System.out.printf(Locale.ROOT, "%2d. %-12s %,6d%n", page.rank(), page.page(), page.views()));
    }

    static List<TopPageValue> top(final List<ViewValue> views) throws InterruptedException
    {
        final List<TopPageValue> top = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("page-views");
        pipeline
            .source(Generator.of(ViewFlyweight.TYPE, views.size(), (number, out) -> out.set(views.get((int)number))),
                WatermarkStrategy.forBoundedOutOfOrderness(DELAY), "views")
            .keyBy(View::page)
            .window(TumblingEventTimeWindows.of(MINUTE))
            .aggregate(TallyFlyweight.TYPE, PageViewsFlyweight.TYPE,
                (tally, view) -> tally.views(tally.views() + 1),
                (page, window, tally, out) -> out.page(page).minuteEnd(window.end()).views(tally.views()))
            .windowAll(TumblingEventTimeWindows.of(MINUTE))
            .topN(TOP, RANKING, TopPageFlyweight.TYPE, (window, rank, page, out) ->
                out.minuteEnd(window.end()).rank(rank).views(page.views()).page(page.page())).name("top pages")
            .sink(CallbackSink.of(page -> top.add(TopPageValue.copyOf(page))), "top");

        try (Job job = pipeline.start(new JobConfig()))
        {
            job.await();
        }
        return top;
    }

    /** Some pages are much more viewed than others, and views come a little out of order. */
    static List<ViewValue> views()
    {
        final SplittableRandom random = new SplittableRandom(1);
        final List<ViewValue> views = new ArrayList<>();
        for (int i = 0; i < VIEWS; i++)
        {
            final int page = random.nextInt(1 + random.nextInt(PAGES));
            final long time = Math.max(0, i * MILLIS_APART - random.nextLong(DELAY.toMillis()));
            views.add(new ViewValue(time, "/page/" + page));
        }
        return views;
    }
}
