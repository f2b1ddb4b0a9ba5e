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
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Ingress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an ingress promises together with a journal, over restarts within the process and of it. */
class IngressJournalTest
{
    private final List<String> results = new ArrayList<>();
    private final MemoryJournal journal = new MemoryJournal();
    private final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
    private Ingress<Reading, ReadingFlyweight> ingress = Ingress.create(ReadingFlyweight.TYPE, 64);
    private long failAt = Long.MIN_VALUE;

    @AfterEach
    void shouldFreeEverything()
    {
        ingress.close();
        assertEquals(0, ingress.offHeapBytes());
        assertEquals(0, journal.open());
    }

    @Test
    void shouldEmitOnlyWhatIsJournaled() throws Exception
    {
        journal.writesAtOnce(false).syncsAtOnce(false);
        try (Job job = start(new JobConfig()))
        {
            publish(1, 3);
            TestJobs.settle(job);
            publish(4, 5);
            TestJobs.settle(job);
            assertEquals(2, journal.pending());
            assertEquals(List.of(), results);

            journal.write();
            TestJobs.settle(job);
            assertEquals(List.of("0.0 1", "0.1 3", "0.2 6"), results);
            assertEquals(0, ingress.durablePosition());
            journal.sync();
            TestJobs.settle(job);
            assertEquals(3, ingress.durablePosition());

            journal.write();
            journal.sync();
            TestJobs.settle(job);
            assertEquals(5, results.size());
            assertEquals(5, ingress.durablePosition());
            assertEquals(0, ingress.recoveredPosition());
        }
    }

    @Test
    void shouldWaitForAJournalThatTakesNoMore() throws Exception
    {
        journal.accepts(false);
        try (Job job = start(new JobConfig()))
        {
            publish(1, 64);
            TestJobs.settle(job);
            assertEquals(List.of(), results);
            assertEquals(null, ingress.claim());
            journal.accepts(true);
            TestJobs.settle(job);
            assertEquals(64, results.size());
            publish(65, 100);
            TestJobs.settle(job);
            assertEquals(100, results.size());
        }
    }

    @Test
    void shouldReplayTheJournalFirstAfterTheProcessDied() throws Exception
    {
        try (Job job = start(new JobConfig()))
        {
            publish(1, 10);
            TestJobs.settle(job);
        }
        final List<String> before = List.copyOf(results);
        results.clear();
        newProcess();
        publish(11, 12);
        try (Job job = start(new JobConfig()))
        {
            assertEquals(-1, ingress.recoveredPosition());
            TestJobs.settle(job);
            assertEquals(before, results.subList(0, 10));
            assertEquals(10, ingress.recoveredPosition());
            assertEquals(2, ingress.durablePosition());
            assertEquals("1.0 66", results.get(10));
            assertEquals("1.1 78", results.get(11));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 65, 200})
    void shouldGoOnFromACheckpointInTheMiddleOfAFrame(final int emittedBefore) throws Exception
    {
        // The watermark grows with each record, so that a poll emits one: the barrier finds a place within a frame.
        for (int i = 0; i < 4; i++)
        {
            publish(1 + i * 64, 64 + i * 64);
            try (Job job = start(new JobConfig()))
            {
                TestJobs.settle(job);
            }
            newProcess();
        }
        final List<String> whole = results.subList(results.size() - 256, results.size());
        final List<String> expected = List.copyOf(whole);
        results.clear();
        try (Job job = start(new JobConfig().checkpointing(checkpoints)))
        {
            while (results.size() < emittedBefore)
            {
                job.doWork();
            }
            job.checkpoint();
            while (job.completedCheckpoint() == 0)
            {
                job.doWork();
            }
        }
        final int emitted = results.size();
        newProcess();
        try (Job job = start(new JobConfig().checkpointing(checkpoints)))
        {
            assertEquals(1, job.restoredCheckpoint());
            TestJobs.settle(job);
        }
        final int cut = emitted == results.size() ? emitted : expected.indexOf(results.get(emitted));
        assertTrue(emittedBefore <= cut && cut <= emitted, emittedBefore + " " + cut + " " + emitted);
        assertEquals(expected.subList(0, emitted), results.subList(0, emitted));
        assertEquals(expected.subList(cut, 256), results.subList(emitted, results.size()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeWhatTheJournalHasNotAgainAfterARestartInPlace(final boolean keepsPending) throws Exception
    {
        journal.writesAtOnce(false).keepsPendingOnClose(keepsPending);
        final List<String> expected = new ArrayList<>();
        long sum = 0;
        for (long value = 1; value <= 40; value++)
        {
            sum += value;
            expected.add(Long.toString(sum));
        }
        try (Job job = start(new JobConfig().checkpointing(checkpoints).restarts(1)))
        {
            publish(1, 10);
            TestJobs.settle(job);
            journal.write();
            TestJobs.settle(job);
            job.checkpoint();
            TestJobs.settle(job);
            assertEquals(1, job.completedCheckpoint());
            publish(11, 20);
            TestJobs.settle(job);
            publish(21, 30);
            TestJobs.settle(job);
            assertEquals(2, journal.pending());
            failAt = 14;
            journal.write();
            TestJobs.settle(job);
            assertEquals(JobStatus.RUNNING, job.status());
            assertEquals(1, job.restoredCheckpoint());
            publish(31, 40);
            TestJobs.settle(job);
            while (journal.pending() > 0)
            {
                journal.write();
                TestJobs.settle(job);
            }
            assertEquals(40, journal.records(), "each record is journaled once");
            assertEquals(40, ingress.durablePosition());
        }
        final List<String> sums = results.stream().map(line -> line.split(" ", -1)[1]).toList();
        assertEquals(expected.subList(0, 13), sums.subList(0, 13));
        assertEquals(expected.subList(10, 40), sums.subList(13, sums.size()));
    }

    @Test
    void shouldLoseAndCountWhatWasTakenSinceTheCheckpointWithoutAJournal() throws Exception
    {
        final JobConfig config = TestJobs.stepped().checkpointing(checkpoints).restarts(1);
        try (Job job = pipeline().start(config))
        {
            publish(1, 10);
            TestJobs.settle(job);
            job.checkpoint();
            TestJobs.settle(job);
            publish(11, 20);
            TestJobs.settle(job);
            failAt = 21;
            publish(21, 22);
            TestJobs.settle(job);
            assertEquals(1, job.restoredCheckpoint());
            assertEquals(11, TestJobs.counter(job, "recordsNotReplayed"));
            assertEquals(22, ingress.durablePosition());
        }
        final long sumAtCheckpoint = LongStream.rangeClosed(1, 10).sum();
        final String last = results.get(results.size() - 1);
        assertEquals(21, results.size());
        assertTrue(last.endsWith(" " + (sumAtCheckpoint + 22)), last);
        assertTrue(cause(last) > cause(results.get(19)), "a cause is not used twice");
    }

    private static long cause(final String line)
    {
        final String[] parts = line.split("[. ]", -1);
        return Long.parseLong(parts[0]) << 16 | Long.parseLong(parts[1]);
    }

    @Test
    void shouldEndWithTheJournaledEnd() throws Exception
    {
        journal.writesAtOnce(false);
        try (Job job = start(new JobConfig()))
        {
            publish(1, 3);
            ingress.end();
            TestJobs.settle(job);
            assertEquals(JobStatus.RUNNING, job.status());
            journal.write();
            TestJobs.settle(job);
            assertEquals(3, results.size());
            assertEquals(JobStatus.RUNNING, job.status(), "the end is journaled, too");
            journal.write();
            TestJobs.finish(job);
        }
        newProcess();
        results.clear();
        try (Job job = start(new JobConfig()))
        {
            TestJobs.finish(job);
            assertEquals(List.of("0.0 1", "0.1 3", "0.2 6"), results);
        }
    }

    @Test
    void shouldRefuseAJournalThatIsShorterThanTheCheckpoint() throws Exception
    {
        try (Job job = start(new JobConfig().checkpointing(checkpoints)))
        {
            publish(1, 3);
            TestJobs.settle(job);
            publish(4, 5);
            TestJobs.settle(job);
            job.checkpoint();
            TestJobs.settle(job);
        }
        newProcess();
        journal.cut(1);
        try (Job job = start(new JobConfig().checkpointing(checkpoints)))
        {
            final String message = assertThrows(Exception.class, () -> TestJobs.finish(job)).getMessage();
            assertTrue(message.contains("source=readings") && message.contains("beyond the journal's end"), message);
        }
    }

    private Job start(final JobConfig config)
    {
        return pipeline().start(config.threading(ThreadingMode.INVOKER).journaling(journal));
    }

    private Pipeline pipeline()
    {
        final Pipeline pipeline = Pipeline.create("journaled");
        pipeline.source(ingress, WatermarkStrategy.forMonotonousTimestamps(), "readings")
            .keyByLong(Reading::sensor)
            .accumulate(SummaryFlyweight.TYPE, (sum, reading) ->
            {
                if (reading.value() == failAt)
                {
                    failAt = Long.MIN_VALUE;
                    throw new IllegalStateException("as the test says");
                }
                sum.sum(sum.sum() + reading.value());
            }).uid("sums")
            .sink(CallbackSink.identified((sum, metadata) ->
                results.add((metadata.cause() >> 16) + "." + (metadata.cause() & 0xFFFF) + " " + sum.sum())));
        return pipeline;
    }

    private void newProcess()
    {
        ingress.close();
        ingress = Ingress.create(ReadingFlyweight.TYPE, 64);
    }

    private void publish(final long first, final long last)
    {
        for (long value = first; value <= last; value++)
        {
            ingress.claim().time(value).value(value);
            ingress.commit();
        }
        ingress.publish();
    }
}
