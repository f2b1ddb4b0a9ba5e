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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Nothing is allocated per event: measured in a JVM of its own, since debug mode, which tests run in, allocates. */
class PipelineAllocationTest
{
    @ParameterizedTest
    @CsvSource({
        "filterAndMap, true, 1", "filterAndMap, false, 2", "runningSum, true, 1", "runningSum, false, 2",
        "tumblingWindow, true, 1", "tumblingWindow, false, 2", "sessionWindow, true, 1", "slidingWindow, true, 1",
        "slidingReduction, true, 1", "textKeys, true, 1", "fileSink, true, 1", "windowJoin, true, 1",
        "coGroup, true, 1", "sessionJoin, true, 1", "intervalJoin, true, 1", "asOfJoin, true, 1",
        "countWindow, true, 1", "triggeredWindow, true, 1", "process, true, 1", "pattern, true, 1",
        "assignedTimestamps, true, 2", "enrich, true, 1", "broadcast, true, 1", "expiringState, true, 1",
        "deduplicate, true, 1", "deduplicate, false, 2", "distinct, true, 1", "limit, true, 1", "sample, true, 1", "conflate, true, 1",
        "conflateOnDemand, true, 1", "topN, true, 1", "topNOfWindow, true, 1", "quantiles, true, 1",
        "quantilesOfWindow, true, 1"})
    void shouldAllocateNothingPerEvent(final String workload, final boolean chaining, final int threads) throws Exception
    {
        final List<String> lines = ForkedJvm.run(AllocationMain.class, workload, Boolean.toString(chaining));
        final List<String> tasks = lines.stream()
            .filter(line -> line.startsWith("millrace-") && !line.startsWith("millrace-allocation-io ")).toList();
        assertTrue(tasks.size() >= threads || Runtime.getRuntime().availableProcessors() < threads, lines.toString());
        for (final String line : tasks)
        {
            final String[] words = line.split(" ", -1);
            assertEquals("0", words[words.length - 2], workload + ": bytes for " + words[words.length - 1] + " events: " + line);
        }
    }
}
