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

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.PlanNode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.function.OutputTag;
import io.millrace.operators.function.RankFunction;
import io.millrace.operators.function.RunningFunction;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.keyed.RunningOperator;
import io.millrace.operators.quantile.Histogram;
import io.millrace.operators.quantile.Quantiles;
import io.millrace.operators.ranking.Ranking;
import io.millrace.operators.ranking.TopOperator;
import io.millrace.operators.ranking.TopRecords;
import io.millrace.operators.selection.ConflateOperator;
import io.millrace.operators.selection.DeduplicateOperator;
import io.millrace.operators.selection.DistinctOperator;
import io.millrace.operators.selection.LatestRecord;
import io.millrace.operators.selection.LimitOperator;
import io.millrace.operators.window.TumblingWindow;
import io.millrace.operators.window.TumblingWindowOperator;

import java.time.Duration;
import java.util.function.ToLongFunction;

/**
 * What users of a keyed stream would otherwise write each time: duplicates, limits, conflation, rankings, quantiles.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the records
 */
abstract class KeyedOperators<K, V>
{
    KeyedOperators()
    {
    }

    /**
     * Lets a record of a key pass, and drops and counts those of the key that are less than the horizon away from it in
     * event time, behind it or before. So the first of a key passes, and of records in the order of time the next one at
     * {@code first + horizon} or after. Late records, at or behind the watermark, are dropped and counted too: what says
     * that they are duplicates may be forgotten. Keys are kept for up to two horizons.
     *
     * @param horizon above 0
     * @return the stream of the records that passed
     */
    public SingleOutputStream<V> deduplicate(final Duration horizon)
    {
        return select("deduplicate", Operators.factory(
            DeduplicateOperator.class, input().type(), encoder(), units("horizon", horizon), ""), true);
    }

    /**
     * {@link #deduplicate(Duration)}, which sends late records to a side output.
     *
     * @param horizon above 0
     * @param late    of the side output
     * @return the stream of the records that passed
     */
    public SingleOutputStream<V> deduplicate(final Duration horizon, final OutputTag<V, ?> late)
    {
        final SingleOutputStream<V> passed = select("deduplicate", Operators.factory(
            DeduplicateOperator.class, input().type(), encoder(), units("horizon", horizon), late.name()), true);
        passed.sideOutput(late);
        return passed;
    }

    /**
     * Lets the first record of each key pass, and drops and counts the others for ever. State grows with the number of
     * keys and is never given back: where they are unbounded, use {@link #deduplicate(Duration)}.
     *
     * @return the stream of the records that passed
     */
    public SingleOutputStream<V> deduplicate()
    {
        return select("deduplicate", Operators.factory(DistinctOperator.class, input().type(), encoder()), false);
    }

    /**
     * Lets the first records of each key and interval of event time pass, and drops and counts the others. Intervals are
     * those of tumbling windows. Records of an interval that the watermark has passed are late; they are dropped and
     * counted too.
     *
     * @param most     records of a key in an interval, above 0
     * @param interval above 0
     * @return the stream of the records that passed
     */
    public SingleOutputStream<V> limit(final long most, final Duration interval)
    {
        if (most <= 0)
        {
            throw new IllegalArgumentException("most=" + most + " records of a limit must be above 0");
        }
        return select("limit", Operators.factory(
            LimitOperator.class, input().type(), encoder(), most, units("interval", interval), ""), true);
    }

    /**
     * Passes on one record of each key and interval of event time at most: the one with the latest time; of several, the
     * one that came last. It goes when the watermark has passed the interval, which is the same in every run; intervals and
     * late records are those of tumbling windows.
     *
     * @param interval above 0
     * @return the stream of the last records; the timestamp of each is the last of its interval
     */
    public SingleOutputStream<V> conflate(final Duration interval)
    {
        KeyedStream.checkFixedLength("conflate", input().type());
        final AccumulateFunction<V, LatestRecord<V>> take = LatestRecord::take;
        final WindowFunction<K, LatestRecord<V>, Flyweight> copy = (key, window, last, out) -> last.copyTo(out);
        return select("conflate", Operators.factory(TumblingWindowOperator.class, input().type(),
            LatestRecord.type(input().type()), input().type(), encoder(), keyView(), take, copy,
            new TumblingWindow(units("interval", interval), 0, 0), ""), true);
    }

    /**
     * Passes on as many records as a consumer asks for, and the last one of each key in place of those that it was too slow
     * for: what waits for it is replaced by the next record of its key, in its place. The consumer's demand is a stream of
     * its own, from a source, so that a replay passes on the same records. One instance takes all keys. What waits at the
     * end of the input goes then. A record keeps its timestamp, and may be behind the watermark when it goes.
     *
     * @param demand stream of the same pipeline
     * @param amount reads for how many more records one of its records asks, 0 or more
     * @param <C>    read-only view of its records
     * @return the stream of the records that were asked for
     */
    public <C> SingleOutputStream<V> conflate(final DataStream<C> demand, final ToLongFunction<? super C> amount)
    {
        KeyedStream.checkFixedLength("conflate", input().type());
        if (demand.pipeline() != input().pipeline())
        {
            throw new IllegalArgumentException("conflate a stream of " + input().pipeline() + " by demand of " +
                demand.pipeline() + ": both must be of one pipeline");
        }
        final PlanNode node = attach("conflate", Operators.factory(
            ConflateOperator.class, input().type(), demand.type(), encoder(), amount), input().type()).withState();
        demand.feed(node, 1, Exchange.BROADCAST, null);
        return new SingleOutputStream<>(input().pipeline(), node.withOneInstance().parallelism(1), input().type());
    }

    /**
     * Keeps the first records of each key in the order of a ranking. A record that becomes one of them makes a result of
     * itself and one of each that it moves down, with the new ranks, the highest first. Records that rank alike are in the
     * order of their arrival.
     *
     * @param size     how many are kept, from 1; they are at most {@link TopRecords} of about 1,800 bytes
     * @param ranking  of the records, which must be of fixed length
     * @param type     of the results
     * @param function makes the result of a record and its rank
     * @param <R>      read-only view of the results
     * @param <W>      flyweight that writes the results
     * @return the stream of the ranks that change
     */
    public <R, W extends Flyweight> SingleOutputStream<R> topN(
        final int size,
        final Ranking<V> ranking,
        final RecordType<R, W> type,
        final RankFunction<? super V, ? super W> function)
    {
        KeyedStream.checkFixedLength("topN", input().type());
        final OperatorFactory<Operator> factory = Operators.factory(TopOperator.class, input().type(),
            TopRecords.type(size, input().type(), ranking, false), type, encoder(), function);
        return new SingleOutputStream<>(input().pipeline(), attach("top", factory, type).withState(), type);
    }

    /**
     * Counts a value of each record, and makes a result of the quantiles of its key after each.
     *
     * @param quantiles what is counted
     * @param type      of the results
     * @param function  reads the quantiles
     * @param <R>       read-only view of the results
     * @param <W>       flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> quantiles(
        final Quantiles<? super V> quantiles,
        final RecordType<R, W> type,
        final RunningFunction<? super K, ? super Histogram, ? super W> function)
    {
        return running("quantiles", quantiles.type(), type, quantiles.aggregate(), function);
    }

    /**
     * Adds every record to an accumulator of its key, all zeros at first, and makes a result of that after each.
     *
     * @param accumulatorType of what is kept for a key, which must be of fixed length
     * @param outputType      of the results
     * @param accumulate      adds a record to an accumulator
     * @param function        makes a result of it
     * @param <B>             read-only view of the accumulator
     * @param <A>             flyweight that writes the accumulator
     * @param <R>             read-only view of the results
     * @param <W>             flyweight that writes the results
     * @return the stream of the results
     */
    public <B, A extends Flyweight, R, W extends Flyweight> SingleOutputStream<R> accumulate(
        final RecordType<B, A> accumulatorType,
        final RecordType<R, W> outputType,
        final AccumulateFunction<? super V, ? super A> accumulate,
        final RunningFunction<? super K, ? super B, ? super W> function)
    {
        return running("accumulate", accumulatorType, outputType, accumulate, function);
    }

    private <B, A extends Flyweight, R, W extends Flyweight> SingleOutputStream<R> running(
        final String name,
        final RecordType<B, A> accumulatorType,
        final RecordType<R, W> outputType,
        final AccumulateFunction<? super V, ? super A> accumulate,
        final RunningFunction<? super K, ? super B, ? super W> function)
    {
        KeyedStream.checkFixedLength(name, accumulatorType);
        final PlanNode node = attach(name, Operators.factory(RunningOperator.class, input().type(), accumulatorType,
            outputType, encoder(), keyView(), accumulate, function), outputType).withState();
        return new SingleOutputStream<>(input().pipeline(), node, outputType);
    }

    private SingleOutputStream<V> select(
        final String name, final OperatorFactory<Operator> factory, final boolean byTime)
    {
        final PlanNode node = attach(name, factory, input().type()).withState();
        return new SingleOutputStream<>(input().pipeline(), byTime ? node.withEventTime() : node, input().type());
    }

    private long units(final String what, final Duration duration)
    {
        return WindowedStream.units(input().pipeline(), what, duration);
    }

    abstract PlanNode attach(String name, OperatorFactory<Operator> factory, RecordType<?, ?> type);

    abstract DataStream<V> input();

    abstract OperatorFactory<KeyEncoder> encoder();

    abstract OperatorFactory<KeyView<K>> keyView();
}
