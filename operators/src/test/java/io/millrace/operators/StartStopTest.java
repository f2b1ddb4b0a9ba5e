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

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A thousand starts and stops leave nothing, in a JVM of their own, so that nothing else is counted. */
@Tag("laboratory")
class StartStopTest
{
    private static final int STARTS = 1_000;
    /** Isolated operators of one start: each start brings at least so many classes. */
    private static final int CLASSES_PER_START = 5;

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNothingAfterAThousandStartsAndStops() throws Exception
    {
        final List<String> lines = ForkedJvm.run(StartStopMain.class, Integer.toString(STARTS));
        lines.forEach(System.out::println);
        // A few of each come and go with the JVM's own work; one a start would be a thousand.
        assertGrowsByLessThan(STARTS / 5, "maps", lines);
        assertGrowsByLessThan(STARTS / 5, "classes", lines);
        assertGrowsByLessThan(4, "threads", lines);
        assertGrowsByLessThan(4 << 20, "metaspace", lines);
        final long unloaded = Long.parseLong(find("unloaded", lines)[1]);
        assertTrue(unloaded > (long)STARTS * CLASSES_PER_START, "classes unloaded=" + unloaded);
        assertTrue(find("first-result", lines).length > 1, lines.toString());
    }

    private static void assertGrowsByLessThan(final long bound, final String figure, final List<String> lines)
    {
        final String[] words = find(figure, lines);
        final long growth = Long.parseLong(words[2]) - Long.parseLong(words[1]);
        assertTrue(growth < bound, figure + " growth=" + growth + " in starts=" + STARTS + ": " + lines);
    }

    private static String[] find(final String figure, final List<String> lines)
    {
        return lines.stream().filter(line -> line.startsWith(figure + " ")).findFirst().orElseThrow(() ->
            new AssertionError("no " + figure + " in " + lines)).split(" ", -1);
    }
}
