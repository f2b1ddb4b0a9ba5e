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
package io.millrace.samples.marketdata;

import io.millrace.checkpoint.connector.ChronicleQueueSink;
import io.millrace.checkpoint.connector.ChronicleQueueSource;
import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalWriter;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.StateHash;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.DataStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.TumblingEventTimeWindows;
import io.millrace.operators.function.FilterFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A job with two journals as sources and exchanges 2 to 4 to 4 to 1: its order log is kept with its checkpoints, and a
 * replay gives the same bytes (ORDERING invariants I1, I2, I10, I13).
 */
class TwoJournalsTest
{
    private static final int TRADES = 6_000;
    private static final int INSTRUMENTS = 17;
    private static final FilterFunction<Trade> ALL = trade -> true;

    @TempDir
    private Path directory;
    /** Whether the journals are merged by arrival. */
    private boolean byArrival;

    @BeforeEach
    void recordTrades()
    {
        record("left", TRADES, 1);
        record("right", TRADES / 3, 2);
    }

    private void record(final String name, final int count, final long seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        final TradeFlyweight trade = new TradeFlyweight();
        try (JournalWriter writer = JournalWriter.open(new JournalContext().directory(directory.resolve(name))
            .recordType(TradeFlyweight.TYPE).account(new MemoryAccount("trades"))))
        {
            for (int i = 0; i < count; i++)
            {
                final int length = TradeFlyweight.TYPE.blockLength();
                final long slot = writer.claim(length);
                SlotDescriptor.timestamp(slot, 0);
                SlotDescriptor.ingressTime(slot, 0);
                trade.wrap(slot + SlotDescriptor.HEADER_LENGTH, length);
                trade.time((long)i * TRADES / count * 10 + random.nextInt(5)).number(i + 1).price(100 + random.nextInt(900))
                    .amount(1 + random.nextInt(1_000)).instrument("I" + random.nextInt(INSTRUMENTS));
                writer.commit();
                if (random.nextInt(100) == 0)
                {
                    writer.flush();
                }
            }
            writer.end();
        }
    }

    @ParameterizedTest
    @CsvSource({"DEDICATED, 4, SHARED, 4096", "SHARED, 64, INVOKER, 16", "INVOKER, 1024, DEDICATED, 16"})
    void shouldReplayToTheSameBytes(
        final ThreadingMode mode, final int ringCapacity, final ThreadingMode replayMode, final int replayCapacity) throws Exception
    {
        final List<StateHash> live = run("live", config("live", mode, ringCapacity, SyncLevel.PROCESS), ALL);
        final String bars = bars("live");
        assertFalse(bars.startsWith("0 "), bars);
        final List<StateHash> first = replay("first", replayMode, replayCapacity, new Random(1));
        final List<StateHash> second = replay("second", mode, 4, new Random(2));
        assertEquals(bars, bars("first"));
        assertEquals(bars, bars("second"));
        assertFalse(live.isEmpty());
        Replay.compare(live, first);
        Replay.compare(first, second);
    }

    @ParameterizedTest
    @CsvSource({"DEDICATED, 64, INVOKER", "SHARED, 1024, DEDICATED", "INVOKER, 16, SHARED"})
    void shouldReplayWhatArrivedToTheSameBytes(
        final ThreadingMode mode, final int ringCapacity, final ThreadingMode replayMode) throws Exception
    {
        byArrival = true;
        final List<StateHash> live = run("live", config("live", mode, ringCapacity, SyncLevel.PROCESS), pausing(new Random(6)));
        final List<StateHash> first = replay("first", replayMode, ringCapacity, new Random(1));
        final List<StateHash> second = replay("second", mode, ringCapacity, new Random(2));
        assertEquals(bars("live"), bars("first"));
        assertEquals(bars("live"), bars("second"));
        Replay.compare(live, first);
        Replay.compare(first, second);
    }

    @Test
    void shouldShowAfterFailuresWhatAReplayOfWhatArrivedShows() throws Exception
    {
        byArrival = true;
        shouldShowAfterFailuresWhatAReplayShows(SyncLevel.PROCESS);
    }

    @Test
    void shouldGoOnFromWhereItWasStoppedByArrival() throws Exception
    {
        byArrival = true;
        shouldGoOnFromWhereItWasStopped();
    }

    @ParameterizedTest
    @EnumSource(SyncLevel.class)
    void shouldShowAfterFailuresWhatAReplayShows(final SyncLevel durability) throws Exception
    {
        final AtomicInteger seen = new AtomicInteger();
        final FilterFunction<Trade> failing = trade ->
        {
            final int number = seen.incrementAndGet();
            if (number == 2_000 || number == 5_000 || number == 5_100)
            {
                throw new IllegalStateException("failure at " + number);
            }
            return true;
        };
        run("live", config("live", ThreadingMode.DEDICATED, 64, durability).restarts(3), failing);
        assertTrue(seen.get() > TRADES + TRADES / 3, "seen=" + seen);
        replay("replay", ThreadingMode.SHARED, byArrival ? 64 : 16, new Random(3));
        assertEquals(bars("live"), bars("replay"));
    }

    @Test
    void shouldGoOnFromWhereItWasStopped() throws Exception
    {
        final Random random = new Random(4);
        for (int life = 0; life < 6; life++)
        {
            try (Job job = pipeline("live", ALL).start(config("live", ThreadingMode.INVOKER, 16, SyncLevel.PROCESS).ioThread(false)))
            {
                for (int step = random.nextInt(80); step > 0 && job.status() == JobStatus.RUNNING; step--)
                {
                    job.doWork();
                }
            }
        }
        run("live", config("live", ThreadingMode.SHARED, byArrival ? 16 : 256, SyncLevel.PROCESS), ALL);
        replay("replay", ThreadingMode.INVOKER, byArrival ? 16 : 64, new Random(5));
        assertEquals(bars("live"), bars("replay"));
    }

    @Test
    void shouldRefuseARecordingThatIsNotThere()
    {
        final JobConfig config = config("live", ThreadingMode.INVOKER, 16, SyncLevel.PROCESS)
            .replaying(Checkpoints.recordedOrder(directory.resolve("nowhere")));
        final IllegalStateException refused =
            assertThrows(IllegalStateException.class, () -> pipeline("live", ALL).start(config));
        assertTrue(refused.getMessage().contains("is not there"), refused.getMessage());
    }

    private List<StateHash> replay(
        final String name, final ThreadingMode mode, final int ringCapacity, final Random pauses) throws Exception
    {
        final JobConfig config = config(name, mode, ringCapacity, SyncLevel.PROCESS)
            .replaying(Checkpoints.recordedOrder(directory.resolve("live-checkpoints")));
        return run(name, config, pausing(pauses));
    }

    private static FilterFunction<Trade> pausing(final Random pauses)
    {
        return trade ->
        {
            if (pauses.nextInt(100) == 0)
            {
                for (int i = pauses.nextInt(5_000); i > 0; i--)
                {
                    Thread.onSpinWait();
                }
            }
            return true;
        };
    }

    private JobConfig config(final String name, final ThreadingMode mode, final int ringCapacity, final SyncLevel durability)
    {
        return new JobConfig().threading(mode).ringCapacity(ringCapacity).stateHashes(true).checkpointing(
            Checkpoints.in(directory.resolve(name + "-checkpoints")).everyRecords(500).keepingOrder().durability(durability));
    }

    private List<StateHash> run(final String name, final JobConfig config, final FilterFunction<Trade> tap) throws Exception
    {
        try (Job job = pipeline(name, tap).start(config))
        {
            while (job.explain().contains("INVOKER") && job.status() == JobStatus.RUNNING)
            {
                if (job.doWork() == 0)
                {
                    Thread.onSpinWait();
                }
            }
            job.await(120, TimeUnit.SECONDS);
            assertEquals(0, job.offHeapBytes());
            return job.stateHashes();
        }
    }

    private String bars(final String name)
    {
        return Replay.hash(directory.resolve(name));
    }

    private Pipeline pipeline(final String name, final FilterFunction<Trade> tap)
    {
        final Pipeline pipeline = Pipeline.create("two-journals");
        final DataStream<Trade> left = trades(pipeline, "left");
        final SingleOutputStream<Trade> tapped = left.union(trades(pipeline, "right")).filter(tap).name("tap");
        if (byArrival)
        {
            tapped.mergeByArrival("no journal waits for the other");
        }
        tapped
            .keyBy(Trade::instrument)
            .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
            .aggregate(BarSumFlyweight.TYPE, BarFlyweight.TYPE,
                (sum, trade) -> sum.volume(sum.volume() + trade.amount()).price(trade.price()).trades(sum.trades() + 1),
                (instrument, window, sum, bar) -> bar.instrument(instrument).end(window.end()).length(1_000)
                    .price(sum.price()).volume(sum.volume()).trades(sum.trades()))
            .name("seconds").uid("seconds").parallelism(4)
            .keyByLong(Bar::end)
            .accumulate(BarFlyweight.TYPE, (sum, bar) -> sum.end(bar.end()).instrument(bar.instrument())
                .price(bar.price()).volume(sum.volume() + bar.volume()).trades(sum.trades() + bar.trades()))
            .name("running").uid("running").parallelism(4)
            .rebalance()
            .filter(bar -> true).name("all").parallelism(1)
            .sink(ChronicleQueueSink.exactlyOnce(directory.resolve(name), BarFlyweight.TYPE), "bars");
        return pipeline;
    }

    private DataStream<Trade> trades(final Pipeline pipeline, final String name)
    {
        return pipeline.source(ChronicleQueueSource.of(directory.resolve(name), TradeFlyweight.TYPE),
            WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofMillis(20)), name);
    }
}
