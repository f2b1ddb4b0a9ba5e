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

import io.millrace.benchmarks.workload.RecoverableState;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a child process of {@link RecoveryCommand} runs, and what it has measured: one start of a job from its checkpoints, until
 * it has processed a record.
 *
 * @param restoredNanos from the start of the job until all state was restored
 * @param firstNanos    from the start of the job until the first record was processed
 * @param checkpoint    that was restored
 * @param offHeapBytes  of the job then
 */
public record Recovery(long restoredNanos, long firstNanos, long checkpoint, long offHeapBytes)
{
    private static final int VERIFIED = 20_000;
    private static final Pattern LINE =
        Pattern.compile("recovery restored=(\\d+) first=(\\d+) checkpoint=(\\d+) offHeap=(\\d+)");

    /**
     * Recovers.
     *
     * @param args directory of the checkpoints, and number of keys
     */
    public static void main(final String[] args)
    {
        final Path directory = Path.of(args[0]);
        final int keys = Integer.parseInt(args[1]);
        final long start = System.nanoTime();
        try (RecoverableState state = new RecoverableState(directory, keys))
        {
            final long restored = System.nanoTime();
            state.process(1);
            final long first = System.nanoTime();
            final Recovery recovery =
                new Recovery(restored - start, first - start, state.restoredCheckpoint(), state.offHeapBytes());
            // It counts only when what was restored is right.
            state.verify(VERIFIED);
            System.out.println(recovery.toLine());
        }
    }

    /** Runs a recovery in a JVM of its own. */
    static Recovery run(final ForkedJvm jvm, final Path directory, final int keys)
    {
        final List<String> lines = jvm.run(Recovery.class, List.of(directory.toString(), Integer.toString(keys)));
        return lines.stream().map(Recovery::parse).filter(recovery -> recovery != null && recovery.checkpoint != 0).findFirst()
            .orElseThrow(() -> new IllegalStateException("lines=" + lines + " tell of no recovery from directory=" + directory +
                ": was there a checkpoint?"));
    }

    private String toLine()
    {
        return "recovery restored=" + restoredNanos + " first=" + firstNanos + " checkpoint=" + checkpoint + " offHeap=" +
            offHeapBytes;
    }

    private static Recovery parse(final String line)
    {
        final Matcher matcher = LINE.matcher(line);
        return !matcher.matches() ? null : new Recovery(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)),
            Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4)));
    }
}
