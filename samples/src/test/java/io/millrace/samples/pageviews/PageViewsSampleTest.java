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

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PageViewsSampleTest
{
    private static final long MINUTE = PageViewsSample.MINUTE.toMillis();

    @Test
    void shouldRankAsMapsDo() throws InterruptedException
    {
        final List<ViewValue> views = PageViewsSample.views();
        final Map<Long, Map<String, Long>> counts = views.stream().collect(Collectors.groupingBy(
            view -> view.time() / MINUTE * MINUTE + MINUTE, TreeMap::new,
            Collectors.groupingBy(ViewValue::page, Collectors.counting())));
        final List<TopPageValue> expected = new ArrayList<>();
        counts.forEach((end, pages) ->
        {
            final List<Map.Entry<String, Long>> ranking = pages.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
                .limit(PageViewsSample.TOP)
                .toList();
            for (int i = 0; i < ranking.size(); i++)
            {
                expected.add(new TopPageValue(end, i + 1, ranking.get(i).getValue(), ranking.get(i).getKey()));
            }
        });
        assertTrue(counts.size() > 5, () -> "minutes=" + counts.keySet());

        assertEquals(expected, PageViewsSample.top(views));
    }
}
