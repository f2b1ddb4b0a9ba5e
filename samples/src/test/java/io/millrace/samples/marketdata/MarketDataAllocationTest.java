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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Nothing is allocated per trade: measured in a JVM of its own, since debug mode, which tests run in, allocates. */
class MarketDataAllocationTest
{
    private static final int BYTES_PER_CHECKPOINT = 1024;

    @TempDir
    Path directory;

    @Test
    void shouldAllocateNothingPerTrade()
    {
        final List<String> flags = SampleProcess.flags().stream()
            .filter(flag -> !flag.startsWith("-Dmillrace.debug") && !flag.startsWith("-XX:TieredStopAtLevel")).toList();
        try (SampleProcess process = SampleProcess.start(AllocationMain.class, flags, List.of(directory.toString())))
        {
            final int status = process.exitStatus();
            assertEquals(0, status, process::output);
            final String output = process.output();
            final String[] words = output.lines().filter(line -> line.startsWith("allocated ")).findFirst()
                .orElseThrow(() -> new AssertionError(output)).split(" ", -1);
            // What remains is a few objects for each checkpoint, about 750 bytes, and for each block of a journal that is mapped.
            final long checkpoints = Long.parseLong(words[2]) / JobSettings.TRADES_PER_CHECKPOINT;
            assertTrue(Long.parseLong(words[1]) < checkpoints * BYTES_PER_CHECKPOINT, output);
            // And the one of the end.
            assertTrue(output.lines().anyMatch("checkpoints 251"::equals), output);
        }
    }
}
