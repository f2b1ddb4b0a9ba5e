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

import org.junit.jupiter.api.Test;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AttributionSampleTest
{
    private static final Comparator<AttributionValue> ORDER = Comparator
        .comparingLong(AttributionValue::user)
        .thenComparing(AttributionValue::clickTime)
        .thenComparing(AttributionValue::impressionTime)
        .thenComparing(AttributionValue::campaign);

    @Test
    void shouldJoinWhatNestedLoopsJoin() throws InterruptedException
    {
        final List<ClickValue> clicks = AttributionSample.clicks();
        final List<ImpressionValue> impressions = AttributionSample.impressions();
        final Map<Long, List<ImpressionValue>> byUser =
            impressions.stream().collect(Collectors.groupingBy(ImpressionValue::user));
        final List<AttributionValue> expected = clicks.stream()
            .flatMap(click -> byUser.getOrDefault(click.user(), List.of()).stream()
                .filter(impression -> impression.time() <= click.time() &&
                    click.time() - impression.time() <= AttributionSample.BEFORE.toMillis())
                .map(impression -> new AttributionValue(
                    click.user(), impression.campaign(), impression.time(), click.time())))
            .sorted(ORDER)
            .toList();
        assertTrue(expected.size() > 1_000, () -> "attributions=" + expected.size());

        assertEquals(expected, AttributionSample.attributions(clicks, impressions).stream().sorted(ORDER).toList());
    }
}
