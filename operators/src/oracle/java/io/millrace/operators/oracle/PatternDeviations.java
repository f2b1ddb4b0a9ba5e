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
package io.millrace.operators.oracle;

import io.millrace.operators.oracle.Script.Element;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Differences of patterns that decision 012 lists, told by what is different.
 *
 * @param spec of the pattern
 */
record PatternDeviations(PatternSpec spec) implements Oracle.Deviation
{
    private static final String TIMED_OUT = "timedOut ";
    private static final String LATE = "late ";
    private static final Comparator<Element> ORDER =
        Comparator.comparingLong(Element::timestamp).thenComparing(Element::number);

    /**
     * The elements of a match, or of one that timed out.
     *
     * @param output text of it
     * @return a bit for each
     */
    static long bits(final String output)
    {
        final String masks = withoutTime(output).replace(TIMED_OUT, "").replace(LATE, "");
        long bits = 0;
        for (final String mask : masks.split(" "))
        {
            bits |= Long.parseLong(mask);
        }
        return bits;
    }

    private static String withoutTime(final String output)
    {
        final int time = output.indexOf('@');
        return time < 0 ? output : output.substring(0, time);
    }

    @Override
    public String of(final Script script, final List<List<String>> flink, final List<List<String>> millrace)
    {
        final Map<Integer, Element> elements = script.steps().stream().filter(Element.class::isInstance)
            .map(Element.class::cast).collect(Collectors.toMap(Element::number, element -> element));
        final Set<Long> keys = elements.values().stream().map(Element::key).collect(Collectors.toSet());
        final Set<String> reasons = new TreeSet<>();
        for (final long key : keys)
        {
            final String reason = ofKey(elements, only(key, elements, flink), only(key, elements, millrace));
            if (reason == null)
            {
                return null;
            }
            reasons.add(reason);
        }
        reasons.remove("");
        return String.join(" and ", reasons);
    }

    private static List<List<String>> only(
        final long key, final Map<Integer, Element> elements, final List<List<String>> outputs)
    {
        return outputs.stream().map(step -> step.stream()
            .filter(output -> elements.get(Long.numberOfTrailingZeros(bits(output))).key() == key).toList()).toList();
    }

    /** The reason why outputs of one key differ; empty when they do not, null when there is none. */
    private String ofKey(
        final Map<Integer, Element> elements, final List<List<String>> flink, final List<List<String>> millrace)
    {
        for (int step = 0; step < flink.size(); step++)
        {
            if (!flink.get(step).equals(millrace.get(step)))
            {
                return isAbsence(step, flink, millrace) ? "an absence that no record shows" :
                    isBrokenAbsence(step, elements, flink, millrace) ? "an absence before the last one" :
                    isSkipped(step, elements, flink, millrace) ? "timed out when it would be skipped" :
                    isOther(step, elements, flink, millrace) ? "another of the matches with one start is kept" :
                    isEarlier(step, flink, millrace) ? "the earlier of two limits" :
                    isTooLate(step, elements, flink, millrace) ? "a record behind its limit" : null;
            }
        }
        return "";
    }

    /**
     * Whether all that is different is that with Flink more partial matches time out, each in a step which also has a match
     * that began no later: the match waited for another that timed out by the same watermark.
     */
    private boolean isSkipped(
        final int first,
        final Map<Integer, Element> elements,
        final List<List<String>> flink,
        final List<List<String>> millrace)
    {
        for (int step = first; step < flink.size(); step++)
        {
            final List<String> there = without(flink.get(step), millrace.get(step));
            if (!without(millrace.get(step), flink.get(step)).isEmpty())
            {
                return false;
            }
            for (final String output : there)
            {
                if (!output.startsWith(TIMED_OUT) || millrace.get(step).stream().noneMatch(match ->
                    isMatch(match) && ORDER.compare(first(match, elements), first(output, elements)) <= 0))
                {
                    return false;
                }
            }
        }
        return spec.skip() != 0;
    }

    /**
     * Whether of matches with one start that one record completes others are skipped here than there (CEP-23). Where a
     * step is skipped to, that decides what else is skipped.
     */
    private boolean isOther(
        final int first,
        final Map<Integer, Element> elements,
        final List<List<String>> flink,
        final List<List<String>> millrace)
    {
        for (int step = first; step < flink.size(); step++)
        {
            final List<String> there = without(flink.get(step), millrace.get(step));
            final List<String> here = without(millrace.get(step), flink.get(step));
            if (!there.stream().allMatch(PatternDeviations::isMatch) || !here.stream().allMatch(PatternDeviations::isMatch) ||
                !starts(there, elements).equals(starts(here, elements)))
            {
                return false;
            }
            if (spec.skip() > 2)
            {
                break;
            }
        }
        return spec.skip() != 0;
    }

    private static List<Element> starts(final List<String> matches, final Map<Integer, Element> elements)
    {
        return matches.stream().map(match -> first(match, elements)).sorted(ORDER).toList();
    }

    /** Whether what timed out by both of its limits has the time of the earlier one here, and of the other one there. */
    private boolean isEarlier(final int first, final List<List<String>> flink, final List<List<String>> millrace)
    {
        for (int step = first; step < flink.size(); step++)
        {
            final List<String> there = without(flink.get(step), millrace.get(step));
            for (final String output : without(millrace.get(step), flink.get(step)))
            {
                if (!output.startsWith(TIMED_OUT) || !there.removeIf(other ->
                    withoutTime(other).equals(withoutTime(output)) && time(other) > time(output)))
                {
                    return false;
                }
            }
            if (!there.isEmpty())
            {
                return false;
            }
        }
        return spec.hasGap() && spec.within() != 0;
    }

    /**
     * Whether Flink has matches in which a record comes later after the one before than its step allows, as it may behind a
     * loop, where no state with the limit has seen the time pass. Where nothing is skipped, that must be all.
     */
    private boolean isTooLate(
        final int first,
        final Map<Integer, Element> elements,
        final List<List<String>> flink,
        final List<List<String>> millrace)
    {
        boolean some = false;
        for (int step = first; step < flink.size(); step++)
        {
            for (final String output : without(flink.get(step), millrace.get(step)))
            {
                final boolean tooLate = breaksGap(output, elements);
                some |= tooLate;
                if (!tooLate && spec.skip() == 0)
                {
                    return false;
                }
            }
            if (spec.skip() == 0 && !without(millrace.get(step), flink.get(step)).isEmpty())
            {
                return false;
            }
        }
        return some;
    }

    private boolean breaksGap(final String output, final Map<Integer, Element> elements)
    {
        final String[] masks = withoutTime(output).replace(TIMED_OUT, "").split(" ");
        long before = 0;
        for (int i = 0; i < spec.steps().size(); i++)
        {
            final long mask = Long.parseLong(masks[i]);
            final long gap = spec.steps().get(i).gap();
            if (gap != 0 && mask != 0 && before != 0 && first(mask, elements).timestamp() -
                withBits(before, elements).max(ORDER).orElseThrow().timestamp() >= gap)
            {
                return true;
            }
            before |= mask;
        }
        return false;
    }

    /**
     * Whether Flink has matches that an absence forbids which is not the last step, but has only absences behind it: it does
     * not look at those. Where nothing is skipped, that must be all.
     */
    private boolean isBrokenAbsence(
        final int first,
        final Map<Integer, Element> elements,
        final List<List<String>> flink,
        final List<List<String>> millrace)
    {
        boolean some = false;
        for (int step = first; step < flink.size(); step++)
        {
            for (final String output : without(flink.get(step), millrace.get(step)))
            {
                final boolean broken = isMatch(output) && breaksAbsence(bits(output), elements);
                some |= broken;
                if (!broken && spec.skip() == 0)
                {
                    return false;
                }
            }
            if (spec.skip() == 0 && !without(millrace.get(step), flink.get(step)).isEmpty())
            {
                return false;
            }
        }
        return some;
    }

    private boolean breaksAbsence(final long bits, final Map<Integer, Element> elements)
    {
        final Element last = withBits(bits, elements).max(ORDER).orElseThrow();
        final long gap = spec.steps().get(spec.steps().size() - 1).gap();
        final long whole = spec.within() == 0 ? Long.MAX_VALUE : first(bits, elements).timestamp() + spec.within();
        final long end = gap == 0 ? whole : Math.min(whole, last.timestamp() + gap);
        final Set<Integer> letters = new TreeSet<>();
        for (int i = spec.steps().size() - 2; i > 0 && spec.steps().get(i).follows() == PatternSpec.Follows.NOT_FOLLOWED_BY; i--)
        {
            letters.add(spec.steps().get(i).letter());
        }
        return spec.endsInAbsence() && elements.values().stream().anyMatch(element -> element.key() == last.key() &&
            ORDER.compare(element, last) > 0 && element.timestamp() < end &&
            letters.contains(PatternSpec.letter(1L << element.number())));
    }

    private static long time(final String output)
    {
        return Long.parseLong(output.substring(output.indexOf('@') + 1));
    }

    private static boolean isMatch(final String output)
    {
        return !output.startsWith(TIMED_OUT) && !output.startsWith(LATE);
    }

    private static Element first(final String output, final Map<Integer, Element> elements)
    {
        return first(bits(output), elements);
    }

    private static Element first(final long bits, final Map<Integer, Element> elements)
    {
        return withBits(bits, elements).min(ORDER).orElseThrow();
    }

    private static Stream<Element> withBits(final long bits, final Map<Integer, Element> elements)
    {
        return elements.values().stream().filter(element -> (bits >>> element.number() & 1) != 0);
    }

    /**
     * Whether a pattern that ends in an absence has a match here which with Flink times out. Where nothing is skipped, that
     * must be all that is different; else the first difference must be such a match, as others are skipped for it.
     */
    private boolean isAbsence(final int first, final List<List<String>> flink, final List<List<String>> millrace)
    {
        if (!spec.endsInAbsence())
        {
            return false;
        }
        boolean some = false;
        for (int step = first; step < flink.size(); step++)
        {
            final List<String> there = without(flink.get(step), millrace.get(step));
            final List<String> here = without(millrace.get(step), flink.get(step));
            for (final String match : here)
            {
                final boolean timedOut = there.removeIf(output -> withoutTime(output).equals(TIMED_OUT + withoutTime(match)));
                some |= timedOut;
                if (!timedOut && spec.skip() == 0)
                {
                    return false;
                }
            }
            if (spec.skip() != 0)
            {
                return some;
            }
            if (!there.isEmpty())
            {
                return false;
            }
        }
        return some;
    }

    private static List<String> without(final List<String> outputs, final List<String> others)
    {
        final List<String> rest = new ArrayList<>(outputs);
        others.forEach(rest::remove);
        return rest;
    }
}
