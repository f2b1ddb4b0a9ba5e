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

import com.sun.management.ThreadMXBean;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.DebugMode;
import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.sink.FileSink;
import io.millrace.operators.source.Generator;
import io.millrace.operators.trigger.ContinuousEventTimeTrigger;
import io.millrace.operators.trigger.TimeEvictor;
import io.millrace.operators.trigger.WindowContext;
import io.millrace.operators.trigger.WindowElements;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints what the task threads of a pipeline allocate, thread by thread: {@code thread bytes events}, the least of several
 * rounds after warm-up.
 */
final class AllocationMain
{
    private static final int WARM_UP_ROUNDS = 3;
    private static final int ROUNDS = 4;
    private static final long EVENTS = 1_000_000;
    private static final long POLL_NANOS = 100_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    private AllocationMain()
    {
    }

    /** Takes the workload, and whether its operators share a task. */
    public static void main(final String[] arguments) throws Exception
    {
        if (DebugMode.ENABLED)
        {
            throw new IllegalStateException("debug mode is on, which allocates: run without -Dmillrace.debug=true");
        }
        final AtomicLong made = new AtomicLong();
        final Pipeline pipeline = Pipeline.create("allocation");
        workload(arguments[0], pipeline.source(Generator.of(ReadingFlyweight.TYPE, Long.MAX_VALUE, (number, out) ->
        {
            made.lazySet(number);
            // Spread as a hash spreads, in the same way in every run; 200 events a millisecond, disorder below 50 ms.
            final long mixed = (number ^ number >>> 7) * 0x9E3779B97F4A7C15L >>> 20;
            out.time(number / 200 + (mixed & 31)).sensor(mixed % 10_000).place("VOD.L").value(number);
        }), WatermarkStrategy.<Reading>forBoundedOutOfOrderness(Duration.ofMillis(50)).withStep(Duration.ofMillis(200)),
            "readings"));
        final Map<String, Long> least = new TreeMap<>();
        try (Job job = pipeline.start(new JobConfig().threading(ThreadingMode.SHARED)
            .chaining(Boolean.parseBoolean(arguments[1]))))
        {
            for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++)
            {
                final Map<String, Long> before = allocated();
                final long end = made.get() + EVENTS;
                while (made.get() < end)
                {
                    if (job.failure() != null)
                    {
                        throw job.failure();
                    }
                    LockSupport.parkNanos(POLL_NANOS);
                }
                if (round >= WARM_UP_ROUNDS)
                {
                    allocated().forEach((thread, bytes) -> least.merge(thread, bytes - before.get(thread), Math::min));
                }
            }
        }
        least.forEach((thread, bytes) -> System.out.println(thread + " " + bytes + " " + EVENTS));
    }

    private static Map<String, Long> allocated()
    {
        final Map<String, Long> allocated = new TreeMap<>();
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("millrace-allocation-"))
            .forEach(thread -> allocated.put(thread.getName(), THREADS.getThreadAllocatedBytes(thread.getId())));
        return allocated;
    }

    private static void workload(final String name, final DataStream<Reading> readings)
    {
        switch (name)
        {
            case "filterAndMap" -> readings
                .filter(reading -> (reading.value() & 3) != 0)
                .map(SummaryFlyweight.TYPE, (reading, out) -> out.sensor(reading.sensor()).sum(reading.value() * 10))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "runningSum" -> readings
                .keyByLong(Reading::sensor)
                .sumLong(ReadingFlyweight.TYPE, Reading::value, (sum, value) -> sum.value(value & 0xFFFFFF))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "tumblingWindow" -> readings
                .keyByLong(Reading::sensor)
                .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
                .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                    (sum, reading) -> sum.count(sum.count() + 1).sum(sum.sum() + (reading.value() & 0xFF)),
                    (key, window, sum, out) ->
                        out.sensor(key.value()).windowEnd(window.end()).count(sum.count()).sum(sum.sum()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "sessionWindow" -> readings
                .keyByLong(Reading::sensor)
                .window(EventTimeSessionWindows.withGap(Duration.ofMillis(100)))
                .reduce(ReadingFlyweight.TYPE, (sum, reading) -> sum.value(sum.value() + reading.value() & 0xFFFFFF))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "countWindow" -> readings
                .keyByLong(Reading::sensor)
                .countWindow(8, 2)
                .process(SummaryFlyweight.TYPE, () -> AllocationMain::sum)
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "triggeredWindow" -> readings
                .keyByLong(Reading::sensor)
                .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
                .trigger(ContinuousEventTimeTrigger.of(Duration.ofMillis(500)))
                .evictor(TimeEvictor.of(Duration.ofMillis(700)))
                .process(SummaryFlyweight.TYPE, () -> AllocationMain::sum)
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "textKeys" -> readings
                .keyBy(Reading::place)
                .reduce(ReadingFlyweight.TYPE, (last, reading) -> last.value(reading.value()))
                .sink(CallbackSink.of(AllocationMain::ignore));
            case "fileSink" -> readings
                .sink(FileSink.<Reading>lines(Path.of("/dev/null"), (reading, line) -> line.append(reading.place())
                    .append(',').append(reading.value()).append(',').appendDecimal(reading.sensor(), 3)).overwriting());
            default -> throw new IllegalArgumentException("workload=" + name + " is not known");
        }
    }

    private static void sum(
        final LongKey key,
        final WindowContext context,
        final WindowElements<Reading> elements,
        final Collector<SummaryFlyweight> out)
    {
        long sum = 0;
        for (long i = 0; i < elements.count(); i++)
        {
            sum += elements.get(i).value() & 0xFF;
        }
        out.next().sensor(key.value()).windowEnd(context.window().end()).count(elements.count()).sum(sum);
        out.emit();
    }

    private static void ignore(final Object record)
    {
    }
}
