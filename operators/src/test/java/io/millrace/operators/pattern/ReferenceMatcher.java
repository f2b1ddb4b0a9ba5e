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
package io.millrace.operators.pattern;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the matches of a simple pattern by trying all sequences of events, from what the rules say of the events between
 * those of a match, without an automaton. For tests.
 */
final class ReferenceMatcher
{
    /** How a step follows what is before it. */
    enum Follow
    {
        NEXT,
        RELAXED,
        ANY
    }

    /**
     * A step.
     *
     * @param letters  that take it
     * @param follow   how it follows the step before
     * @param loop     how its repetitions follow one another; null when it is taken once
     * @param optional whether it may be left out
     */
    record Step(String letters, Follow follow, Follow loop, boolean optional)
    {
        boolean takes(final char letter)
        {
            return letters.indexOf(letter) >= 0;
        }
    }

    /**
     * A match.
     *
     * @param places of its events in the stream, by step
     */
    record Found(List<List<Integer>> places)
    {
        int first()
        {
            return all().get(0);
        }

        int last()
        {
            return all().get(all().size() - 1);
        }

        List<Integer> all()
        {
            return places.stream().flatMap(List::stream).toList();
        }

        String text(final String stream)
        {
            final StringBuilder text = new StringBuilder("{");
            for (final int place : all())
            {
                text.append(text.length() == 1 ? "" : " ").append(stream.charAt(place)).append(place + 1);
            }
            return text.append('}').toString();
        }
    }

    private final List<Step> steps;
    private final int within;
    private final String stream;
    private final List<Found> found = new ArrayList<>();

    private ReferenceMatcher(final List<Step> steps, final int within, final String stream)
    {
        this.steps = steps;
        this.within = within;
        this.stream = stream;
    }

    /** All matches, by the event that completes them, then by start, then longest first. */
    static List<Found> matches(final List<Step> steps, final int within, final String stream)
    {
        final ReferenceMatcher matcher = new ReferenceMatcher(steps, within, stream);
        matcher.extend(0, new ArrayList<>(), -1);
        matcher.found.sort(Comparator.comparingInt(Found::last).thenComparingInt(Found::first)
            .thenComparing(match -> -match.all().size()));
        return matcher.found;
    }

    private void extend(final int step, final List<List<Integer>> places, final int last)
    {
        if (step == steps.size())
        {
            if (last >= 0)
            {
                found.add(new Found(List.copyOf(places)));
            }
            return;
        }
        final Step now = steps.get(step);
        if (now.optional)
        {
            places.add(List.of());
            extend(step + 1, places, last);
            places.remove(places.size() - 1);
        }
        final int end = last < 0 ? stream.length() : end(places, last);
        for (int i = last + 1; i < end; i++)
        {
            if (now.takes(stream.charAt(i)) && (last < 0 || follows(now, now.follow, last, i)))
            {
                repeat(step, places, List.of(i));
            }
        }
    }

    /** Takes the step as it is, and with one more repetition. */
    private void repeat(final int step, final List<List<Integer>> places, final List<Integer> taken)
    {
        final Step now = steps.get(step);
        final int last = taken.get(taken.size() - 1);
        places.add(taken);
        extend(step + 1, places, last);
        final int end = end(places, last);
        places.remove(places.size() - 1);
        for (int i = last + 1; now.loop != null && i < end; i++)
        {
            if (now.takes(stream.charAt(i)) && follows(now, now.loop, last, i))
            {
                final List<Integer> more = new ArrayList<>(taken);
                more.add(i);
                repeat(step, places, more);
            }
        }
    }

    /** Events from here on are too late for the match. */
    private int end(final List<List<Integer>> places, final int last)
    {
        final int first = places.stream().flatMap(List::stream).findFirst().orElse(last);
        return within == 0 ? stream.length() : Math.min(stream.length(), first + within);
    }

    private boolean follows(final Step step, final Follow follow, final int last, final int place)
    {
        return switch (follow)
        {
            case NEXT -> place == last + 1;
            case RELAXED -> stream.substring(last + 1, place).chars().noneMatch(letter -> step.takes((char)letter));
            case ANY -> true;
        };
    }
}
