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

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Kills a job with rolling files with SIGKILL, again and again. After each kill the files that are shown are the beginning
 * of the output, no fewer than before; at the end they are all of it.
 */
class RollingFileKillTest
{
    private static final int MAX_LINES = 3;

    @TempDir
    private Path directory;

    @Test
    void shouldBeExactAfterTwentyKills() throws IOException
    {
        kill(20, false);
    }

    @Test
    @Tag("slow")
    void shouldBeExactAfterManyKills() throws IOException
    {
        kill(200, false);
    }

    @Test
    @Tag("slow")
    void shouldBeExactAfterManyKillsWhenDurable() throws IOException
    {
        kill(50, true);
    }

    private void kill(final int kills, final boolean durable) throws IOException
    {
        final long seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.println("seed=" + seed + ": run again with -Dmillrace.seed=" + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        long shown = 0;
        for (int life = 1; life <= kills; life++)
        {
            try (SampleProcess process = start(durable))
            {
                final int lines = random.nextInt(MAX_LINES);
                for (int i = 0; i <= lines; i++)
                {
                    assertNotNull(process.nextLine(), "life " + life + " ended before it was killed:\n" + process.output());
                }
                process.kill();
            }
            final long now = shown();
            assertTrue(now >= shown, "life " + life + " took back what was shown: " + now + " after " + shown);
            shown = now;
        }
        try (SampleProcess process = start(durable))
        {
            assertTrue(process.awaitLine("done"), process::output);
            assertEquals(0, process.exitStatus(), process::output);
        }
        assertEquals(RollingFileMain.COUNT, shown());
    }

    private SampleProcess start(final boolean durable)
    {
        return SampleProcess.start(RollingFileMain.class, SampleProcess.flags(),
            List.of(directory.toString(), Boolean.toString(durable)));
    }

    /** How many numbers the files that are shown have, which must be those from 0 on. */
    private long shown() throws IOException
    {
        final Path out = directory.resolve("out");
        if (!Files.exists(out))
        {
            return 0;
        }
        long next = 0;
        try (Stream<Path> files = Files.list(out))
        {
            for (final Path file : files.filter(path -> path.toString().endsWith(".txt")).sorted().toList())
            {
                for (final String line : Files.readAllLines(file))
                {
                    assertEquals(next, Long.parseLong(line), () -> "in " + file);
                    next++;
                }
            }
        }
        return next;
    }
}
