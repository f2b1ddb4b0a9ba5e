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
package io.millrace.samples.sessions;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SessionsSampleTest
{
    private static final SessionsSample SAMPLE = new SessionsSample();
    /** The events of each actor by time, those of one time in the order of their arrival. */
    private static Map<String, List<EventValue>> byActor = Map.of();

    @BeforeAll
    static void runSample() throws IOException, InterruptedException
    {
        final List<EventValue> events = GithubEvents.read();
        assertEquals(10_000, events.size());
        byActor = events.stream()
            .sorted(Comparator.comparingLong(EventValue::time))
            .collect(Collectors.groupingBy(EventValue::actor));
        SAMPLE.run(events);
    }

    @Test
    void shouldCutSessionsWhereALoopDoes()
    {
        final List<SessionValue> expected = new ArrayList<>();
        byActor.forEach((actor, events) ->
        {
            int first = 0;
            for (int i = 1; i <= events.size(); i++)
            {
                if (i == events.size() ||
                    events.get(i).time() - events.get(i - 1).time() > SessionsSample.GAP.toMillis())
                {
                    final List<EventValue> session = events.subList(first, i);
                    expected.add(new SessionValue(session.get(0).time(), session.get(session.size() - 1).time(),
                        session.size(), session.stream().filter(event -> event.kind().equals("PushEvent")).count(),
                        actor));
                    first = i;
                }
            }
        });
        assertTrue(expected.size() > byActor.size(), () -> "sessions=" + expected.size());

        final Comparator<SessionValue> order =
            Comparator.comparing(SessionValue::actor).thenComparing(SessionValue::start);
        assertEquals(sorted(expected, order), sorted(SAMPLE.sessions(), order));
    }

    @Test
    void shouldFindTheFirstPushThatALoopFinds()
    {
        final List<FirstPushValue> expected = new ArrayList<>();
        byActor.forEach((actor, events) ->
        {
            for (int i = 0; i < events.size(); i++)
            {
                final long created = events.get(i).time();
                final Stream<EventValue> later = events.get(i).kind().equals("CreateEvent") ?
                    events.subList(i + 1, events.size()).stream() : Stream.of();
                later.filter(event -> event.kind().equals("PushEvent")).limit(1)
                    .filter(event -> event.time() - created < SessionsSample.WITHIN.toMillis())
                    .forEach(event -> expected.add(new FirstPushValue(created, event.time(), actor)));
            }
        });
        assertTrue(expected.size() > 100, () -> "first pushes=" + expected.size());

        final Comparator<FirstPushValue> order = Comparator.comparing(FirstPushValue::actor)
            .thenComparing(FirstPushValue::createTime).thenComparing(FirstPushValue::pushTime);
        assertEquals(sorted(expected, order), sorted(SAMPLE.firstPushes(), order));
    }

    private static <T> List<T> sorted(final List<T> values, final Comparator<T> order)
    {
        return values.stream().sorted(order).toList();
    }
}
