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
package io.millrace.samples.replay;

import io.millrace.checkpoint.connector.ChronicleQueueSink;
import io.millrace.checkpoint.connector.ChronicleQueueSource;
import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalWriter;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.DataStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.TumblingEventTimeWindows;
import io.millrace.operators.TumblingProcessingTimeWindows;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.FlatMapFunction;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * A pipeline whose sources, stages and parallelism a seed decides, and which may have a fault.
 * <pre>
 *   source-0 (.. source-2) union  shape  [window] [timers] [join] [processing time]  union  all  sink
 * </pre>
 */
final class RandomPipeline
{
    static final String OUTPUT = "totals";

    private static final int KEYS = 13;
    /** An event that is unlike the others: what is wrong with {@link Fault#CONSTANT} shows behind the first third. */
    private static final int RARE = 7;

    private final int sources;
    private final int parallelism;
    private final boolean windows;
    private final boolean timers;
    private final boolean joins;
    private final boolean processingTime;
    private final int perSource;

    RandomPipeline(final long seed, final int records)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        sources = 1 + random.nextInt(3);
        parallelism = 1 + random.nextInt(4);
        timers = random.nextBoolean();
        joins = random.nextBoolean();
        processingTime = random.nextInt(3) == 0;
        windows = !timers && !joins || random.nextBoolean();
        perSource = records / sources;
    }

    List<String> sources()
    {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < sources; i++)
        {
            names.add("source-" + i);
        }
        return names;
    }

    boolean single()
    {
        return sources == 1 && !processingTime;
    }

    @Override
    public String toString()
    {
        return "sources=" + sources + " parallelism=" + parallelism + " windows=" + windows + " timers=" + timers + " joins=" +
            joins + " processingTime=" + processingTime;
    }

    /** Writes the journals; ingress times are a microsecond of every event's millisecond. */
    void writeInputs(final Path directory, final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        for (final String name : sources())
        {
            final EventFlyweight event = new EventFlyweight();
            try (JournalWriter writer = JournalWriter.open(new JournalContext().directory(directory.resolve(name))
                .recordType(EventFlyweight.TYPE).account(new MemoryAccount("events"))))
            {
                for (int i = 0; i < perSource; i++)
                {
                    final int length = EventFlyweight.TYPE.blockLength();
                    final long slot = writer.claim(length);
                    SlotDescriptor.timestamp(slot, 0);
                    SlotDescriptor.ingressTime(slot, i * 10_000L);
                    event.wrap(slot + SlotDescriptor.HEADER_LENGTH, length);
                    event.time(i * 10L + random.nextInt(30)).key(random.nextInt(KEYS)).amount(1 + random.nextInt(1_000));
                    writer.commit();
                    if (random.nextInt(50) == 0)
                    {
                        writer.flush();
                    }
                }
                writer.end();
            }
        }
    }

    Pipeline pipeline(final UnaryOperator<Path> input, final Path output, final Fault fault)
    {
        final Pipeline pipeline = Pipeline.create("random");
        final List<DataStream<Event>> streams = new ArrayList<>();
        for (final String name : sources())
        {
            streams.add(pipeline.source(ChronicleQueueSource.of(input.apply(Path.of(name)), EventFlyweight.TYPE),
                WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(40)), name));
        }
        final DataStream<Event> shaped = union(streams)
            .flatMap(EventFlyweight.TYPE, new Shape(fault, perSource * 10L / 3)).name("shape").uid("shape").parallelism(1);
        final List<DataStream<Total>> totals = new ArrayList<>();
        if (windows)
        {
            totals.add(windows(shaped));
        }
        if (timers)
        {
            totals.add(shaped.keyByLong(Event::key)
                .process(TotalFlyweight.TYPE, Timing::new).name("timers").uid("timers").parallelism(parallelism));
        }
        if (joins)
        {
            totals.add(join(shaped, streams.get(streams.size() - 1)));
        }
        if (processingTime)
        {
            totals.add(shaped.keyByLong(Event::key).window(TumblingProcessingTimeWindows.of(Duration.ofMillis(2)))
                .aggregate(TotalFlyweight.TYPE, TotalFlyweight.TYPE,
                    (sum, event) -> sum.sum(sum.sum() + event.amount()).count(sum.count() + 1),
                    (key, window, sum, total) -> total.time(window.end()).key(key.value()).sum(sum.sum()).count(sum.count()).stage(4))
                .name("processing time").uid("processing-time").parallelism(parallelism));
        }
        union(totals).rebalance().filter(total -> true).name("all").uid("all").parallelism(1)
            .sink(ChronicleQueueSink.exactlyOnce(output, TotalFlyweight.TYPE), OUTPUT);
        return pipeline;
    }

    private DataStream<Total> windows(final DataStream<Event> events)
    {
        return events.keyByLong(Event::key).window(TumblingEventTimeWindows.of(Duration.ofMillis(500)))
            .aggregate(TotalFlyweight.TYPE, TotalFlyweight.TYPE,
                (sum, event) -> sum.sum(sum.sum() + event.amount()).count(sum.count() + 1),
                (key, window, sum, total) -> total.time(window.end()).key(key.value()).sum(sum.sum()).count(sum.count()).stage(1))
            .name("windows").uid("windows").parallelism(parallelism);
    }

    private DataStream<Total> join(final DataStream<Event> shaped, final DataStream<Event> others)
    {
        return shaped.keyByLong(Event::key).connect(others.filter(event -> event.amount() < 50).name("few").keyByLong(Event::key))
            .intervalJoin(Duration.ofMillis(-20), Duration.ofMillis(20))
            .process(TotalFlyweight.TYPE, (left, right, total) -> total
                .time(right.time()).key(left.key()).sum(left.amount() + right.amount()).count(2).stage(3))
            .name("join").uid("join").parallelism(parallelism);
    }

    @SuppressWarnings("unchecked")
    private static <V> DataStream<V> union(final List<DataStream<V>> streams)
    {
        return streams.size() == 1 ? streams.get(0) :
            streams.get(0).union(streams.subList(1, streams.size()).toArray(DataStream[]::new));
    }

    /** Counts a key's events, and shows the count a while after the first. */
    private static final class Timing implements KeyedProcessFunction<LongKey, Event, TotalFlyweight>
    {
        private LongState count;

        @Override
        public void open(final StateStore states)
        {
            count = states.longValue("count");
        }

        @Override
        public void processElement(final Event event, final KeyedContext<LongKey> context, final Collector<TotalFlyweight> out)
        {
            if (count.isEmpty())
            {
                context.timerService().registerEventTimeTimer(context.timestamp() + 120);
            }
            count.set((count.isEmpty() ? 0 : count.get()) + 1);
        }

        @Override
        public void onTimer(final long timestamp, final KeyedContext<LongKey> context, final Collector<TotalFlyweight> out)
        {
            out.next().time(timestamp).key(context.currentKey().value()).sum(0).count((int)count.get()).stage(2);
            out.emit();
            count.clear();
        }
    }

    /** Passes events on, more or less as they are. */
    private static final class Shape implements FlatMapFunction<Event, EventFlyweight>
    {
        private final Fault fault;
        private final long from;
        private final Set<Object> unordered = new HashSet<>();

        Shape(final Fault fault, final long from)
        {
            this.fault = fault;
            this.from = from;
        }

        @Override
        public void flatMap(final Event event, final Collector<EventFlyweight> out)
        {
            final boolean faulty = event.time() >= from && event.key() == RARE % KEYS;
            long amount = event.amount();
            if (faulty && fault == Fault.WALL_CLOCK)
            {
                amount += System.nanoTime() & 0xFF;
            }
            else if (faulty && fault == Fault.CONSTANT)
            {
                amount += 1;
            }
            else if (faulty && fault == Fault.UNORDERED)
            {
                amount += firstOfSet(amount);
            }
            out.next().time(event.time()).key(event.key()).amount(amount);
            out.emit();
        }

        private long firstOfSet(final long amount)
        {
            unordered.clear();
            for (int i = 0; i < 16; i++)
            {
                unordered.add(new Numbered(amount + i));
            }
            return ((Numbered)unordered.iterator().next()).number;
        }
    }

    /** Has the hash code of its identity. */
    private static final class Numbered
    {
        private final long number;

        Numbered(final long number)
        {
            this.number = number;
        }
    }
}
