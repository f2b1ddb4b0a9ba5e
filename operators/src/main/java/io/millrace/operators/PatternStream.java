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
package io.millrace.operators;

import io.millrace.core.plan.PlanNode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.pattern.CompiledPattern;
import io.millrace.operators.pattern.EmitOrder;
import io.millrace.operators.pattern.FlatSelectFunction;
import io.millrace.operators.pattern.LimitPolicy;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.pattern.PatternOperator;
import io.millrace.operators.pattern.PatternSettings;
import io.millrace.operators.pattern.SelectFunction;
import io.millrace.operators.pattern.TimedOutSelection;

import java.util.Comparator;
import java.util.Objects;

/**
 * A keyed stream in which a pattern is looked for. What a key keeps is limited, and beyond that the policy says what is
 * done. A pattern whose partial matches may wait for ever, for want of a {@code within(...)}, reaches the limit sooner or
 * later: it is refused unless {@link #whenFull} was called.
 *
 * @param <V> read-only view of the records
 */
public final class PatternStream<V>
{
    private final KeyedStream<?, V> input;
    private final CompiledPattern<V> pattern;
    private Comparator<? super V> tieOrder;
    private int allowedPartialMatches = PatternSettings.DEFAULT_PARTIAL_MATCHES;
    private int allowedEvents = PatternSettings.DEFAULT_EVENTS;
    private LimitPolicy limitPolicy = LimitPolicy.FAIL;
    private boolean policyGiven;
    private EmitOrder emitOrder = EmitOrder.EAGER;
    private OutputTag<V, ?> lateTag;
    private TimedOutSelection<V, ?> timedOut;

    PatternStream(final KeyedStream<?, V> input, final Pattern<V> pattern)
    {
        KeyedStream.checkFixedLength("pattern", input.input().type());
        this.input = input;
        this.pattern = CompiledPattern.of(
            pattern, duration -> WindowedStream.units(input.input().pipeline(), "within", duration));
    }

    /**
     * Orders records of one time, which else are in the order of their arrival.
     *
     * @param comparator of the records; those that it takes for equal stay in the order of their arrival
     * @return this
     */
    public PatternStream<V> orderTiesBy(final Comparator<? super V> comparator)
    {
        tieOrder = Objects.requireNonNull(comparator, "comparator");
        return this;
    }

    /**
     * Limits the partial matches of a key, by default to {@value PatternSettings#DEFAULT_PARTIAL_MATCHES}.
     *
     * @param partialMatches 1 or more
     * @return this
     */
    public PatternStream<V> allowedPartialMatches(final int partialMatches)
    {
        allowedPartialMatches = partialMatches;
        return this;
    }

    /**
     * Limits the records that are kept for a key, those that wait for the watermark and those in partial matches, by
     * default to {@value PatternSettings#DEFAULT_EVENTS}. Records that change nothing, since they fulfil no condition of the
     * pattern and may lie anywhere between its steps, are not kept.
     *
     * @param events 1 or more
     * @return this
     */
    public PatternStream<V> allowedEvents(final int events)
    {
        allowedEvents = events;
        return this;
    }

    /**
     * Says what happens when a key has more than is allowed; by default the job fails.
     *
     * @param policy what happens
     * @return this
     */
    public PatternStream<V> whenFull(final LimitPolicy policy)
    {
        limitPolicy = policy;
        policyGiven = true;
        return this;
    }

    /**
     * Says when a match is emitted whose pattern skips what overlaps with matches; by default at once.
     *
     * @param order when
     * @return this
     */
    public PatternStream<V> emit(final EmitOrder order)
    {
        emitOrder = order;
        return this;
    }

    /**
     * Sends records that are too late to a side output, instead of dropping and counting them.
     *
     * @param tag of the side output
     * @return this
     */
    public PatternStream<V> sideOutputLateData(final OutputTag<V, ?> tag)
    {
        lateTag = tag;
        return this;
    }

    /**
     * Makes a record for a side output of each partial match that times out.
     *
     * @param tag      of the side output
     * @param function makes the record; the timestamp of the match is the time at which it was over
     * @param <X>      flyweight that writes it
     * @return this
     */
    public <X extends Flyweight> PatternStream<V> sideOutputTimedOut(
        final OutputTag<?, X> tag, final SelectFunction<V, ? super X> function)
    {
        timedOut = new TimedOutSelection<>(tag, function);
        return this;
    }

    /**
     * Makes a result of each match.
     *
     * @param outputType of the results
     * @param function   makes a result
     * @param <R>        read-only view of the results
     * @param <W>        flyweight that writes the results
     * @return the stream of the results; the timestamp of each is that of its match
     */
    public <R, W extends Flyweight> SingleOutputStream<R> select(
        final RecordType<R, W> outputType, final SelectFunction<V, ? super W> function)
    {
        return flatSelect(outputType, (match, out) ->
        {
            function.select(match, out.next());
            out.emit();
        });
    }

    /**
     * Makes any number of results of each match.
     *
     * @param outputType of the results
     * @param function   makes the results
     * @param <R>        read-only view of the results
     * @param <W>        flyweight that writes the results
     * @return the stream of the results; the timestamp of each is that of its match
     * @throws IllegalArgumentException when partial matches may wait for ever, and no policy was given
     */
    public <R, W extends Flyweight> SingleOutputStream<R> flatSelect(
        final RecordType<R, W> outputType, final FlatSelectFunction<V, W> function)
    {
        if (!policyGiven && pattern.waitsAt() != null)
        {
            throw new IllegalArgumentException("pattern=(" + pattern + ") may wait for ever at step=" + pattern.waitsAt() +
                ", and what waits is kept: limit its time by within(...), or say by whenFull(policy) what is done when a " +
                "key has more than allowedPartialMatches=" + allowedPartialMatches);
        }
        final PatternSettings<V> settings = new PatternSettings<>(pattern, tieOrder, allowedPartialMatches, allowedEvents,
            limitPolicy, emitOrder, lateTag == null ? "" : lateTag.name(), timedOut);
        final PlanNode node = input.attach("pattern", Operators.factory(PatternOperator.class, input.input().type(),
            outputType, input.encoder(), function, settings), outputType).withState().withEventTime();
        if (lateTag != null)
        {
            node.sideOutput(lateTag.name(), lateTag.type());
        }
        if (timedOut != null)
        {
            node.sideOutput(timedOut.tag().name(), timedOut.tag().type());
        }
        return new SingleOutputStream<>(input.input().pipeline(), node, outputType);
    }
}
