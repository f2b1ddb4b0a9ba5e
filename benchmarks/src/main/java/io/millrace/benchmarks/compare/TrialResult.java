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
package io.millrace.benchmarks.compare;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a trial has measured.
 *
 * @param events          that were timed
 * @param nanos           that they took
 * @param allocated       bytes on the heap by the threads that worked on them, -1 when that is not known
 * @param checkpoints     that were completed in that time
 * @param checkpointBytes that were handed over to be stored in that time
 * @param checksum        of all results, those of the warm-up included
 */
record TrialResult(
    long events, long nanos, long allocated, long checkpoints, long checkpointBytes, long checksum)
{
    private static final Pattern LINE = Pattern.compile("trial events=(\\d+) nanos=(\\d+) allocated=(-?\\d+) " +
        "checkpoints=(\\d+) checkpointBytes=(\\d+) checksum=(-?\\d+)");

    String toLine()
    {
        return "trial events=" + events + " nanos=" + nanos + " allocated=" + allocated + " checkpoints=" +
            checkpoints + " checkpointBytes=" + checkpointBytes + " checksum=" + checksum;
    }

    /** Reads what {@link #toLine()} wrote, or gives null. */
    static TrialResult parse(final String line)
    {
        final Matcher matcher = LINE.matcher(line);
        return !matcher.matches() ? null : new TrialResult(Long.parseLong(matcher.group(1)),
            Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4)),
            Long.parseLong(matcher.group(5)), Long.parseLong(matcher.group(6)));
    }

    double nanosPerEvent()
    {
        return (double)nanos / events;
    }

    double millionsPerSecond()
    {
        return 1e3 / nanosPerEvent();
    }

    double allocatedPerEvent()
    {
        return (double)allocated / events;
    }
}
