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
package io.millrace.memory.ring;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Runs {@link RecordRingStress} in JVMs of its own. {@code -Dmillrace.jcstress.mode=tough} takes hours instead of minutes;
 * the report lies in {@code target/jcstress}.
 */
class RecordRingStressTest
{
    private static final String MODE = System.getProperty("millrace.jcstress.mode", "quick");

    @Test
    void shouldSeeNothingForbidden() throws IOException, InterruptedException
    {
        final List<String> lines = run("RecordRingStress\\.(Publication|TwoConsumers|Reuse|PendingCause)");
        assertTrue(has(lines, "Failed tests: No matches."), () -> text(lines));
        assertTrue(has(lines, "Error tests: No matches."), () -> text(lines));
        assertTrue(has(lines, "4 matching test results"), () -> text(lines));
    }

    /** The negative control: what the hardware reorders is seen. */
    @Test
    void shouldNoticeWhatIsReordered() throws IOException, InterruptedException
    {
        final List<String> lines = run("RecordRingStress\\.Control");
        assertTrue(has(lines, "Interesting tests: ") && !has(lines, "Interesting tests: No matches."), () -> text(lines));
    }

    private static boolean has(final List<String> lines, final String part)
    {
        return lines.stream().anyMatch(line -> line.contains(part));
    }

    private static String text(final List<String> lines)
    {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 200), lines.size()));
    }

    private static List<String> run(final String tests) throws IOException, InterruptedException
    {
        final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        final List<String> command = new ArrayList<>(List.of(java.toString()));
        final List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX:+IgnoreUnrecognized")).toList();
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "org.openjdk.jcstress.Main", "-t", tests, "-m", MODE, "-c", "2", "-r", "target/jcstress", "--jvmArgsPrepend",
            String.join(" ", flags)));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final List<String> lines;
        try (var output = process.inputReader(StandardCharsets.UTF_8))
        {
            lines = output.lines().toList();
        }
        process.waitFor();
        return lines;
    }
}
