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
package io.millrace.samples;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** The README's job is the region of a sample that compiles. */
class ReadmeTest
{
    private static final int MAX_LINES = 150;

    @Test
    void shouldShowTheSamplesJob() throws IOException
    {
        final String source = Files.readString(
            Path.of("src/main/java/io/millrace/samples/marketdata/MarketDataPipeline.java"));
        final String readme = Files.readString(Path.of("../README.md"));
        final String job = region(source, "job").stripTrailing().stripIndent();
        assertTrue(readme.contains("```java\n" + job + "\n```"), () -> "README.md does not show\n" + job);
        assertTrue(readme.lines().count() <= MAX_LINES, "README.md has more than " + MAX_LINES + " lines");
    }

    private static String region(final String source, final String name)
    {
        final String begin = "// tag::" + name + "[]\n";
        return source.substring(source.indexOf(begin) + begin.length(), source.indexOf("// end::" + name + "[]"));
    }
}
