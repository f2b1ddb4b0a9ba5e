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
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IngressTest
{
    private final List<Long> values = new ArrayList<>();
    private final List<Long> causes = new ArrayList<>();
    private Ingress<Reading, ReadingFlyweight> ingress = Ingress.create(ReadingFlyweight.TYPE, 16);

    @AfterEach
    void shouldFreeTheRing()
    {
        ingress.close();
        assertEquals(0, ingress.offHeapBytes());
    }

    @Test
    void shouldBringWhatIsPublished() throws Exception
    {
        final Job job = pipeline().start(TestJobs.stepped());
        try (job)
        {
            publish(1, 2, 3);
            assertEquals(0, ingress.durablePosition());
            TestJobs.settle(job);
            assertEquals(List.of(1L, 2L, 3L), values);
            assertEquals(3, ingress.position());
            assertEquals(3, ingress.durablePosition());
            publish(4);
            TestJobs.settle(job);
            ingress.end();
            TestJobs.finish(job);
        }
        assertEquals(List.of(1L, 2L, 3L, 4L), values);
        assertEquals(List.of(0L, 1L, 2L, 1L << 16), causes);
        assertEquals(-1, ingress.recoveredPosition());
        assertEquals(0, job.offHeapBytes());
    }

    @Test
    void shouldSayWhenItIsFull() throws Exception
    {
        try (Job job = pipeline().start(TestJobs.stepped()))
        {
            for (long i = 0; i < 16; i++)
            {
                ingress.claim().time(i).value(i);
                ingress.commit();
            }
            assertEquals(0, ingress.position());
            assertNull(ingress.claim());
            assertFalse(ingress.offer(out -> out.value(99)));
            assertEquals(16, ingress.position(), "what is committed is published when the ring is full");
            TestJobs.settle(job);
            assertEquals(16, values.size());
            assertTrue(ingress.offer(out -> out.value(16)));
            TestJobs.settle(job);
            assertEquals(LongStream.rangeClosed(0, 16).boxed().toList(), values);
        }
    }

    @Test
    void shouldHandOutZeroedRecordsAndStartOverWithoutCommit() throws Exception
    {
        try (Job job = pipeline().start(TestJobs.stepped()))
        {
            for (int round = 0; round < 40; round++)
            {
                ingress.claim().time(7).sensor(8).value(9).place("somewhere");
                final ReadingFlyweight again = ingress.claim();
                assertEquals(new ReadingValue(0, 0, "", 0), again.toValue());
                again.value(round);
                ingress.commit();
                ingress.publish();
                TestJobs.settle(job);
            }
            assertEquals(LongStream.range(0, 40).boxed().toList(), values);
        }
    }

    @Test
    void shouldFailALateAccessInDebugMode()
    {
        final ReadingFlyweight record = ingress.claim();
        ingress.commit();
        final String message = assertThrows(IllegalStateException.class, () -> record.value(1)).getMessage();
        assertTrue(message.contains("field=value") && message.contains("ingress of Reading"), message);
    }

    @Test
    void shouldRefuseToPublishAfterTheEnd()
    {
        ingress.end();
        ingress.end();
        assertTrue(assertThrows(IllegalStateException.class, ingress::claim).getMessage().contains("has ended"));
        ingress.close();
        assertTrue(assertThrows(IllegalStateException.class, ingress::claim).getMessage().contains("has been closed"));
        assertThrows(IllegalStateException.class, ingress::commit);
    }

    @Test
    void shouldHaveOneReaderAtATime() throws Exception
    {
        try (Job job = pipeline().start(TestJobs.stepped()))
        {
            assertNotNull(job);
            final String message = assertThrows(IllegalStateException.class, () -> pipeline().start(TestJobs.stepped()))
                .getMessage();
            assertTrue(message.contains("is read by source readings of job ingress"), message);
        }
        publish(5);
        try (Job job = pipeline().start(TestJobs.stepped()))
        {
            TestJobs.settle(job);
        }
        assertEquals(List.of(5L), values);
    }

    @Test
    void shouldKeepTheMemoryUntilTheJobHasLetGo() throws Exception
    {
        final Job job = pipeline().start(TestJobs.stepped());
        try (job)
        {
            publish(1, 2);
            ingress.close();
            assertTrue(ingress.offHeapBytes() > 0);
            TestJobs.finish(job);
        }
        assertEquals(List.of(1L, 2L), values);
        assertEquals(0, ingress.offHeapBytes());
        assertTrue(assertThrows(IllegalStateException.class, () -> pipeline().start(TestJobs.stepped())).getMessage()
            .contains("is closed"));
    }

    @Test
    void shouldRefuseSeveralInstances()
    {
        final Pipeline pipeline = Pipeline.create("parallel");
        pipeline.source(ingress, WatermarkStrategy.forMonotonousTimestamps(), "readings").parallelism(2)
            .sink(CallbackSink.of(reading -> values.add(reading.value())));
        final String message = assertThrows(IllegalStateException.class, () -> pipeline.plan(new JobConfig())).getMessage();
        assertTrue(message.contains("parallelism=2 of operator readings must be 1"), message);
    }

    @Test
    void shouldRefuseACapacityThatCannotBe()
    {
        assertThrows(IllegalArgumentException.class, () -> Ingress.create(ReadingFlyweight.TYPE, 10));
        final String message = assertThrows(IllegalArgumentException.class,
            () -> Ingress.create(DocumentFlyweight.TYPE, 4)).getMessage();
        assertTrue(message.contains("raise the capacity"), message);
    }

    @Test
    void shouldBringRecordsOfSeveralSlots() throws Exception
    {
        final List<DocumentValue> documents = new ArrayList<>();
        final List<DocumentValue> expected = new ArrayList<>();
        final MemoryJournal journal = new MemoryJournal();
        try (Ingress<Document, DocumentFlyweight> wide = Ingress.create(DocumentFlyweight.TYPE, 16))
        {
            final Pipeline pipeline = Pipeline.create("wide");
            pipeline.source(wide, WatermarkStrategy.noWatermarks(), "documents")
                .sink(CallbackSink.of(document -> documents.add(DocumentValue.copyOf(document))));
            try (Job job = pipeline.start(TestJobs.stepped().journaling(journal)))
            {
                for (int i = 0; i < 100; i++)
                {
                    final byte[] body = new byte[i * 29 % 3000];
                    java.util.Arrays.fill(body, (byte)i);
                    DocumentFlyweight out = wide.claim();
                    while (out == null)
                    {
                        job.doWork();
                        out = wide.claim();
                    }
                    out.number(i).body(body, 0, body.length);
                    expected.add(out.toValue());
                    wide.commit();
                    if (i % 3 == 0)
                    {
                        wide.publish();
                    }
                }
                wide.end();
                TestJobs.finish(job);
            }
            assertEquals(expected, documents);
            documents.clear();
            try (Job job = pipeline.start(TestJobs.stepped().journaling(journal)))
            {
                TestJobs.finish(job);
            }
            assertEquals(expected, documents);
        }
    }

    @ParameterizedTest
    @EnumSource(value = ThreadingMode.class, names = {"SHARED", "DEDICATED"})
    void shouldBringEverythingFromThreadToThread(final ThreadingMode mode) throws Exception
    {
        final long count = 100_000;
        final Job job = pipeline().start(new JobConfig().threading(mode).chaining(false).ringCapacity(64));
        try (job)
        {
            for (long i = 0; i < count; i++)
            {
                ReadingFlyweight out = ingress.claim();
                while (out == null)
                {
                    Thread.onSpinWait();
                    out = ingress.claim();
                }
                out.time(i).value(i);
                ingress.commit();
                if (i % 5 == 0)
                {
                    ingress.publish();
                }
            }
            ingress.end();
            job.await(60, TimeUnit.SECONDS);
            assertEquals(JobStatus.FINISHED, job.status());
        }
        assertEquals(count, ingress.durablePosition());
        assertEquals(LongStream.range(0, count).boxed().toList(), values);
        assertEquals(0, job.offHeapBytes());
    }

    private Pipeline pipeline()
    {
        final Pipeline pipeline = Pipeline.create("ingress");
        pipeline.source(ingress, WatermarkStrategy.forMonotonousTimestamps(), "readings")
            .sink(CallbackSink.identified((reading, metadata) ->
            {
                values.add(reading.value());
                causes.add(metadata.cause());
            }));
        return pipeline;
    }

    private void publish(final long... newValues)
    {
        for (final long value : newValues)
        {
            ingress.claim().time(value).value(value);
            ingress.commit();
        }
        ingress.publish();
    }
}
