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
package io.millrace.laboratory;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * T11: a sink that becomes 100 times slower, and then stands still. Nothing is dropped, memory grows by 64 MiB at most, of
 * the process and of the job's regions, and each checkpoint completes or times out.
 */
class SlowSinkTest
{
    /** Memory of the heap is there from the start, so that it does not count as growth. */
    private static final List<String> FLAGS =
        List.of("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=1g");

    @TempDir
    private Path directory;

    @Test
    @Tag("laboratory")
    void shouldHoldTheSourcesUpAndDropNothing()
    {
        final String output = run(SlowSinkMain.Fault.NONE, 0, 256, 2_000, 1_200, 800);
        Laboratory.report("T11", "%s", output);
    }

    @Test
    @Tag("long")
    void shouldHoldTheSourcesUpForLongAndDropNothing()
    {
        final int seconds = Laboratory.size("slow.seconds", 60, 60);
        final String output = run(SlowSinkMain.Fault.NONE, 0, 1024, 1_000L * seconds, 500L * seconds, 5_000);
        Laboratory.report("T11 long", "%s", output);
    }

    /** The negative control: a sink that keeps what it has no time for. */
    @Test
    @Tag("long")
    void shouldNoticeMemoryThatGrows()
    {
        final String output = run(SlowSinkMain.Fault.KEEPS, SlowSinkMain.WRONG, 256, 60_000, 0, 800);
        assertTrue(output.contains("memory has grown"), output);
    }

    /** The negative control: a sink that leaves out what it has no time for. */
    @Test
    @Tag("laboratory")
    void shouldNoticeRecordsThatAreDropped()
    {
        final String output = run(SlowSinkMain.Fault.DROPS, SlowSinkMain.WRONG, 256, 10_000, 0, 800);
        assertTrue(output.contains("Violation"), output);
    }

    private String run(
        final SlowSinkMain.Fault fault, final int status, final int ring, final long slow, final long stall, final long timeout)
    {
        try (CrashProcess process = new CrashProcess(directory, FLAGS, SlowSinkMain.class, List.of(
            directory.resolve("checkpoints").toString(), fault.toString(), Integer.toString(ring), Long.toString(slow),
            Long.toString(stall), Long.toString(timeout))))
        {
            final StringBuilder output = new StringBuilder();
            for (String line = process.readLine(); line != null; line = process.readLine())
            {
                output.append(line).append('\n');
            }
            assertEquals(status, process.exitStatus(), () -> output + CrashCampaign.text(directory.resolve("errors.log")));
            return output.toString().trim();
        }
    }
}
