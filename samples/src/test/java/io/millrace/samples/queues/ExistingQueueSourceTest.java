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
package io.millrace.samples.queues;

import io.millrace.checkpoint.connector.ExistingQueueSource;
import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.core.failure.DeadLetter;
import io.millrace.core.failure.ErrorPolicy;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobFailedException;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.sink.FileSink;
import io.millrace.samples.marketdata.Trade;
import io.millrace.samples.marketdata.TradeFlyweight;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.time.SetTimeProvider;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.TestRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Queues that another program wrote, as sources. */
class ExistingQueueSourceTest
{
    private static final long RAW_LENGTH = 3 * Long.BYTES;

    @TempDir
    private Path directory;
    private final SetTimeProvider clock = new SetTimeProvider(1_700_000_000_000_000_000L);

    /** What the other program calls. */
    interface TradeListener
    {
        void trade(long number, String instrument, long price);

        void heartbeat(long number);
    }

    /** What of it the pipeline reads. */
    interface TradesOnly
    {
        void trade(long number, String instrument, long price);
    }

    @Test
    void shouldDecodeDocumentsOverRollsAndPassOthersOver() throws Exception
    {
        writeDocuments(1, 100);
        assertEquals(numbers(1, 100), run(documents().bounded(), new JobConfig()));
    }

    @Test
    void shouldReplayMethodCallsAndPassOverThoseItDoesNotHave() throws Exception
    {
        try (ChronicleQueue queue = queue())
        {
            try (ExcerptAppender appender = queue.createAppender())
            {
                final TradeListener listener = appender.methodWriter(TradeListener.class);
                for (long number = 1; number <= 50; number++)
                {
                    listener.heartbeat(number);
                    listener.trade(number, "I" + number % 5, number * 10);
                    clock.advanceMillis(200);
                }
            }
        }
        final ExistingQueueSource<Trade, TradeFlyweight> source = ExistingQueueSource.<Trade, TradeFlyweight>ofMethodCalls(
            directory.resolve("queue"), TradeFlyweight.TYPE, out -> (TradesOnly)(number, instrument, price) ->
                out.record().number(number).time(number).price(price).instrument(instrument));
        assertEquals(numbers(1, 50), run(source.bounded(), new JobConfig()));
    }

    @Test
    void shouldGoOnBehindWhatACheckpointHasSeen() throws Exception
    {
        writeDocuments(1, 40);
        final List<String> before = new ArrayList<>();
        try (Job job = pipeline(documents(), before).start(stepped(checkpointed())))
        {
            stepUntil(job, before, 40);
        }
        writeDocuments(41, 30);
        final List<String> after = run(documents().bounded(), checkpointed());
        assertEquals(numbers(1, 40), before);
        assertEquals(numbers(36, 35), after);
    }

    @Test
    void shouldWaitForAQueueThatIsNotThereYetAndFollowIt() throws Exception
    {
        final List<String> seen = new ArrayList<>();
        try (Job job = pipeline(documents(), seen).start(stepped(new JobConfig())))
        {
            stepUntil(job, seen, 0);
            assertFalse(Files.exists(directory.resolve("queue")), "a reader must create nothing");
            for (int i = 0; i < 4; i++)
            {
                writeDocuments(1 + i * 10, 10);
                stepUntil(job, seen, 10 + i * 10);
            }
            assertEquals(numbers(1, 40), seen);
            assertEquals(JobStatus.RUNNING, job.status());
        }
    }

    @Test
    void shouldNameTheDocumentThatCannotBeDecoded() throws Exception
    {
        writeDocuments(1, 10);
        final ExistingQueueSource<Trade, TradeFlyweight> source = ExistingQueueSource.ofDocuments(
            directory.resolve("queue"), TradeFlyweight.TYPE, (document, trade) ->
            {
                throw new IllegalArgumentException("cannot read this");
            });
        final JobFailedException failure = assertThrows(JobFailedException.class, () -> run(source.bounded(), new JobConfig()));
        final String all = allMessages(failure);
        assertTrue(all.contains("document=1 ") && all.contains("queue=") && all.contains("cannot read this"), all);
    }

    @Test
    void shouldHaveWhatCannotBeDecodedInTheDeadLettersExactlyOnceOverRestores() throws Exception
    {
        writeDocuments(1, 40);
        final List<String> seen = new ArrayList<>();
        final Path letters = directory.resolve("letters");
        final Path once = directory.resolve("once");
        run(poisoned(seen, once), new JobConfig());
        final List<String> expected = List.copyOf(seen);
        assertEquals(numbers(1, 40).stream().filter(line -> !line.startsWith("9 ") && !line.startsWith("30 ")).toList(),
            expected);
        final String nine = "9,0,0,0,0,0,0,0,90,0,0,0,0,0,0,0,4,0,0,0,0,0,0,0";
        // Two documents each, numbered from 1: that of 9 is the 18th.
        assertEquals((18L << 16) + " 3 24 java.lang.IllegalStateException poison 9 " + nine,
            Files.readAllLines(once).get(0));
        assertEquals(2, Files.readAllLines(once).size());
        for (int life = 1; life <= 4; life++)
        {
            seen.clear();
            try (Job job = poisoned(seen, letters).start(stepped(checkpointed())))
            {
                int steps = 0;
                while (seen.size() < 8 && steps < 100)
                {
                    job.doWork();
                    steps++;
                }
            }
        }
        run(poisoned(seen, letters), checkpointed());
        assertEquals(Files.readAllLines(once), Files.readAllLines(letters));
    }

    /** Two documents cannot be decoded, however often it is tried. */
    private Pipeline poisoned(final List<String> seen, final Path letters)
    {
        final ExistingQueueSource<Trade, TradeFlyweight> source = ExistingQueueSource.ofDocuments(
            directory.resolve("queue"), TradeFlyweight.TYPE, (document, trade) ->
            {
                final boolean decoded = decode(document, trade);
                if (decoded && (trade.number() == 9 || trade.number() == 30))
                {
                    throw new IllegalStateException("poison " + trade.number());
                }
                return decoded;
            });
        final Pipeline pipeline = Pipeline.create("existing-queue");
        pipeline.source(source.bounded(), WatermarkStrategy.forMonotonousTimestamps(), "trades")
            .onError(ErrorPolicy.retry(2).thenDeadLetters())
            .sink(CallbackSink.of(trade -> seen.add(trade.number() + " " + trade.instrument() + " " + trade.price())), "seen");
        pipeline.deadLetters().sink(FileSink.<DeadLetter>lines(letters, (letter, line) ->
        {
            final byte[] bytes = new byte[letter.bytes().length()];
            letter.bytes().copyTo(bytes, 0);
            line.append(letter.position() + " " + letter.attempts() + " " + letter.recordLength() + " " + letter.error() +
                " " + letter.message() + " " + Arrays.toString(bytes).replaceAll("[^0-9,-]", ""));
        }), "letters");
        return pipeline;
    }

    private static void run(final Pipeline pipeline, final JobConfig config) throws Exception
    {
        try (Job job = pipeline.start(config))
        {
            job.await(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldNameWhatIsMissingBehindACheckpoint() throws Exception
    {
        writeDocuments(1, 10);
        run(documents().bounded(), checkpointed());
        deleteQueue();
        final IllegalStateException refused =
            assertThrows(IllegalStateException.class, () -> run(documents().bounded(), checkpointed()));
        assertTrue(allMessages(refused).contains("keep the queue's files"), allMessages(refused));
    }

    private static String allMessages(final Throwable failure)
    {
        final StringBuilder all = new StringBuilder();
        for (Throwable at = failure; at != null; at = at.getCause())
        {
            all.append(at.getMessage()).append('\n');
        }
        return all.toString();
    }

    private static void stepUntil(final Job job, final List<String> seen, final int count)
    {
        int idle = 0;
        while (idle < 100 && seen.size() <= count)
        {
            idle = job.doWork() == 0 ? idle + 1 : 0;
        }
        assertEquals(count, seen.size());
    }

    private static JobConfig stepped(final JobConfig config)
    {
        return config.threading(ThreadingMode.INVOKER).ioThread(false);
    }

    private JobConfig checkpointed()
    {
        return new JobConfig().checkpointing(Checkpoints.in(directory.resolve("checkpoints")).everyRecords(7));
    }

    private ExistingQueueSource<Trade, TradeFlyweight> documents()
    {
        return ExistingQueueSource.ofDocuments(directory.resolve("queue"), TradeFlyweight.TYPE,
            ExistingQueueSourceTest::decode);
    }

    private static boolean decode(final DocumentContext document, final TradeFlyweight trade)
    {
        final Bytes<?> bytes = document.wire().bytes();
        if (bytes.readRemaining() < RAW_LENGTH)
        {
            return false;
        }
        final long number = bytes.readLong();
        trade.number(number).time(number).price(bytes.readLong()).instrument("I" + bytes.readLong());
        return true;
    }

    private static List<String> numbers(final long first, final int count)
    {
        return LongStream.range(first, first + count)
            .mapToObj(number -> number + " I" + number % 5 + " " + number * 10).toList();
    }

    private static List<String> run(final ExistingQueueSource<Trade, TradeFlyweight> source, final JobConfig config)
        throws Exception
    {
        final List<String> seen = new ArrayList<>();
        try (Job job = pipeline(source, seen).start(config))
        {
            job.await(60, TimeUnit.SECONDS);
        }
        return seen;
    }

    private static Pipeline pipeline(final ExistingQueueSource<Trade, TradeFlyweight> source, final List<String> seen)
    {
        final Pipeline pipeline = Pipeline.create("existing-queue");
        pipeline.source(source, WatermarkStrategy.forMonotonousTimestamps(), "trades")
            .sink(CallbackSink.of(trade -> seen.add(trade.number() + " " + trade.instrument() + " " + trade.price())), "seen");
        return pipeline;
    }

    private ChronicleQueue queue()
    {
        return SingleChronicleQueueBuilder.binary(directory.resolve("queue")).rollCycle(TestRollCycles.TEST_SECONDLY)
            .timeProvider(clock).build();
    }

    /** Documents of three numbers, a shorter one before each. */
    private void writeDocuments(final long first, final int count)
    {
        try (ChronicleQueue queue = queue(); ExcerptAppender appender = queue.createAppender())
        {
            for (long number = first; number < first + count; number++)
            {
                try (DocumentContext document = appender.writingDocument())
                {
                    document.wire().bytes().writeInt(7);
                }
                try (DocumentContext document = appender.writingDocument())
                {
                    document.wire().bytes().writeLong(number).writeLong(number * 10).writeLong(number % 5);
                }
                clock.advanceMillis(200);
            }
        }
    }

    private void deleteQueue()
    {
        try (Stream<Path> files = Files.walk(directory.resolve("queue")))
        {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList())
            {
                Files.delete(file);
            }
        }
        catch (final IOException failure)
        {
            throw new UncheckedIOException(failure);
        }
    }
}
