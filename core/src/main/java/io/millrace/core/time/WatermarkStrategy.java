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
package io.millrace.core.time;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Where a record's event time comes from, and how far event time has got. Immutable.
 * <p>
 * Evaluated after each record, by the records alone: a watermark is emitted when it has grown by the step.
 *
 * @param <V> read-only view of the records
 */
public final class WatermarkStrategy<V>
{
    private static final Duration DEFAULT_STEP = Duration.ofMillis(1);

    private final Duration outOfOrderness;
    private final Duration step;
    private final ToLongFunction<? super V> timestampAssigner;
    private final boolean ingestion;
    private final Duration idleness;
    private final Supplier<? extends WatermarkGenerator<? super V>> generators;
    private final WatermarkAlignment alignment;

    private WatermarkStrategy(
        final Duration outOfOrderness,
        final Duration step,
        final ToLongFunction<? super V> timestampAssigner,
        final boolean ingestion,
        final Duration idleness,
        final Supplier<? extends WatermarkGenerator<? super V>> generators,
        final WatermarkAlignment alignment)
    {
        this.ingestion = ingestion;
        this.idleness = idleness;
        this.outOfOrderness = outOfOrderness;
        this.step = step;
        this.timestampAssigner = timestampAssigner;
        this.generators = generators;
        this.alignment = alignment;
    }

    /**
     * After a record with timestamp t, none at or below t - bound - 1 is expected.
     *
     * @param bound by which a record may be behind the latest one, 0 or more
     * @param <V>   read-only view of the records
     * @return the strategy
     */
    public static <V> WatermarkStrategy<V> forBoundedOutOfOrderness(final Duration bound)
    {
        if (bound.isNegative())
        {
            throw new IllegalArgumentException("bound=" + bound + " of out-of-orderness must be 0 or more");
        }
        return new WatermarkStrategy<>(bound, DEFAULT_STEP, null, false, Duration.ZERO, null, null);
    }

    /**
     * Timestamps never go down.
     *
     * @param <V> read-only view of the records
     * @return the strategy
     */
    public static <V> WatermarkStrategy<V> forMonotonousTimestamps()
    {
        return forBoundedOutOfOrderness(Duration.ZERO);
    }

    /**
     * Watermarks come from a generator of the application's: of marks in the records (punctuated), or by any rule over
     * them. It is asked after each record, and what it emits is forwarded when it is strictly greater than the last one,
     * unless {@link #withStep} asks for more. What it remembers is a part of the snapshot, see {@link WatermarkGenerator}.
     *
     * @param supplier of generators, called once for each source instance and life of a job
     * @param <V>      read-only view of the records
     * @return the strategy
     */
    public static <V> WatermarkStrategy<V> forGenerator(final Supplier<? extends WatermarkGenerator<? super V>> supplier)
    {
        return new WatermarkStrategy<>(
            null, Duration.ZERO, null, false, Duration.ZERO, Objects.requireNonNull(supplier, "supplier"), null);
    }

    /**
     * Records have no event time; windows of event time are refused behind such a source.
     *
     * @param <V> read-only view of the records
     * @return the strategy
     */
    public static <V> WatermarkStrategy<V> noWatermarks()
    {
        return new WatermarkStrategy<>(null, DEFAULT_STEP, null, false, Duration.ZERO, null, null);
    }

    /**
     * The event time of a record is the engine's clock when it came in, in the pipeline's unit, and the watermark is one
     * behind it. A replay has the same times: they are part of the order log.
     *
     * @param <V> read-only view of the records
     * @return the strategy
     */
    public static <V> WatermarkStrategy<V> forIngestionTime()
    {
        return new WatermarkStrategy<>(Duration.ZERO, DEFAULT_STEP, null, true, Duration.ZERO, null, null);
    }

    /**
     * Takes event time from a function instead of the field marked {@link io.millrace.memory.record.EventTime}.
     *
     * @param assigner gives the event time in the pipeline's time unit
     * @return a new strategy
     */
    public WatermarkStrategy<V> withTimestampAssigner(final ToLongFunction<? super V> assigner)
    {
        if (ingestion)
        {
            throw new IllegalStateException("ingestion time is that of the engine's clock: it has no timestamp assigner");
        }
        return new WatermarkStrategy<>(outOfOrderness, step, Objects.requireNonNull(assigner, "assigner"), false, idleness,
            generators, alignment);
    }

    /**
     * Emits a watermark only when it has grown by so much; fewer watermarks cost less, and windows fire later.
     *
     * @param growth 0 or more; 0 emits at every growth; default 1 ms, with a generator 0
     * @return a new strategy
     */
    public WatermarkStrategy<V> withStep(final Duration growth)
    {
        if (growth.isNegative())
        {
            throw new IllegalArgumentException("step=" + growth + " of a watermark must be 0 or more");
        }
        return new WatermarkStrategy<>(outOfOrderness, growth, timestampAssigner, ingestion, idleness, generators, alignment);
    }

    /**
     * Takes a source as idle when no record has come for some time by the engine's clock: those downstream no longer wait
     * for its watermark, until a record comes (SEMANTICS WM-6 to WM-8). When all sources are idle event time stands
     * still. Both are part of the order log, so a replay has them at the same places.
     *
     * @param timeout a whole number of milliseconds, above 0
     * @return a new strategy
     */
    public WatermarkStrategy<V> withIdleness(final Duration timeout)
    {
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.toNanosPart() % 1_000_000 != 0)
        {
            throw new IllegalArgumentException("idleness=" + timeout +
                " must be a whole number of milliseconds above 0, as the engine's clock counts them");
        }
        return new WatermarkStrategy<>(outOfOrderness, step, timestampAssigner, ingestion, timeout, generators, alignment);
    }

    /**
     * Whether event time is the engine's clock at the entrance.
     *
     * @return true for {@link #forIngestionTime()}
     */
    public boolean ingestionTime()
    {
        return ingestion;
    }

    /**
     * After what time without records the source is idle.
     *
     * @return 0 for never
     */
    public Duration idleness()
    {
        return idleness;
    }

    /**
     * Whether the engine's clock decides anything.
     *
     * @return true for ingestion time and for idleness
     */
    public boolean usesClock()
    {
        return ingestion || !idleness.isZero();
    }

    /**
     * Has a source wait for others: it does not go on while its watermark is ahead of the least of its group by more than
     * a drift, so that what is kept until the watermarks of all have come stays small (SEMANTICS WM-13).
     * <p>
     * Each instance of a source is a member of its own. One counts from its first watermark on, until it has ended or
     * while it is not idle. A source that stays silent after its first watermark therefore holds the others of its group
     * up, as it holds up every watermark that is merged with its own; {@link Long#MIN_VALUE} is nobody's watermark.
     * <p>
     * Nothing can lock up: the member with the least watermark is never held up itself, whatever the drift is. One that
     * waits takes no new records and does all else: it sends what it has taken, answers barriers, and is for merges what a
     * source without input is, which they do not wait for. The others' progress is read and not sent to it, so there is no
     * interval as Flink's. Waiting changes only the order in which sources take turns, which the order log has: a replay
     * follows the log and does not wait.
     *
     * @param group    name that the sources of a group share
     * @param maxDrift by which the source may be ahead, 0 or more; each source of a group may have its own
     * @return a new strategy
     */
    public WatermarkStrategy<V> withWatermarkAlignment(final String group, final Duration maxDrift)
    {
        if (!emitsWatermarks())
        {
            throw new IllegalStateException("alignment group=" + group +
                " of a source without watermarks: there is nothing to align, give it a strategy that has some");
        }
        return new WatermarkStrategy<>(
            outOfOrderness, step, timestampAssigner, ingestion, idleness, generators, new WatermarkAlignment(group, maxDrift));
    }

    /**
     * Whether records have event time.
     *
     * @return false for {@link #noWatermarks()}
     */
    public boolean emitsWatermarks()
    {
        return outOfOrderness != null || generators != null;
    }

    /**
     * How far a record may be behind.
     *
     * @return the bound, or null without watermarks or with a generator
     */
    public Duration outOfOrderness()
    {
        return outOfOrderness;
    }

    /**
     * How much a watermark must have grown to be emitted.
     *
     * @return 0 or more
     */
    public Duration step()
    {
        return step;
    }

    /**
     * What gives event time.
     *
     * @return the function, or null for the field marked {@link io.millrace.memory.record.EventTime}
     */
    public ToLongFunction<? super V> timestampAssigner()
    {
        return timestampAssigner;
    }

    /**
     * What makes watermarks by rules of its own.
     *
     * @return the supplier of generators, or null for the bound
     */
    public Supplier<? extends WatermarkGenerator<? super V>> generators()
    {
        return generators;
    }

    /**
     * Whom a source waits for.
     *
     * @return the group and the drift, or null for nobody
     */
    public WatermarkAlignment alignment()
    {
        return alignment;
    }
}
