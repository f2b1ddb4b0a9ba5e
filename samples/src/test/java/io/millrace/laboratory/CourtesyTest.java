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

import io.millrace.laboratory.CourtesyMain.Load;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * T22: garbage collections of the host do not wait for the engine. How long a JVM needs until all its threads stand still
 * is what it logs of itself. A thread that the machine's scheduler has put aside delays that too, so the bound is 2 ms, or
 * twice what as many threads need that do nothing but count, where that is more. A quarter of the safepoints are held to it,
 * and then all. A build beside others would measure them, so the long tier alone runs it.
 */
@Tag("long")
class CourtesyTest
{
    private static final int COLLECTIONS = Laboratory.size("collections", 20, 600);
    private static final long BOUND_NANOS = 2_000_000;
    private static final Pattern REACHING = Pattern.compile("Reaching safepoint: +([0-9]+) ns");

    @TempDir
    private Path directory;

    @Test
    void shouldLetTheHostCollectItsGarbage() throws IOException
    {
        final long[] nanos = run(Load.JOB, COLLECTIONS);
        final long bound = Math.max(BOUND_NANOS, 2 * quarter(run(Load.COUNTING, COLLECTIONS)));
        assertTrue(quarter(nanos) <= bound, "quarter=" + quarter(nanos) + " ns, bound=" + bound);
    }

    /** The longest, too. */
    @Test
    void shouldNeverLetTheHostWait() throws IOException
    {
        final long[] nanos = run(Load.JOB, COLLECTIONS);
        final long bound = Math.max(BOUND_NANOS, 2 * longest(run(Load.COUNTING, COLLECTIONS)));
        assertTrue(longest(nanos) <= bound, "longest=" + longest(nanos) + " ns, bound=" + bound);
    }

    /** The negative control. */
    @Test
    void shouldNoticeWorkThatNoSafepointInterrupts() throws IOException
    {
        final long[] nanos = run(Load.ONE_BIG_PIECE, 2 * COLLECTIONS);
        assertTrue(quarter(nanos) > BOUND_NANOS, "quarter=" + quarter(nanos) + " ns");
    }

    /** How long each safepoint took to reach, shortest first. */
    private long[] run(final Load load, final int collections) throws IOException
    {
        final Path log = directory.resolve(load + ".log");
        final List<String> flags = List.of("-XX:-UseSerialGC", "-XX:+UseG1GC", "-XX:TieredStopAtLevel=4", "-Xmx512m",
            "-Dmillrace.debug=false", "-Xlog:safepoint:file=" + log + "::filecount=0");
        try (CrashProcess process = new CrashProcess(directory, flags, CourtesyMain.class,
            List.of(directory.resolve(load.toString()).toString(), load.toString(), Integer.toString(collections))))
        {
            String line = process.readLine();
            while (line != null)
            {
                line = process.readLine();
            }
            assertEquals(0, process.exitStatus(), () -> CrashCampaign.text(directory.resolve("errors.log")));
        }
        final long[] nanos = reaching(Files.readAllLines(log));
        assertTrue(nanos.length >= collections, "safepoints=" + nanos.length + " collections=" + collections);
        Laboratory.report("T22", "%s: safepoints=%d reached in ns: quarter=%d middle=%d longest=%d", load, nanos.length,
            quarter(nanos), nanos[nanos.length / 2], longest(nanos));
        return nanos;
    }

    private static long[] reaching(final List<String> lines)
    {
        return lines.stream().map(REACHING::matcher).filter(Matcher::find)
            .mapToLong(matcher -> Long.parseLong(matcher.group(1))).sorted().toArray();
    }

    private static long quarter(final long[] nanos)
    {
        return nanos[nanos.length / 4];
    }

    private static long longest(final long[] nanos)
    {
        return nanos[nanos.length - 1];
    }
}
