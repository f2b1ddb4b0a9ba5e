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
package io.millrace.benchmarks;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BenchmarksTest
{
    @Test
    void shouldGiveForksTheFlagsOfTheEngine()
    {
        final String[] args = {"-f", "1"};

        assertArrayEquals(
            new String[]{"-jvmArgsPrepend", "--add-opens=a", "-f", "1"},
            Benchmarks.withForkFlags(args, "--add-opens=a"));
    }

    @Test
    void shouldKeepTheFlagsThatTheUserGivesForks()
    {
        final String[] args = {"-jvmArgsPrepend", "-Xmx1g", "-f", "1"};

        assertArrayEquals(
            new String[]{"-jvmArgsPrepend", "--add-opens=a -Xmx1g", "-f", "1"},
            Benchmarks.withForkFlags(args, "--add-opens=a"));
    }

    @Test
    void shouldReadTheFlagsThatTheBuildWrote()
    {
        final List<String> flags = Benchmarks.flagList();

        assertTrue(flags.contains("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"), flags::toString);
        assertFalse(flags.stream().anyMatch(flag -> flag.contains("${") || flag.isEmpty()), flags::toString);
    }
}
