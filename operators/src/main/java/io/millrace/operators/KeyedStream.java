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
import io.millrace.operators.function.ReduceFunction;
import io.millrace.operators.keyed.AccumulateOperator;
import io.millrace.operators.keyed.ConstantKeyEncoder;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.keyed.NoKeyView;
import io.millrace.operators.pattern.Pattern;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.process.KeyedProcessOperator;
import io.millrace.operators.process.ProbedFunctions;
import io.millrace.operators.trigger.CountEvictor;
import io.millrace.operators.trigger.CountTrigger;
import io.millrace.operators.trigger.ProcessingTimeTrigger;
import io.millrace.operators.trigger.PurgingTrigger;
import io.millrace.operators.window.triggered.GlobalWindowAssigner;
import io.millrace.operators.window.triggered.TimeWindowAssigner;

import java.time.Duration;
import java.util.function.ObjDoubleConsumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * A stream grouped by a key. Running aggregates emit after each record.
 * <p>
 * Floating-point numbers are ordered as {@link Double#compare} orders them: -0.0 is less than 0.0, and NaN is greater
 * than all others, so that a minimum passes over it.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the records
 */
public final class KeyedStream<K, V> extends KeyedOperators<K, V>
{
    private final DataStream<V> input;
    private final OperatorFactory<KeyEncoder> encoder;
    private final OperatorFactory<KeyView<K>> keyView;
    private final boolean oneKey;

    KeyedStream(
        final DataStream<V> input, final OperatorFactory<KeyEncoder> encoder, final OperatorFactory<KeyView<K>> keyView)
    {
        this(input, encoder, keyView, false);
    }

    private KeyedStream(
        final DataStream<V> input,
        final OperatorFactory<KeyEncoder> encoder,
        final OperatorFactory<KeyView<K>> keyView,
        final boolean oneKey)
    {
        this.input = input;
        this.encoder = encoder;
        this.keyView = keyView;
        this.oneKey = oneKey;
    }

    /** All records under one key, in one instance. */
    static <V> KeyedStream<Void, V> ofOneKey(final DataStream<V> input)
    {
        return new KeyedStream<>(
            input, Operators.encoder(ConstantKeyEncoder.class), Operators.keyView(NoKeyView.class), true);
    }

    /**
     * Combines all records of a key into one, the first being where it starts, and emits that after each.
     *
     * @param type     of the records, which must be of fixed length
     * @param function that combines
     * @param <W>      flyweight that writes them
     * @return the stream of the reduced records
     */
    public <W extends Flyweight> SingleOutputStream<V> reduce(
        final RecordType<V, W> type, final ReduceFunction<? super V, ? super W> function)
    {
        return running("reduce", type, function::reduce, true);
    }

    /**
     * Adds every record to an accumulator of its key, all zeros at first, and emits that after each.
     *
     * @param type     of the accumulator, which must be of fixed length
     * @param function that adds
     * @param <R>      read-only view of the accumulator
     * @param <A>      flyweight that writes it
     * @return the stream of the accumulators
     */
    public <R, A extends Flyweight> SingleOutputStream<R> accumulate(
        final RecordType<R, A> type, final AccumulateFunction<? super V, ? super A> function)
    {
        return running("accumulate", type, function, false);
    }

    /**
     * Sums a field of whole numbers or decimals; other fields are those of the key's first record. An overflow is an
     * error.
     *
     * @param type of the records
     * @param get  reads the field
     * @param set  writes it
     * @param <W>  flyweight that writes the records
     * @return the stream of running sums
     */
    public <W extends Flyweight> SingleOutputStream<V> sumLong(
        final RecordType<V, W> type, final ToLongFunction<? super V> get, final ObjLongConsumer<? super W> set)
    {
        return running("sum", type, (final W sum, final V record) ->
            set.accept(sum, addExact(get.applyAsLong(type.view(sum)), get.applyAsLong(record))), true);
    }

    /**
     * Sums a field of floating point; other fields are those of the key's first record.
     *
     * @param type of the records
     * @param get  reads the field
     * @param set  writes it
     * @param <W>  flyweight that writes the records
     * @return the stream of running sums
     */
    public <W extends Flyweight> SingleOutputStream<V> sumDouble(
        final RecordType<V, W> type, final ToDoubleFunction<? super V> get, final ObjDoubleConsumer<? super W> set)
    {
        return running("sum", type, (final W sum, final V record) ->
            set.accept(sum, get.applyAsDouble(type.view(sum)) + get.applyAsDouble(record)), true);
    }

    /**
     * The least value of a field; other fields are those of the key's first record.
     *
     * @param type of the records
     * @param get  reads the field
     * @param set  writes it
     * @param <W>  flyweight that writes the records
     * @return the stream of running minima
     */
    public <W extends Flyweight> SingleOutputStream<V> minLong(
        final RecordType<V, W> type, final ToLongFunction<? super V> get, final ObjLongConsumer<? super W> set)
    {
        return running("min", type, (final W least, final V record) ->
            set.accept(least, Math.min(get.applyAsLong(type.view(least)), get.applyAsLong(record))), true);
    }

    /**
     * The greatest value of a field; other fields are those of the key's first record.
     *
     * @param type of the records
     * @param get  reads the field
     * @param set  writes it
     * @param <W>  flyweight that writes the records
     * @return the stream of running maxima
     */
    public <W extends Flyweight> SingleOutputStream<V> maxLong(
        final RecordType<V, W> type, final ToLongFunction<? super V> get, final ObjLongConsumer<? super W> set)
    {
        return running("max", type, (final W greatest, final V record) ->
            set.accept(greatest, Math.max(get.applyAsLong(type.view(greatest)), get.applyAsLong(record))), true);
    }

    /**
     * The least value of a floating-point field; other fields are those of the key's first record.
     *
     * @param type of the records
     * @param get  reads the field
     * @param set  writes it
     * @param <W>  flyweight that writes the records
     * @return the stream of running minima
     */
    public <W extends Flyweight> SingleOutputStream<V> minDouble(
        final RecordType<V, W> type, final ToDoubleFunction<? super V> get, final ObjDoubleConsumer<? super W> set)
    {
        return running("min", type, (final W least, final V record) ->
            set.accept(least, least(get.applyAsDouble(type.view(least)), get.applyAsDouble(record))), true);
    }

    /**
     * The greatest value of a floating-point field; other fields are those of the key's first record.
     *
     * @param type of the records
     * @param get  reads the field
     * @param set  writes it
     * @param <W>  flyweight that writes the records
     * @return the stream of running maxima
     */
    public <W extends Flyweight> SingleOutputStream<V> maxDouble(
        final RecordType<V, W> type, final ToDoubleFunction<? super V> get, final ObjDoubleConsumer<? super W> set)
    {
        return running("max", type, (final W greatest, final V record) ->
            set.accept(greatest, greatest(get.applyAsDouble(type.view(greatest)), get.applyAsDouble(record))), true);
    }

    /**
     * The whole record with the least value of a field; of several, the first.
     *
     * @param type of the records
     * @param get  reads the field
     * @param <W>  flyweight that writes the records
     * @return the stream of the records that are least so far
     */
    public <W extends Flyweight> SingleOutputStream<V> minByLong(
        final RecordType<V, W> type, final ToLongFunction<? super V> get)
    {
        return running("minBy", type, (final W least, final V record) ->
        {
            if (get.applyAsLong(record) < get.applyAsLong(type.view(least)))
            {
                type.copy(record, least);
            }
        }, true);
    }

    /**
     * The whole record with the greatest value of a field; of several, the first.
     *
     * @param type of the records
     * @param get  reads the field
     * @param <W>  flyweight that writes the records
     * @return the stream of the records that are greatest so far
     */
    public <W extends Flyweight> SingleOutputStream<V> maxByLong(
        final RecordType<V, W> type, final ToLongFunction<? super V> get)
    {
        return running("maxBy", type, (final W greatest, final V record) ->
        {
            if (get.applyAsLong(record) > get.applyAsLong(type.view(greatest)))
            {
                type.copy(record, greatest);
            }
        }, true);
    }

    /**
     * The whole record with the least value of a floating-point field; of several, the first.
     *
     * @param type of the records
     * @param get  reads the field
     * @param <W>  flyweight that writes the records
     * @return the stream of the records that are least so far
     */
    public <W extends Flyweight> SingleOutputStream<V> minByDouble(
        final RecordType<V, W> type, final ToDoubleFunction<? super V> get)
    {
        return running("minBy", type, (final W least, final V record) ->
        {
            if (Double.compare(get.applyAsDouble(record), get.applyAsDouble(type.view(least))) < 0)
            {
                type.copy(record, least);
            }
        }, true);
    }

    /**
     * The whole record with the greatest value of a floating-point field; of several, the first.
     *
     * @param type of the records
     * @param get  reads the field
     * @param <W>  flyweight that writes the records
     * @return the stream of the records that are greatest so far
     */
    public <W extends Flyweight> SingleOutputStream<V> maxByDouble(
        final RecordType<V, W> type, final ToDoubleFunction<? super V> get)
    {
        return running("maxBy", type, (final W greatest, final V record) ->
        {
            if (Double.compare(get.applyAsDouble(record), get.applyAsDouble(type.view(greatest))) > 0)
            {
                type.copy(record, greatest);
            }
        }, true);
    }

    private static long addExact(final long sum, final long value)
    {
        final long result = sum + value;
        if (((sum ^ result) & (value ^ result)) < 0)
        {
            throw new ArithmeticException("sum=" + sum + " and value=" + value + " are more than a long holds: sum in a " +
                "coarser unit or scale, or in two fields with accumulate(...)");
        }
        return result;
    }

    private static double least(final double one, final double other)
    {
        return Double.compare(other, one) < 0 ? other : one;
    }

    private static double greatest(final double one, final double other)
    {
        return Double.compare(other, one) > 0 ? other : one;
    }

    private <R, A extends Flyweight> SingleOutputStream<R> running(
        final String name,
        final RecordType<R, A> type,
        final AccumulateFunction<? super V, ? super A> function,
        final boolean startWithFirst)
    {
        checkFixedLength(name, type);
        final OperatorFactory<Operator> factory =
            Operators.factory(AccumulateOperator.class, input.type(), type, encoder, function, startWithFirst);
        final PlanNode node = attach(name, factory, type).withState();
        return new SingleOutputStream<>(input.pipeline(), node, type);
    }

    static void checkFixedLength(final String name, final RecordType<?, ?> type)
    {
        if (!type.fixedLength())
        {
            throw new IllegalArgumentException("record=" + type + " kept by " + name +
                " has variable length (blockLength=" +
                type.blockLength() + " maxLength=" + type.maxLength() + "): keep a record without @VarBytes fields");
        }
    }

    /**
     * Groups each key's records by windows of event time.
     *
     * @param windows how time is cut
     * @return the windowed stream
     */
    public TumblingWindowedStream<K, V> window(final TumblingEventTimeWindows windows)
    {
        return new TumblingWindowedStream<>(this, windows);
    }

    /**
     * Groups each key's records by sessions of event time.
     *
     * @param windows what ends a session
     * @return the windowed stream
     */
    public SessionWindowedStream<K, V> window(final EventTimeSessionWindows windows)
    {
        return new SessionWindowedStream<>(this, windows, false);
    }

    /**
     * Groups each key's records by sessions of processing time.
     *
     * @param windows what ends a session
     * @return the windowed stream
     */
    public SessionWindowedStream<K, V> window(final ProcessingTimeSessionWindows windows)
    {
        return new SessionWindowedStream<>(this, windows.windows(), true);
    }

    /**
     * Puts all of a key's records into one window, which fires when its trigger says so.
     *
     * @param windows the window
     * @return the windowed stream
     */
    public TriggeredWindowedStream<K, V> window(final GlobalWindows windows)
    {
        return new TriggeredWindowedStream<>(this, new GlobalWindowAssigner(), windows.trigger());
    }

    /**
     * Groups each key's records by their number (SEMANTICS WIN-13). Those that are left at the end are never seen.
     *
     * @param size records of a window
     * @return the windowed stream
     */
    public TriggeredWindowedStream<K, V> countWindow(final long size)
    {
        return window(GlobalWindows.create()).trigger(PurgingTrigger.of(CountTrigger.of(size)));
    }

    /**
     * Groups each key's last records, at every so many of them (SEMANTICS WIN-13).
     *
     * @param size  the most records of a window
     * @param slide records from window to window
     * @return the windowed stream
     */
    public TriggeredWindowedStream<K, V> countWindow(final long size, final long slide)
    {
        return window(GlobalWindows.create()).evictor(CountEvictor.of(size)).trigger(CountTrigger.of(slide));
    }

    /**
     * Groups each key's records by windows of event time that overlap, or leave gaps.
     *
     * @param windows how time is cut
     * @return the windowed stream
     */
    public SlidingWindowedStream<K, V> window(final SlidingEventTimeWindows windows)
    {
        return new SlidingWindowedStream<>(this, windows);
    }

    /**
     * Groups each key's records by windows of processing time.
     *
     * @param windows how time is cut
     * @return the windowed stream
     */
    public TriggeredWindowedStream<K, V> window(final TumblingProcessingTimeWindows windows)
    {
        return processingTimeWindows(windows.size(), windows.size(), windows.offset());
    }

    /**
     * Groups each key's records by windows of processing time that overlap, or leave gaps.
     *
     * @param windows how time is cut
     * @return the windowed stream
     */
    public TriggeredWindowedStream<K, V> window(final SlidingProcessingTimeWindows windows)
    {
        return processingTimeWindows(windows.size(), windows.slide(), windows.offset());
    }

    private TriggeredWindowedStream<K, V> processingTimeWindows(
        final Duration size, final Duration slide, final Duration offset)
    {
        final Pipeline pipeline = input.pipeline();
        return new TriggeredWindowedStream<>(this, new TimeWindowAssigner(WindowedStream.units(pipeline, "size", size),
            WindowedStream.units(pipeline, "slide", slide), WindowedStream.units(pipeline, "offset", offset), true),
            ProcessingTimeTrigger.create());
    }

    /**
     * Runs a function with state and timers by key.
     *
     * @param type      of the results
     * @param functions make one function for each parallel instance
     * @param <R>       read-only view of the results
     * @param <W>       flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> process(
        final RecordType<R, W> type, final Supplier<? extends KeyedProcessFunction<K, V, W>> functions)
    {
        final ProbedFunctions<KeyedProcessFunction<K, V, W>> probed = new ProbedFunctions<>(functions);
        final OperatorFactory<Operator> factory = Operators.factory(
            KeyedProcessOperator.class, input.type(), type, encoder, keyView, probed);
        final PlanNode node = attach("process", factory, type).withState();
        return new SingleOutputStream<>(
            input.pipeline(), probed.probe().usesProcessingTime() ? node.withProcessingTime() : node, type);
    }

    /**
     * Puts another stream with the same kind of key beside this one.
     *
     * @param other stream of the same pipeline
     * @param <U>   read-only view of its records
     * @return both
     */
    public <U> ConnectedStreams<K, V, U> connect(final KeyedStream<K, U> other)
    {
        return new ConnectedStreams<>(this, other);
    }

    /**
     * Puts a stream that every instance gets all of beside this one.
     *
     * @param other stream of the same pipeline
     * @param <U>   read-only view of its records
     * @return both
     */
    public <U> KeyedBroadcastConnectedStreams<K, V, U> connect(final BroadcastStream<U> other)
    {
        return new KeyedBroadcastConnectedStreams<>(this, other);
    }

    /**
     * Looks for a pattern in each key's records, by event time.
     *
     * @param pattern to look for
     * @return the stream of its matches
     */
    public PatternStream<V> pattern(final Pattern<V> pattern)
    {
        return new PatternStream<>(this, pattern);
    }

    @Override
    PlanNode attach(final String name, final OperatorFactory<Operator> factory, final RecordType<?, ?> type)
    {
        final PlanNode node = input.attach(name, factory, type, Exchange.HASH, encoder);
        return oneKey ? node.withOneInstance().parallelism(1) : node;
    }

    @Override
    DataStream<V> input()
    {
        return input;
    }

    @Override
    OperatorFactory<KeyEncoder> encoder()
    {
        return encoder;
    }

    @Override
    OperatorFactory<KeyView<K>> keyView()
    {
        return keyView;
    }
}
