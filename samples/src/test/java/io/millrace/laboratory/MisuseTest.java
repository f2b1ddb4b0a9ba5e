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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * T15: what is used after it was closed, or closed while it is used, gives a Java exception: no JVM dies, none leaves an
 * error file.
 */
@Tag("laboratory")
class MisuseTest
{
    private static final int RACES = Laboratory.size("races", 12, 1_000);

    @TempDir
    private Path directory;

    @Test
    void shouldRefuseInJavaWhateverIsMisused() throws IOException
    {
        try (CrashProcess process = new CrashProcess(
            directory, List.of(), MisuseMain.class, List.of(directory.toString(), Integer.toString(RACES))))
        {
            final StringBuilder output = new StringBuilder();
            for (String line = process.readLine(); line != null; line = process.readLine())
            {
                output.append(line).append('\n');
            }
            assertEquals(0, process.exitStatus(), () -> output + CrashCampaign.text(directory.resolve("errors.log")));
            Laboratory.report("T15", "%s", output.toString().trim());
        }
        assertEquals(0, errorFiles());
    }

    /** The negative control: a JVM that dies is noticed by its status and its error file. */
    @Test
    void shouldNoticeAJvmThatDies() throws IOException
    {
        try (CrashProcess process = new CrashProcess(directory, List.of(), DyingMain.class, List.of()))
        {
            assertNotEquals(0, process.exitStatus());
        }
        assertTrue(errorFiles() > 0);
    }

    private long errorFiles() throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.filter(file -> file.toString().contains("hs_err")).count();
        }
    }
}
