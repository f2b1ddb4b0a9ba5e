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
package io.millrace.samples.replay;

import io.millrace.checkpoint.replay.ReplayReport;
import io.millrace.core.runtime.ThreadingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A replay whose process is killed in the middle is started again, and has touched nothing. */
class ReplayKillTest
{
    private static final long SEED = 4;
    private static final int RECORDS = 600;

    @TempDir
    private Path directory;

    @Test
    void shouldBeginAgainAfterAKill() throws Exception
    {
        final Recording recording = new Recording(directory, SEED, RECORDS);
        recording.run(ThreadingMode.SHARED, 64, Fault.NONE);
        final List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-agentlib")).toList());
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
             ReplayKillMain.class.getName(), directory.toString(),
            Long.toString(SEED), Integer.toString(RECORDS), "50"));
        final Process process = new ProcessBuilder(command)
            .redirectErrorStream(true).redirectOutput(directory.resolve("killed.log").toFile()).start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        assertEquals(137, process.exitValue());
        final ReplayReport report = recording.replay(Fault.NONE).run();
        assertTrue(report.isSame() && report.same() > 0 && report.finished(), report.toString());
    }
}
