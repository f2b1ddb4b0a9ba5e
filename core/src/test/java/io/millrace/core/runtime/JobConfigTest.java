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

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.PlanBuilder;
import io.millrace.core.testing.HookOperator;
import io.millrace.core.testing.MessageFlyweight;
import io.millrace.core.testing.NumberSource;
import io.millrace.core.testing.TestJobs;
import io.millrace.core.time.WatermarkStrategy;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is refused before a job runs, with values and remedy. */
class JobConfigTest
{
    @Test
    void shouldRefuseRingsThatCannotBe()
    {
        assertFails("ringCapacity=1000 must be a power of two of at least 4: round it up to 1024",
            new JobConfig().ringCapacity(1_000));
        assertFails("round it up to 4", new JobConfig().ringCapacity(0));
        assertFails("round it up to 4", new JobConfig().ringCapacity(2));
        new JobConfig().ringCapacity(4).conclude();
    }

    @Test
    void shouldRefuseThreadsThatCannotBe()
    {
        final int cpus = Runtime.getRuntime().availableProcessors();
        assertFails("pins " + (cpus + 1) + " threads, but there are processors=" + cpus,
            new JobConfig().pinnedCpus(IntStream.rangeClosed(0, cpus).toArray()));
        assertFails("pinnedCpus=[0, 0] names a processor twice", new JobConfig().pinnedCpus(0, 0));
        assertFails("pinnedCpus=[-1] names a processor below 0", new JobConfig().pinnedCpus(-1));
        assertFails("the thread that steps the job is the caller's",
            new JobConfig().pinnedCpus(0).threading(ThreadingMode.INVOKER));
        assertFails("sharedThreads=-1 must be 1 or more", new JobConfig().sharedThreads(-1));
        assertFails("ioThread=false with threading=SHARED", new JobConfig().ioThread(false));
        assertFails("stopTimeout=PT0S must be above 0", new JobConfig().stopTimeout(Duration.ZERO));
    }

    @Test
    void shouldRefuseNumbersThatCannotBe()
    {
        assertEquals("restarts=-1 must be 0 or more",
            assertThrows(IllegalArgumentException.class, () -> new JobConfig().restarts(-1)).getMessage());
        assertFails("memoryLimit=0 bytes must be above 0", new JobConfig().memoryLimit(0));
        assertFails("maxParallelism=100 must be a power of two", new JobConfig().maxParallelism(100));
    }

    @Test
    void shouldRefuseChangesOnceConcluded()
    {
        final JobConfig config = new JobConfig().conclude().conclude();
        assertTrue(assertThrows(IllegalStateException.class, () -> config.ringCapacity(8)).getMessage()
            .contains("make another JobConfig"));
        assertThrows(IllegalStateException.class, () -> config.ioThread(true));
        assertThrows(IllegalStateException.class, () -> config.stopTimeout(Duration.ofSeconds(1)));
    }

    @Test
    void shouldRefuseARecordLongerThanHalfARing()
    {
        final PlanBuilder builder = TestJobs.plan();
        final OperatorFactory<Source> source = OperatorFactory.of(NumberSource.class, 1L);
        final OperatorFactory<Operator> sink = OperatorFactory.of(HookOperator.class);
        builder.connect(builder.source("messages", source, MessageFlyweight.TYPE,
            WatermarkStrategy.forMonotonousTimestamps()), null,
            builder.operator("sink", sink, null, 1).startNewChain(), Exchange.FORWARD, null);
        final IllegalArgumentException failure = assertThrows(IllegalArgumentException.class,
            () -> Job.start(builder.build(128, true), new JobConfig().ringCapacity(4)));
        assertTrue(failure.getMessage().contains("slots=3, more than half of ringCapacity=4: raise ringCapacity"),
            failure.getMessage());
    }

    @Test
    void shouldNameTheClassThatPinningNeeds() throws IOException
    {
        CpuPin.check();
        try (URLClassLoader without = new URLClassLoader(new URL[0], null))
        {
            final IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> CpuPin.check(without));
            assertTrue(failure.getMessage().startsWith("pinnedCpus is set but class=net.openhft.affinity.Affinity is " +
                "not on the class path: add net.openhft:affinity"), failure.getMessage());
        }
    }

    @Test
    void shouldNameTheMissingFlagOfTheJvm() throws Exception
    {
        final Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp", System.getProperty("java.class.path"), "-Xmx64m", FlaglessMain.class.getName())
            .redirectErrorStream(true).start();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(3, process.exitValue(), text);
        assertTrue(text.contains("a JVM flag is missing: add to the java command line: " +
            "--add-opens java.base/jdk.internal.misc=ALL-UNNAMED"), text);
    }

    @Test
    void shouldParkForAtMostAHundredMicroseconds()
    {
        assertTrue(WaitMode.BACKOFF.newIdleStrategy().toString().contains("maxParkPeriodNs=100000"),
            WaitMode.BACKOFF.newIdleStrategy().toString());
        assertNotEquals(WaitMode.BACKOFF.newIdleStrategy(), WaitMode.BACKOFF.newIdleStrategy(),
            "one a thread, since it counts");
        assertTrue(WaitMode.BACKOFF.newIdleStrategy() instanceof BackoffIdleStrategy);
    }

    private static void assertFails(final String message, final JobConfig config)
    {
        final IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, config::conclude);
        assertTrue(failure.getMessage().contains(message), failure.getMessage());
    }
}
