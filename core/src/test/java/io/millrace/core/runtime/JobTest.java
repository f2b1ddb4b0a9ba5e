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
package io.millrace.core.runtime;

import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanBuilder;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.testing.Hook;
import io.millrace.core.testing.InMemoryCheckpoints;
import io.millrace.core.testing.Reading;
import io.millrace.core.testing.TestJobs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JobTest
{
    private static final long ENDLESS = Long.MAX_VALUE;

    @AfterEach
    void shouldLeaveNoThread()
    {
        assertEquals(List.of(), engineThreads());
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldFinish(final ThreadingMode mode) throws Exception
    {
        final AtomicLong seen = new AtomicLong();
        final Job job = Job.start(plan(1_000, reading -> seen.incrementAndGet(), false), config(mode));
        stepIfInvoked(job, mode);
        job.await(30, TimeUnit.SECONDS);
        assertEquals(JobStatus.FINISHED, job.status());
        assertEquals(1_000, seen.get());
        assertEquals(0, job.offHeapBytes());
        assertNull(job.failure());
        job.close();
        job.close();
        assertEquals(JobStatus.FINISHED, job.status());
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldBeCancelled(final ThreadingMode mode) throws Exception
    {
        final CountDownLatch flowing = new CountDownLatch(1_000);
        final Job job = Job.start(plan(ENDLESS, reading -> flowing.countDown(), false), config(mode));
        while (mode == ThreadingMode.INVOKER && flowing.getCount() > 0)
        {
            job.doWork();
        }
        assertTrue(flowing.await(30, TimeUnit.SECONDS));
        assertTrue(job.offHeapBytes() > 0);
        job.close();
        assertEquals(JobStatus.CANCELLED, job.status());
        assertEquals(0, job.offHeapBytes());
        assertEquals(List.of(), engineThreads());
        job.close();
        job.await();
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldFailWithOperatorRecordAndPosition(final ThreadingMode mode)
    {
        final Hook hook = reading ->
        {
            if (reading.value() == 321)
            {
                throw new IllegalArgumentException("bad luck");
            }
        };
        try (Job job = Job.start(plan(ENDLESS, hook, false), config(mode)))
        {
            stepIfInvoked(job, mode);
            final JobFailedException failure =
                assertThrows(JobFailedException.class, () -> job.await(30, TimeUnit.SECONDS));
            assertEquals(JobStatus.FAILED, job.status());
            assertEquals("job test failed: task=hook operator=hook record at position=321 timestamp=321 " +
                "record=Reading[time=321, key=6, value=321]: java.lang.IllegalArgumentException: bad luck",
                failure.getMessage());
            assertEquals(failure.getMessage(), job.failure().getMessage());
            assertTrue(job.failure().getCause() instanceof IllegalArgumentException);
            assertEquals(0, job.offHeapBytes());
        }
    }

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldEndWhenACallbackClosesIt(final ThreadingMode mode) throws Exception
    {
        final AtomicReference<Job> self = new AtomicReference<>();
        final Hook hook = reading ->
        {
            final Job job = self.get();
            if (job != null && reading.value() > 10)
            {
                job.close();
            }
        };
        try (Job job = Job.start(plan(ENDLESS, hook, true), config(mode)))
        {
            self.set(job);
            stepIfInvoked(job, mode);
            job.await(30, TimeUnit.SECONDS);
            assertEquals(JobStatus.CANCELLED, job.status());
            assertEquals(0, job.offHeapBytes());
        }
    }

    @Test
    void shouldRefuseToWaitForItselfInACallback() throws Exception
    {
        final AtomicReference<Job> self = new AtomicReference<>();
        final Hook hook = reading ->
        {
            try
            {
                self.get().await();
            }
            catch (final InterruptedException exception)
            {
                throw new IllegalStateException(exception);
            }
        };
        try (Job job = Job.start(plan(ENDLESS, hook, true), config(ThreadingMode.INVOKER)))
        {
            self.set(job);
            TestJobs.stepToEnd(job);
            assertTrue(job.failure().getMessage().contains("would wait for itself"), job.failure().getMessage());
        }
    }

    @Test
    void shouldRefuseToBeSteppedInACallback()
    {
        final AtomicReference<Job> self = new AtomicReference<>();
        try (Job job = Job.start(plan(ENDLESS, reading -> self.get().doWork(), true), config(ThreadingMode.INVOKER)))
        {
            self.set(job);
            TestJobs.stepToEnd(job);
            assertTrue(job.failure().getMessage().contains("within a callback"), job.failure().getMessage());
        }
    }

    @Test
    void shouldRefuseToBeSteppedWhenItHasThreads()
    {
        try (Job job = Job.start(plan(ENDLESS, JobTest::ignore, true), config(ThreadingMode.SHARED)))
        {
            final IllegalStateException failure = assertThrows(IllegalStateException.class, job::doWork);
            assertTrue(failure.getMessage().contains("threading=SHARED"), failure.getMessage());
        }
    }

    @Test
    void shouldWaitForSoLongOnly()
    {
        try (Job job = Job.start(plan(ENDLESS, JobTest::ignore, true), config(ThreadingMode.SHARED)))
        {
            assertThrows(TimeoutException.class, () -> job.await(1, TimeUnit.MILLISECONDS));
        }
    }

    @Test
    void shouldCloseInTimeAndKeepMemoryThatAFunctionHangsIn() throws Exception
    {
        final CountDownLatch hanging = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        final Hook hook = reading ->
        {
            hanging.countDown();
            awaitUninterruptibly(release);
        };
        final Job job = Job.start(plan(ENDLESS, hook, false),
            config(ThreadingMode.DEDICATED).stopTimeout(Duration.ofMillis(50)));
        assertTrue(hanging.await(30, TimeUnit.SECONDS));
        job.close();
        assertEquals(JobStatus.FAILED, job.status());
        assertTrue(job.failure().getMessage().contains("[millrace-test-hook] did not stop within stopTimeout=PT0.05S"),
            job.failure().getMessage());
        assertTrue(job.offHeapBytes() > 0, "memory is kept under a function that may touch it");
        assertThrows(JobFailedException.class, job::await);
        final Thread thread = engineThreads().get(0);
        release.countDown();
        thread.join(30_000);
        job.close();
    }

    @Test
    void shouldInterruptAFunctionThatBlocks() throws Exception
    {
        final CountDownLatch blocked = new CountDownLatch(1);
        final CountDownLatch never = new CountDownLatch(1);
        final Hook hook = reading ->
        {
            blocked.countDown();
            try
            {
                never.await();
            }
            catch (final InterruptedException exception)
            {
                throw new IllegalStateException("interrupted", exception);
            }
        };
        final Job job = Job.start(plan(ENDLESS, hook, false),
            config(ThreadingMode.DEDICATED).stopTimeout(Duration.ofMillis(20)));
        assertTrue(blocked.await(30, TimeUnit.SECONDS));
        job.close();
        assertEquals(JobStatus.CANCELLED, job.status());
        assertEquals(0, job.offHeapBytes());
    }

    @Test
    void shouldNotFreeMemoryUnderItsThreadsWhenTheCloserIsInterrupted()
    {
        final Job job = Job.start(plan(ENDLESS, JobTest::ignore, false), config(ThreadingMode.DEDICATED));
        Thread.currentThread().interrupt();
        job.close();
        assertTrue(Thread.interrupted(), "the interrupt is kept for the caller");
        assertEquals(JobStatus.CANCELLED, job.status());
        assertEquals(List.of(), engineThreads());
        assertEquals(0, job.offHeapBytes());
    }

    @Test
    void shouldCloseWhenAnotherThreadHangsInAStep() throws Exception
    {
        final CountDownLatch hanging = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        final Hook hook = reading ->
        {
            hanging.countDown();
            awaitUninterruptibly(release);
        };
        final Job job = Job.start(plan(ENDLESS, hook, true),
            config(ThreadingMode.INVOKER).stopTimeout(Duration.ofMillis(20)));
        final Thread stepper = new Thread(job::doWork, "stepper");
        stepper.start();
        assertTrue(hanging.await(30, TimeUnit.SECONDS));
        job.close();
        assertTrue(job.failure().getMessage().contains("stepper"), job.failure().getMessage());
        assertTrue(job.offHeapBytes() > 0);
        release.countDown();
        stepper.join();
        assertEquals(0, job.offHeapBytes(), "freed when the step returned after all");
    }

    @Test
    void shouldFailWhenCheckpointsCannotBeStored()
    {
        final InMemoryCheckpoints checkpoints = new InMemoryCheckpoints(10).declining(id ->
        {
            throw new IllegalStateException("disk on fire");
        });
        try (Job job = Job.start(plan(ENDLESS, JobTest::ignore, false),
            config(ThreadingMode.DEDICATED).checkpointing(checkpoints)))
        {
            final JobFailedException failure =
                assertThrows(JobFailedException.class, () -> job.await(30, TimeUnit.SECONDS));
            assertTrue(failure.getMessage().contains("cannot be stored: disk on fire"), failure.getMessage());
            assertEquals(0, job.offHeapBytes());
        }
    }

    @Test
    void shouldFailWhenItsMemoryIsUsedUp()
    {
        final PlanBuilder builder = TestJobs.plan();
        TestJobs.hook(builder, "hook", TestJobs.sums(builder, TestJobs.numbers(builder, "numbers", ENDLESS), 1),
            JobTest::ignore);
        final IllegalStateException failure = assertThrows(IllegalStateException.class,
            () -> Job.start(builder.build(128, true), config(ThreadingMode.INVOKER).memoryLimit(1 << 18)));
        assertTrue(failure.getMessage().contains("memory limit of job test reached"), failure.getMessage());
    }

    @Test
    void shouldSayWhatItsMemoryIsForAndRefuseToStartAboveTheLimit()
    {
        final PlanBuilder builder = TestJobs.plan();
        TestJobs.hook(builder, "hook", TestJobs.sums(builder, TestJobs.numbers(builder, "numbers", ENDLESS), 2),
            JobTest::ignore);
        final Plan plan = builder.build(128, true);
        final String least;
        try (Job job = Job.start(plan, config(ThreadingMode.INVOKER).memoryLimit(1L << 28)))
        {
            final String text = job.explainMemory();
            assertTrue(text.startsWith("memory of job test: held="), text);
            assertTrue(text.contains(" limit=" + (1L << 28) + ", at least "), text);
            assertTrue(text.contains("state on OFF_HEAP=2 x 0"), text);
            assertTrue(text.contains(" state of "), text);
            least = text.replaceAll("(?s).*at least (\\d+).*", "$1");
            assertTrue(Long.parseLong(least) > 0 && Long.parseLong(least) < job.offHeapBytes(), text);
        }
        final long limit = Long.parseLong(least) - 1;
        final String message = assertThrows(IllegalStateException.class, () ->
            Job.start(plan, config(ThreadingMode.INVOKER).memoryLimit(limit))).getMessage();
        assertTrue(message.contains("takes bytes=" + least + " at least, memoryLimit=" + limit + ": rings="), message);
    }

    @Test
    void shouldRefuseACheckpointWhenThereIsNoServiceOrNoJob()
    {
        final Job job = Job.start(plan(ENDLESS, JobTest::ignore, true), config(ThreadingMode.INVOKER));
        assertTrue(assertThrows(IllegalStateException.class, job::checkpoint).getMessage()
            .contains("configure them with JobConfig.checkpointing(...)"));
        job.close();
        assertTrue(assertThrows(IllegalStateException.class, job::checkpoint).getMessage()
            .contains("status=CANCELLED"));
    }

    @Test
    void shouldFailOnAnErrorAsWell()
    {
        final PlanBuilder builder = TestJobs.plan();
        final PlanNode numbers = TestJobs.numbers(builder, "numbers", 10);
        TestJobs.hook(builder, "error", numbers, new ErrorHook());
        final Plan plan = builder.build(128, false);
        try (Job job = Job.start(plan, config(ThreadingMode.INVOKER)))
        {
            TestJobs.stepToEnd(job);
            assertEquals(JobStatus.FAILED, job.status());
        }
    }

    @Test
    void shouldShowItsThreads()
    {
        try (Job job = Job.start(plan(ENDLESS, JobTest::ignore, false), config(ThreadingMode.DEDICATED)))
        {
            assertTrue(job.explain().endsWith("threads: DEDICATED\n  numbers\n  hook\n"), job.explain());
        }
    }

    @Test
    void shouldPinItsThreads() throws Exception
    {
        try (Job job = Job.start(plan(1_000, JobTest::ignore, true), config(ThreadingMode.DEDICATED).pinnedCpus(0)))
        {
            job.await(30, TimeUnit.SECONDS);
            // Where the processor may not be had the report says so; it is never silent.
            assertTrue(job.explain().contains("cpu=0"), job.explain());
        }
    }

    @Test
    void shouldLeaveNothingAfterManyStartsAndStops() throws Exception
    {
        startAndStop(50);
    }

    @Test
    @Tag("slow")
    void shouldLeaveNothingAfterAThousandStartsAndStops() throws Exception
    {
        startAndStop(1_000);
    }

    @Test
    void shouldReportTheTimeToTheFirstResult() throws Exception
    {
        long nanos = 0;
        for (int i = 0; i < 20; i++)
        {
            final CountDownLatch first = new CountDownLatch(1);
            final long begin = System.nanoTime();
            try (Job job = Job.start(plan(ENDLESS, reading -> first.countDown(), false), config(ThreadingMode.SHARED)))
            {
                assertTrue(first.await(30, TimeUnit.SECONDS));
                nanos = System.nanoTime() - begin;
                assertEquals(JobStatus.RUNNING, job.status());
            }
        }
        System.out.println("start to first result, warm: " + TimeUnit.NANOSECONDS.toMicros(nanos) + " us");
    }

    private static void startAndStop(final int times) throws Exception
    {
        final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < times; i++)
        {
            final CountDownLatch flowing = new CountDownLatch(1);
            final AtomicReference<ClassLoader> loader = new AtomicReference<>();
            final Hook hook = reading ->
            {
                loader.set(StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).walk(frames ->
                    frames.skip(1).findFirst().orElseThrow().getDeclaringClass().getClassLoader()));
                flowing.countDown();
            };
            final ThreadingMode mode = i % 2 == 0 ? ThreadingMode.DEDICATED : ThreadingMode.SHARED;
            final Job job = Job.start(plan(ENDLESS, hook, i % 3 == 0), config(mode));
            assertTrue(flowing.await(30, TimeUnit.SECONDS));
            job.close();
            assertEquals(0, job.offHeapBytes());
            assertEquals(List.of(), engineThreads());
            loaders.add(new WeakReference<>(loader.get()));
        }
        assertNotNull(loaders.get(0));
        // A compilation that is under way holds on to the classes that it compiles.
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (live(loaders) > 1 && System.nanoTime() < deadline)
        {
            System.gc();
        }
        assertTrue(live(loaders) <= 1, "class loaders of isolated operators alive=" + live(loaders));
    }

    private static long live(final List<WeakReference<ClassLoader>> loaders)
    {
        return loaders.stream().filter(loader -> loader.get() != null).count();
    }

    private static Plan plan(final long count, final Hook hook, final boolean chaining)
    {
        final PlanBuilder builder = TestJobs.plan();
        TestJobs.hook(builder, "hook", TestJobs.numbers(builder, "numbers", count), hook);
        return builder.build(128, chaining);
    }

    private static void ignore(final Reading reading)
    {
    }

    private static JobConfig config(final ThreadingMode mode)
    {
        return new JobConfig().threading(mode).ringCapacity(16);
    }

    private static void stepIfInvoked(final Job job, final ThreadingMode mode)
    {
        if (mode == ThreadingMode.INVOKER)
        {
            TestJobs.stepToEnd(job);
        }
    }

    private static void awaitUninterruptibly(final CountDownLatch latch)
    {
        boolean interrupted = false;
        while (latch.getCount() > 0)
        {
            try
            {
                latch.await();
            }
            catch (final InterruptedException exception)
            {
                interrupted = true;
            }
        }
        if (interrupted)
        {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Thread> engineThreads()
    {
        return Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("millrace-")).toList();
    }

    private static final class ErrorHook implements Hook
    {
        @Override
        public void accept(final Reading reading)
        {
            throw new AssertionError("an error that is no exception");
        }
    }
}
