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

import io.millrace.checkpoint.replay.ReplayCommand;
import io.millrace.core.runtime.ThreadingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The command line of replays. */
class ReplayCommandTest
{
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @Test
    void shouldSayWhatDiffers() throws Exception
    {
        final Recording recording = new Recording(directory, RecordedPipeline.SEED, RecordedPipeline.RECORDS);
        recording.run(ThreadingMode.SHARED, 64, Fault.NONE);
        final String recorded = RecordedPipeline.class.getName();
        final String changed = ChangedPipeline.class.getName();
        assertEquals(0, run(recording, recorded, "--compare"), this::text);
        assertTrue(text().contains("changed=0"), this::text);
        assertEquals(1, run(recording, changed, "--compare", "--list", "3"), this::text);
        assertTrue(text().contains("first difference: operator shape (uid shape, instance 0)"), this::text);
        assertTrue(text().contains("  * "), this::text);
        assertEquals(1, run(recording, changed, "--against", recorded), this::text);
        assertEquals(0, run(recording, changed, "--against", changed), this::text);
        assertEquals(0, run(recording, recorded, "--step", "2"), this::text);
        assertTrue(text().contains("step 2: source source-"), this::text);
        assertEquals(2, run(recording, recorded, "--step", "2", "--compare"), this::text);
        assertTrue(text().contains("leave out --compare"), this::text);
        assertEquals(3, run(recording, recorded, "--to", "cause:-1", "--compare"), this::text);
        assertTrue(text().contains("nothing was compared"), this::text);
        assertEquals(0, run(recording, recorded, "--to", "source-0:100", "--compare"), this::text);
        assertTrue(text().contains("and stopped"), this::text);
    }

    @Test
    void shouldRefuseWhatMakesNoSense() throws Exception
    {
        assertEquals(2, run("nowhere.Pipeline", "--scratch", "x"), this::text);
        assertTrue(text().contains("class=nowhere.Pipeline must be on the class path"), this::text);
        assertEquals(2, run(String.class.getName(), "--scratch", "x"), this::text);
        assertTrue(text().contains("does not implement"), this::text);
        assertEquals(2, run(RecordedPipeline.class.getName()), this::text);
        assertEquals(0, run("--help"), this::text);
        assertTrue(text().contains("--against"), this::text);
    }

    private int run(final Recording recording, final String pipeline, final String... more)
    {
        final List<String> arguments = new ArrayList<>(List.of(pipeline, "--checkpoints", recording.checkpointDirectory().toString(),
            "--scratch", recording.scratch().toString(), "--output", RandomPipeline.OUTPUT + "=" + recording.output()));
        for (final String source : recording.random.sources())
        {
            arguments.addAll(List.of("--journal", source + "=" + recording.directory.resolve(source)));
        }
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private int run(final String... arguments)
    {
        bytes.reset();
        final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return ReplayCommand.run(arguments, out, out);
    }

    private String text()
    {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
