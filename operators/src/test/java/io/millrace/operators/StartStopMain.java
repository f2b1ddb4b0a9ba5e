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

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Starts and stops a job again and again, first to warm up, then to count: prints a line {@code figure before after} for
 * each figure that must not grow, and how long a start takes to its first result.
 */
final class StartStopMain
{
    private static final int WARM_UP = 200;
    private static final ThreadingMode[] MODES = {ThreadingMode.SHARED, ThreadingMode.DEDICATED};

    private StartStopMain()
    {
    }

    /** Takes the number of starts that are counted. */
    public static void main(final String[] arguments) throws Exception
    {
        final int starts = Integer.parseInt(arguments[0]);
        for (int i = 0; i < WARM_UP; i++)
        {
            start(i);
        }
        final long[] before = figures();
        final long unloaded = ManagementFactory.getClassLoadingMXBean().getUnloadedClassCount();
        final long[] nanos = new long[starts];
        for (int i = 0; i < starts; i++)
        {
            nanos[i] = start(i);
        }
        final long[] after = figures();
        final String[] names = {"maps", "metaspace", "classes", "threads"};
        for (int i = 0; i < names.length; i++)
        {
            System.out.println(names[i] + " " + before[i] + " " + after[i]);
        }
        System.out.println("unloaded " +
            (ManagementFactory.getClassLoadingMXBean().getUnloadedClassCount() - unloaded));
        Arrays.sort(nanos);
        System.out.println("first-result p50=" + TimeUnit.NANOSECONDS.toMicros(nanos[starts / 2]) + "us p99=" +
            TimeUnit.NANOSECONDS.toMicros(nanos[starts * 99 / 100]) + "us");
    }

    /** Time from the start to the first result. */
    private static long start(final int number) throws Exception
    {
        final CountDownLatch first = new CountDownLatch(1);
        final Pipeline pipeline = Pipeline.create("again");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, Long.MAX_VALUE, (event, out) ->
            out.time(event).sensor(event % 10).place("VOD.L").value(event)),
            WatermarkStrategy.forMonotonousTimestamps(), "readings")
            .filter(reading -> reading.value() % 3 != 0)
            .keyByLong(Reading::sensor)
            .window(TumblingEventTimeWindows.of(Duration.ofMillis(10)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE,
                (sum, reading) -> sum.count(sum.count() + 1),
                (key, window, sum, out) -> out.sensor(key.value()).count(sum.count()))
            .sink(CallbackSink.of(summary -> first.countDown()));
        final long begin = System.nanoTime();
        final Job job = pipeline.start(new JobConfig().threading(MODES[number % 2]).chaining(number % 3 != 0));
        final long nanos;
        try (job)
        {
            if (!first.await(30, TimeUnit.SECONDS))
            {
                throw new IllegalStateException("no result in 30 s of start=" + number, job.failure());
            }
            nanos = System.nanoTime() - begin;
        }
        if (job.offHeapBytes() != 0 || threads() != 0)
        {
            throw new IllegalStateException("start=" + number + " leaves offHeapBytes=" + job.offHeapBytes() +
                " threads=" + threads());
        }
        return nanos;
    }

    private static long threads()
    {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("millrace-"))
            .count();
    }

    private static long[] figures() throws IOException
    {
        for (int i = 0; i < 3; i++)
        {
            System.gc();
        }
        final long maps;
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps")))
        {
            maps = lines.count();
        }
        final long metaspace = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("Metaspace")).map(MemoryPoolMXBean::getUsage)
            .mapToLong(usage -> usage.getUsed()).sum();
        return new long[] {maps, metaspace, ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
            ManagementFactory.getThreadMXBean().getThreadCount()};
    }
}
