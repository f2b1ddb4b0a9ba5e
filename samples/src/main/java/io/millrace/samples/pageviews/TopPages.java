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

import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.state.ListState;
import io.millrace.operators.state.StateStore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the pages of a minute until the watermark says that all are there, then ranks them. */
final class TopPages implements KeyedProcessFunction<LongKey, PageViews, TopPageFlyweight>
{
    private static final Comparator<PageViewsValue> RANKING =
        Comparator.comparingLong(PageViewsValue::views).reversed().thenComparing(PageViewsValue::page);

    private final int size;
    private ListState<PageViews, PageViewsFlyweight> pages;

    TopPages(final int size)
    {
        this.size = size;
    }

    @Override
    public void open(final StateStore states)
    {
        pages = states.list("pages", PageViewsFlyweight.TYPE);
    }

    @Override
    public void processElement(
        final PageViews views, final KeyedContext<LongKey> context, final Collector<TopPageFlyweight> out)
    {
        pages.add(views);
        context.timerService().registerEventTimeTimer(views.minuteEnd());
    }

    @Override
    public void onTimer(
        final long timestamp, final KeyedContext<LongKey> context, final Collector<TopPageFlyweight> out)
    {
        final List<PageViewsValue> ranking = new ArrayList<>();
        for (long i = 0; i < pages.size(); i++)
        {
            ranking.add(PageViewsValue.copyOf(pages.get(i)));
        }
        pages.clear();
        ranking.sort(RANKING);
        for (int i = 0; i < Math.min(size, ranking.size()); i++)
        {
            final PageViewsValue page = ranking.get(i);
            out.next().minuteEnd(page.minuteEnd()).rank(i + 1).views(page.views()).page(page.page());
            out.emit();
        }
    }
}
