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

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.WatchedState;
import io.millrace.operators.function.FilterFunction;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.keyed.LongKeyEncoder;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Runs vectors against a pattern: {@code "a1 c b1@7 W9 x:b2"} are events by name, one unit of time after the other, or at
 * the time that is given, a watermark, and an event of another key. Without a watermark in it, one follows each event.
 * Matches are shown as {@code {a1 b1}}, partial matches that timed out as {@code <a1>}; with times as {@code {a1 b1}@7}.
 */
final class PatternVectors
{
    static final OutputTag<Found, FoundFlyweight> TIMED_OUT = new OutputTag<>("timedOut", FoundFlyweight.TYPE);

    private final Pattern<Letter> pattern;
    private int partials = PatternSettings.DEFAULT_PARTIAL_MATCHES;
    private int events = PatternSettings.DEFAULT_EVENTS;
    private LimitPolicy policy = LimitPolicy.FAIL;
    private EmitOrder order = EmitOrder.EAGER;
    private Comparator<Letter> ties;
    private boolean timed;
    private boolean timeouts;
    private boolean restoring;
    private int batch = 1;
    private int room = Integer.MAX_VALUE;
    private String late = "";
    private OperatorHarness<LetterFlyweight, Found> harness;
    private WatchedState backend;
    private long clock;
    private long watermark = Long.MIN_VALUE;
    private final List<String> found = new ArrayList<>();

    private PatternVectors(final Pattern<Letter> pattern)
    {
        this.pattern = pattern;
    }

    static PatternVectors of(final Pattern<Letter> pattern)
    {
        return new PatternVectors(pattern);
    }

    /** What the vector makes of the pattern, without times. */
    static String run(final Pattern<Letter> pattern, final String vector)
    {
        return of(pattern).run(vector);
    }

    /** An event is a letter or a word, and a number to tell it from others. */
    static FilterFunction<Letter> is(final String word)
    {
        return letter -> word.equals(word(letter.name().toString()));
    }

    static Pattern<Letter> begin(final String name)
    {
        return Pattern.<Letter>begin(name).where(is(name));
    }

    static Pattern<Letter> begin(final String name, final AfterMatchSkipStrategy skip)
    {
        return Pattern.<Letter>begin(name, skip).where(is(name));
    }

    private static String word(final String name)
    {
        return name.replaceAll("[0-9]+$", "");
    }

    PatternVectors timed()
    {
        timed = true;
        return this;
    }

    PatternVectors timeouts()
    {
        timeouts = true;
        return this;
    }

    PatternVectors ordered()
    {
        order = EmitOrder.ORDERED;
        return this;
    }

    PatternVectors ties(final Comparator<Letter> comparator)
    {
        ties = comparator;
        return this;
    }

    PatternVectors limit(final int newPartials, final int newEvents, final LimitPolicy newPolicy)
    {
        partials = newPartials;
        events = newEvents;
        policy = newPolicy;
        return this;
    }

    PatternVectors late(final String tag)
    {
        late = tag;
        return this;
    }

    PatternVectors batch(final int records)
    {
        batch = records;
        return this;
    }

    PatternVectors room(final int records)
    {
        room = records;
        return this;
    }

    /** Takes a snapshot after every element, and goes on with a new operator. */
    PatternVectors restoring()
    {
        restoring = true;
        return this;
    }

    String run(final String vector)
    {
        open();
        try
        {
            for (final String element : vector.trim().split(" +", -1))
            {
                feed(element, vector.contains("W"));
                if (restoring)
                {
                    restore();
                }
            }
            collect();
        }
        finally
        {
            close();
        }
        return String.join(" ", found);
    }

    void open()
    {
        harness = newHarness();
        harness.open();
    }

    private OperatorHarness<LetterFlyweight, Found> newHarness()
    {
        backend = new WatchedState(true);
        final ToLongFunction<Letter> key = Letter::key;
        final CompiledPattern<Letter> compiled = CompiledPattern.of(pattern, Duration::toMillis);
        final SelectFunction<Letter, FoundFlyweight> text = (match, out) -> out.text(text(compiled, match));
        final FlatSelectFunction<Letter, FoundFlyweight> select = (match, out) ->
        {
            text.select(match, out.next());
            out.emit();
        };
        final PatternSettings<Letter> settings = new PatternSettings<>(compiled, ties, partials, events, policy, order,
            late, timeouts ? new TimedOutSelection<>(TIMED_OUT, text) : null);
        final OperatorFactory<Operator> factory = OperatorFactory.of(PatternOperator.class, LetterFlyweight.TYPE,
            FoundFlyweight.TYPE, OperatorFactory.of(LongKeyEncoder.class, LetterFlyweight.TYPE, key), select, settings);
        final OperatorHarness<LetterFlyweight, Found> made =
            OperatorHarness.of(factory, LetterFlyweight.TYPE, FoundFlyweight.TYPE).batches(batch).room(room)
            .stateBackend(backend).sideOutput(TIMED_OUT.name(), TIMED_OUT.type());
        return late.isEmpty() ? made : made.sideOutput(late, LetterFlyweight.TYPE);
    }

    private static String text(final CompiledPattern<Letter> compiled, final Match<Letter> match)
    {
        final StringBuilder text = new StringBuilder();
        for (final String name : compiled.names)
        {
            final MatchedEvents<Letter> matched = match.events(name);
            for (int i = 0; i < matched.count(); i++)
            {
                text.append(text.isEmpty() ? "" : " ").append(matched.get(i).name());
            }
        }
        return text.toString();
    }

    void feed(final String element, final boolean watermarks)
    {
        if (element.matches("W-?[0-9]+"))
        {
            watermark(Long.parseLong(element.substring(1)));
            return;
        }
        final int colon = element.indexOf(':');
        final int at = element.indexOf('@');
        final long key = colon < 0 ? 0 : element.charAt(0);
        final String name = element.substring(colon + 1, at < 0 ? element.length() : at);
        clock = at < 0 ? clock + 1 : Long.parseLong(element.substring(at + 1));
        final long time = clock;
        harness.push(time, letter -> letter.time(time).key(key).name(name));
        if (!watermarks)
        {
            watermark(Math.max(watermark, time));
        }
    }

    void watermark(final long time)
    {
        watermark = time;
        harness.watermark(time);
        collect();
    }

    private void collect()
    {
        harness.emitted(each -> "{" + each.text() + "}").forEach(each ->
            found.add(each.value() + (timed ? "@" + each.timestamp() : "")));
        harness.emitted(TIMED_OUT.name(), TIMED_OUT.type(), each -> "<" + each.text() + ">").forEach(each ->
            found.add(each.value() + (timed ? "@" + each.timestamp() : "")));
        if (!late.isEmpty())
        {
            harness.emitted(late, LetterFlyweight.TYPE, each -> "late " + each.name()).forEach(each ->
                found.add(each.value() + (timed ? "@" + each.timestamp() : "")));
        }
    }

    void restore()
    {
        collect();
        final OperatorSnapshot snapshot = harness.barrier();
        harness.close();
        restoreFrom(snapshot);
    }

    void restoreFrom(final OperatorSnapshot snapshot)
    {
        harness = newHarness();
        harness.restore(snapshot);
    }

    /** Rows of all tables. */
    long rows()
    {
        return backend.entries();
    }

    List<String> found()
    {
        return found;
    }

    OperatorHarness<LetterFlyweight, Found> harness()
    {
        return harness;
    }

    void close()
    {
        harness.close();
    }
}
