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

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.EventTimeSessionWindows;
import io.millrace.operators.KeyedStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Sessions of people on GitHub, and how soon they push to what they have created. */
public final class SessionsSample
{
    static final Duration GAP = Duration.ofMinutes(2);
    static final Duration WITHIN = Duration.ofMinutes(5);
    /** The event that is farthest behind is so by 19 minutes; with a shorter delay it would be dropped. */
    private static final Duration DELAY = Duration.ofMinutes(20);
    private static final int SHOWN = 5;

    private final List<SessionValue> sessions = new ArrayList<>();
    private final List<FirstPushValue> firstPushes = new ArrayList<>();

    /**
     * Prints the busiest sessions and how soon people push.
     *
     * @throws Exception when the job fails
     */
    public static void run() throws Exception
    {
        final List<EventValue> events = GithubEvents.read();
        final SessionsSample sample = new SessionsSample();
        sample.run(events);

        System.out.printf(Locale.ROOT, "%,d events of GitHub are %,d sessions, the busiest of them:%n",
            events.size(), sample.sessions.size());
        sample.sessions.stream()
            .sorted(Comparator.comparingLong(SessionValue::events).reversed().thenComparing(SessionValue::actor))
            .limit(SHOWN)
            .forEach(session -> System.out.printf(Locale.ROOT, "%-30s %,4d events, %,4d of them pushes, in %,5d s%n",
                session.actor(), session.events(), session.pushes(), (session.last() - session.start()) / 1_000));
        System.out.printf(Locale.ROOT, "%,d times somebody created something and pushed within %d minutes, after %d s " +
            "in the median%n", sample.firstPushes.size(), WITHIN.toMinutes(), sample.firstPushes.stream()
            .mapToLong(push -> (push.pushTime() - push.createTime()) / 1_000).sorted()
            .skip(sample.firstPushes.size() / 2).findFirst().orElse(0));
    }

    void run(final List<EventValue> events) throws InterruptedException
    {
        final Pipeline pipeline = Pipeline.create("sessions");
        final KeyedStream<CharSequence, Event> byActor = pipeline
            .source(Generator.of(EventFlyweight.TYPE, events.size(),
                (number, out) -> out.set(events.get((int)number))),
                WatermarkStrategy.forBoundedOutOfOrderness(DELAY), "events")
            .keyBy(Event::actor);

        byActor
            .window(EventTimeSessionWindows.withGap(GAP))
            .aggregate(ActivityFlyweight.TYPE, SessionFlyweight.TYPE, new CountActivity(),
                (actor, window, activity, out) -> out.actor(actor)
                    .start(window.start()).last(window.end() - GAP.toMillis())
                    .events(activity.events()).pushes(activity.pushes()))
            .sink(CallbackSink.of(session -> sessions.add(SessionValue.copyOf(session))), "sessions");

        byActor
            .pattern(Pattern
                .<Event>begin("create").where(SessionsSample::isCreate)
                .followedBy("push").where(SessionsSample::isPush)
                .within(WITHIN))
            .select(FirstPushFlyweight.TYPE, (match, out) -> out
                .actor(match.events("push").get(0).actor())
                .createTime(match.events("create").get(0).time())
                .pushTime(match.events("push").get(0).time()))
            .sink(CallbackSink.of(push -> firstPushes.add(FirstPushValue.copyOf(push))), "first pushes");

        try (Job job = pipeline.start(new JobConfig()))
        {
            job.await();
        }
    }

    static boolean isCreate(final Event event)
    {
        return CharSequence.compare("CreateEvent", event.kind()) == 0;
    }

    static boolean isPush(final Event event)
    {
        return CharSequence.compare("PushEvent", event.kind()) == 0;
    }

    List<SessionValue> sessions()
    {
        return sessions;
    }

    List<FirstPushValue> firstPushes()
    {
        return firstPushes;
    }
}
