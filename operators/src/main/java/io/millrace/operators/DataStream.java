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
import io.millrace.core.operator.StreamSink;
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.function.CompositeKey;
import io.millrace.operators.function.CompositeKeySelector;
import io.millrace.operators.function.FilterFunction;
import io.millrace.operators.function.FlatMapFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.function.MapFunction;
import io.millrace.operators.keyed.CompositeKeyEncoder;
import io.millrace.operators.keyed.CompositeKeyView;
import io.millrace.operators.keyed.LongKeyEncoder;
import io.millrace.operators.keyed.LongKeyView;
import io.millrace.operators.keyed.TextKeyEncoder;
import io.millrace.operators.keyed.TextKeyView;
import io.millrace.operators.process.ProcessFunction;
import io.millrace.operators.process.ProcessOperator;
import io.millrace.operators.selection.EveryNthOperator;
import io.millrace.operators.selection.HashSample;
import io.millrace.operators.transform.FilterOperator;
import io.millrace.operators.transform.FlatMapOperator;
import io.millrace.operators.transform.MapOperator;
import io.millrace.operators.transform.UnionOperator;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * A stream of records of one type.
 *
 * @param <V> read-only view of the records
 */
public class DataStream<V>
{
    private final Pipeline pipeline;
    private final PlanNode node;
    private final String tag;
    private final RecordType<V, ?> type;
    private final Exchange exchange;

    DataStream(
        final Pipeline pipeline, final PlanNode node, final String tag, final RecordType<V, ?> type,
        final Exchange exchange)
    {
        this.pipeline = pipeline;
        this.node = node;
        this.tag = tag;
        this.type = type;
        this.exchange = exchange;
    }

    /**
     * Keeps the records that a function says.
     *
     * @param function that decides
     * @return the stream of what is kept
     */
    public SingleOutputStream<V> filter(final FilterFunction<? super V> function)
    {
        return then("filter", Operators.factory(FilterOperator.class, type, function), type);
    }

    /**
     * Keeps one record in so many, counted by each parallel instance for itself: which ones depends on how records are
     * dealt to the instances.
     *
     * @param step records from one that is kept to the next: the first kept is the one of this number
     * @return the stream of what is kept
     */
    public SingleOutputStream<V> sampleEvery(final long step)
    {
        final SingleOutputStream<V> kept = then("sample", Operators.factory(EveryNthOperator.class, step), type);
        kept.node().withState();
        return kept;
    }

    /**
     * Keeps a part of the records by a hash of a text: all or none of those with one text, the same in every run and for
     * any number of threads.
     *
     * @param fraction of the texts that are kept, from 0 to 1
     * @param seed     samples with different seeds keep different texts
     * @param selector gives the text, never null
     * @return the stream of what is kept
     */
    public SingleOutputStream<V> sample(
        final double fraction, final long seed, final Function<? super V, ? extends CharSequence> selector)
    {
        return filter(HashSample.ofText(fraction, seed, selector)).name("sample");
    }

    /**
     * Keeps a part of the records by a hash of a number: all or none of those with one number, the same in every run and
     * for any number of threads.
     *
     * @param fraction of the numbers that are kept, from 0 to 1
     * @param seed     samples with different seeds keep different numbers
     * @param selector gives the number
     * @return the stream of what is kept
     */
    public SingleOutputStream<V> sampleByLong(
        final double fraction, final long seed, final ToLongFunction<? super V> selector)
    {
        return filter(HashSample.ofLong(fraction, seed, selector)).name("sample");
    }

    /**
     * Makes one record out of each.
     *
     * @param outputType of the results
     * @param function   that makes them
     * @param <R>        read-only view of the results
     * @param <W>        flyweight that writes them
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> map(
        final RecordType<R, W> outputType, final MapFunction<? super V, ? super W> function)
    {
        return then("map", Operators.factory(MapOperator.class, type, outputType, function), outputType);
    }

    /**
     * Makes any number of records out of each.
     *
     * @param outputType of the results
     * @param function   that makes them
     * @param <R>        read-only view of the results
     * @param <W>        flyweight that writes them
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> flatMap(
        final RecordType<R, W> outputType, final FlatMapFunction<? super V, W> function)
    {
        return then("flatMap", Operators.factory(FlatMapOperator.class, type, outputType, function), outputType);
    }

    /**
     * Joins streams of the same type into one.
     *
     * @param others streams of this pipeline
     * @return the stream of all records
     */
    @SafeVarargs
    public final SingleOutputStream<V> union(final DataStream<V>... others)
    {
        final SingleOutputStream<V> all = then("union", OperatorFactory.of(UnionOperator.class), type);
        for (final DataStream<V> other : others)
        {
            if (other.pipeline != pipeline)
            {
                throw new IllegalArgumentException("union of " + pipeline + " with a stream of " + other.pipeline +
                    ": both must be of one pipeline");
            }
            pipeline.builder().connect(other.node, other.tag, all.node(), other.exchange, null);
        }
        return all;
    }

    /**
     * Gives the records event time anew, and makes watermarks of that: by the function of the strategy, else of the field
     * marked {@link io.millrace.memory.record.EventTime}, else they keep the timestamp that they have, as results of
     * windows do. The watermarks that come are dropped, except that of the end, and so is the idleness of sources
     * (SEMANTICS WM-12): what is late by the old event time may be in time by the new one, and the other way round.
     * <p>
     * It begins a task of its own, which gives each watermark its place directly behind the record that it comes of.
     *
     * @param strategy of the event time; it cannot align, as only a source can wait
     * @return the stream of the same records
     */
    public SingleOutputStream<V> assignTimestampsAndWatermarks(final WatermarkStrategy<? super V> strategy)
    {
        final SingleOutputStream<V> assigned =
            then("timestamps", EventTimes.factory(type, strategy, pipeline.timeUnit()), type);
        assigned.node().withWatermarks(strategy).withState().startNewChain();
        return assigned;
    }

    /**
     * Groups by a text of at most 32 bytes in UTF-8.
     *
     * @param selector gives the key, never null and never empty: a text field that was not set is empty
     * @return the keyed stream
     */
    public KeyedStream<CharSequence, V> keyBy(final Function<? super V, ? extends CharSequence> selector)
    {
        return keyed(Operators.encoder(TextKeyEncoder.class, type, selector), Operators.keyView(TextKeyView.class));
    }

    /**
     * Groups by a long.
     *
     * @param selector gives the key
     * @return the keyed stream
     */
    public KeyedStream<LongKey, V> keyByLong(final ToLongFunction<? super V> selector)
    {
        return keyed(Operators.encoder(LongKeyEncoder.class, type, selector), Operators.keyView(LongKeyView.class));
    }

    /**
     * Groups by several parts, of at most 32 bytes in all.
     *
     * @param selector writes the parts
     * @return the keyed stream
     */
    public KeyedStream<CompositeKey, V> keyByComposite(final CompositeKeySelector<? super V> selector)
    {
        return keyed(Operators.encoder(CompositeKeyEncoder.class, type, selector),
            Operators.keyView(CompositeKeyView.class));
    }

    /**
     * Puts an operator of your own behind this stream.
     *
     * @param name       for people, and where no uid is given for the state
     * @param factory    of the operator
     * @param outputType of its results
     * @param <R>        read-only view of the results
     * @return the stream of the results
     */
    public <R> SingleOutputStream<R> transform(
        final String name, final OperatorFactory<Operator> factory, final RecordType<R, ?> outputType)
    {
        final SingleOutputStream<R> results = then(name, factory, outputType);
        results.node().withState();
        return results;
    }

    private <K> KeyedStream<K, V> keyed(
        final OperatorFactory<KeyEncoder> encoder,
        final OperatorFactory<io.millrace.operators.keyed.KeyView<K>> keyView)
    {
        return new KeyedStream<>(this, encoder, keyView);
    }

    /**
     * Groups all records by windows of event time, in one instance (SEMANTICS WIN-20).
     *
     * @param windows how time is cut
     * @return the windowed stream; the key that its functions are handed is null
     */
    public TumblingWindowedStream<Void, V> windowAll(final TumblingEventTimeWindows windows)
    {
        return KeyedStream.ofOneKey(this).window(windows);
    }

    /**
     * Groups all records by windows of event time that overlap, in one instance.
     *
     * @param windows how time is cut
     * @return the windowed stream; the key that its functions are handed is null
     */
    public SlidingWindowedStream<Void, V> windowAll(final SlidingEventTimeWindows windows)
    {
        return KeyedStream.ofOneKey(this).window(windows);
    }

    /**
     * Groups all records by sessions of event time, in one instance.
     *
     * @param windows what ends a session
     * @return the windowed stream; the key that its functions are handed is null
     */
    public SessionWindowedStream<Void, V> windowAll(final EventTimeSessionWindows windows)
    {
        return KeyedStream.ofOneKey(this).window(windows);
    }

    /**
     * Groups all records by windows of processing time, in one instance.
     *
     * @param windows how time is cut
     * @return the windowed stream; the key that its functions are handed is null
     */
    public TriggeredWindowedStream<Void, V> windowAll(final TumblingProcessingTimeWindows windows)
    {
        return KeyedStream.ofOneKey(this).window(windows);
    }

    /**
     * Groups all records by windows of processing time that overlap, in one instance.
     *
     * @param windows how time is cut
     * @return the windowed stream; the key that its functions are handed is null
     */
    public TriggeredWindowedStream<Void, V> windowAll(final SlidingProcessingTimeWindows windows)
    {
        return KeyedStream.ofOneKey(this).window(windows);
    }

    /**
     * Groups all records by sessions of processing time, in one instance.
     *
     * @param windows what ends a session
     * @return the windowed stream; the key that its functions are handed is null
     */
    public SessionWindowedStream<Void, V> windowAll(final ProcessingTimeSessionWindows windows)
    {
        return KeyedStream.ofOneKey(this).window(windows);
    }

    /**
     * Puts all records into one window, in one instance.
     *
     * @param windows the window
     * @return the windowed stream; the key that its functions are handed is null
     */
    public TriggeredWindowedStream<Void, V> windowAll(final GlobalWindows windows)
    {
        return KeyedStream.ofOneKey(this).window(windows);
    }

    /**
     * Groups all records by their number, in one instance.
     *
     * @param size records of a window
     * @return the windowed stream; the key that its functions are handed is null
     */
    public TriggeredWindowedStream<Void, V> countWindowAll(final long size)
    {
        return KeyedStream.ofOneKey(this).countWindow(size);
    }

    /**
     * Groups the last of all records, at every so many of them, in one instance.
     *
     * @param size  the most records of a window
     * @param slide records from window to window
     * @return the windowed stream; the key that its functions are handed is null
     */
    public TriggeredWindowedStream<Void, V> countWindowAll(final long size, final long slide)
    {
        return KeyedStream.ofOneKey(this).countWindow(size, slide);
    }

    /**
     * Deals the records in turn to the instances of the next operator.
     *
     * @return this stream, dealt so
     */
    public DataStream<V> rebalance()
    {
        return new DataStream<>(pipeline, node, tag, type, Exchange.REBALANCE);
    }

    /**
     * Gives every record to every instance of the next operator.
     *
     * @return this stream, dealt so
     */
    public BroadcastStream<V> broadcast()
    {
        return new BroadcastStream<>(pipeline, node, tag, type);
    }

    /**
     * Runs a function with side outputs, time, and state of its instance.
     *
     * @param outputType of the results
     * @param functions  make one function for each parallel instance
     * @param <R>        read-only view of the results
     * @param <W>        flyweight that writes the results
     * @return the stream of the results
     */
    public <R, W extends Flyweight> SingleOutputStream<R> process(
        final RecordType<R, W> outputType, final Supplier<? extends ProcessFunction<V, W>> functions)
    {
        final SingleOutputStream<R> results =
            then("process", Operators.factory(ProcessOperator.class, type, outputType, functions), outputType);
        results.node().withState();
        return results;
    }

    /**
     * Puts another stream beside this one; {@code keyBy} both first for state and timers by key.
     *
     * @param other stream of the same pipeline
     * @param <U>   read-only view of its records
     * @return both
     */
    public <U> ConnectedDataStreams<V, U> connect(final DataStream<U> other)
    {
        return new ConnectedDataStreams<>(this, other);
    }

    /**
     * Puts a stream that every instance gets all of beside this one.
     *
     * @param other stream of the same pipeline
     * @param <U>   read-only view of its records
     * @return both
     */
    public <U> BroadcastConnectedStreams<V, U> connect(final BroadcastStream<U> other)
    {
        return new BroadcastConnectedStreams<>(this, other);
    }

    /**
     * Ends the stream in a sink.
     *
     * @param sink     that takes the records
     * @param sinkName unique in the pipeline
     * @return the sink, to be given a uid or a parallelism
     */
    public SinkHandle sink(final StreamSink<? super V> sink, final String sinkName)
    {
        final PlanNode sinkNode = attach(sinkName, sinkFactory(sink), null, exchange, null);
        if (!sink.parallel())
        {
            sinkNode.withOneInstance();
        }
        return new SinkHandle(sinkNode);
    }

    /**
     * Ends the stream in a sink that is named after what it is.
     *
     * @param sink that takes the records
     * @return the sink, to be given a name, a uid or a parallelism
     */
    public SinkHandle sink(final StreamSink<? super V> sink)
    {
        return sink(sink, "sink");
    }

    @SuppressWarnings("unchecked")
    private OperatorFactory<Operator> sinkFactory(final StreamSink<? super V> sink)
    {
        return ((StreamSink<Object>)Objects.requireNonNull(sink, "sink")).factory((RecordType<Object, ?>)type);
    }

    final <R> SingleOutputStream<R> then(
        final String name, final OperatorFactory<Operator> factory, final RecordType<R, ?> outputType)
    {
        return new SingleOutputStream<>(pipeline, attach(name, factory, outputType, exchange, null), outputType);
    }

    /**
     * Puts a table beside this stream, which has the latest record of each key of another stream; the key is a text.
     *
     * @param table    stream of the same pipeline, with records of fixed length; every instance gets all of it
     * @param key      gives the key of a record of this stream, never null and never empty
     * @param tableKey gives the key of a record of the table, never null and never empty
     * @param <U>      read-only view of the table's records
     * @return both, to be told what to make of a record and the latest of its key
     */
    public <U> EnrichedStream<V, U> enrich(
        final DataStream<U> table,
        final Function<? super V, ? extends CharSequence> key,
        final Function<? super U, ? extends CharSequence> tableKey)
    {
        return new EnrichedStream<>(this, table, Operators.encoder(TextKeyEncoder.class, type, key),
            Operators.encoder(TextKeyEncoder.class, table.type, tableKey), record -> false);
    }

    /**
     * Puts a table beside this stream, which has the latest record of each key of another stream; the key is a long.
     *
     * @param table    stream of the same pipeline, with records of fixed length; every instance gets all of it
     * @param key      gives the key of a record of this stream
     * @param tableKey gives the key of a record of the table
     * @param <U>      read-only view of the table's records
     * @return both, to be told what to make of a record and the latest of its key
     */
    public <U> EnrichedStream<V, U> enrichByLong(
        final DataStream<U> table, final ToLongFunction<? super V> key, final ToLongFunction<? super U> tableKey)
    {
        return new EnrichedStream<>(this, table, Operators.encoder(LongKeyEncoder.class, type, key),
            Operators.encoder(LongKeyEncoder.class, table.type, tableKey), record -> false);
    }

    /** An operator with state, of this stream and another one. */
    <R> SingleOutputStream<R> thenWith(
        final DataStream<?> other,
        final String name,
        final OperatorFactory<Operator> factory,
        final RecordType<R, ?> outputType)
    {
        final SingleOutputStream<R> results = then(name, factory, outputType);
        results.node().withState();
        other.feed(results.node(), 1, other.exchange, null);
        return results;
    }

    void checkPipeline(final String what, final DataStream<?> other)
    {
        if (other.pipeline != pipeline)
        {
            throw new IllegalArgumentException(what + " of " + pipeline + " with one of " + other.pipeline +
                ": both must be of one pipeline");
        }
    }

    PlanNode attach(
        final String name,
        final OperatorFactory<Operator> factory,
        final RecordType<?, ?> outputType,
        final Exchange by,
        final OperatorFactory<KeyEncoder> encoder)
    {
        final PlanNode next = pipeline.builder().operator(name, factory, outputType, node.parallelism());
        pipeline.builder().connect(node, tag, next, by, encoder);
        return next;
    }

    /** Leads the stream into one of several inputs of an operator that is there already. */
    void feed(final PlanNode next, final int index, final Exchange by, final OperatorFactory<KeyEncoder> encoder)
    {
        pipeline.builder().connect(node, tag, next, index, by, encoder);
    }

    Pipeline pipeline()
    {
        return pipeline;
    }

    PlanNode node()
    {
        return node;
    }

    RecordType<V, ?> type()
    {
        return type;
    }
}
