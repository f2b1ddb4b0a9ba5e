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

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.sink.rolling.RollingFileSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Rolling files in whole jobs. */
class RollingFilePipelineTest
{
    @TempDir
    Path directory;

    private Map<String, String> files() throws IOException
    {
        final Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.list(directory))
        {
            for (final Path path : paths.filter(path -> !path.toString().endsWith(".lock")).toList())
            {
                files.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        return files;
    }

    @Test
    void shouldHaveTheSameFilesAfterManyLives() throws Exception
    {
        final RollingFileSink<Reading> sink = RollingFileSink.<Reading>csv(directory, "data").rollAtLength(20_000);
        TestJobs.run(pipeline(20_000, sink), TestJobs.stepped().checkpointing(new MemoryCheckpoints()));
        final Map<String, String> expected = files();
        assertTrue(expected.size() > 10, expected.keySet().toString());
        for (final String name : expected.keySet())
        {
            Files.delete(directory.resolve(name));
        }
        final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
        for (int life = 0; life < 15; life++)
        {
            try (Job job = pipeline(20_000, sink).start(TestJobs.stepped().checkpointing(checkpoints)))
            {
                for (int i = 0; i < 12 && job.status() == JobStatus.RUNNING; i++)
                {
                    if (i % (2 + life % 3) == 0)
                    {
                        job.checkpoint();
                    }
                    job.doWork();
                }
            }
        }
        TestJobs.run(pipeline(20_000, sink), TestJobs.stepped().checkpointing(checkpoints));
        assertEquals(expected, files());
        assertFalse(expected.keySet().stream().anyMatch(name -> name.endsWith(".part")));
    }

    private static Pipeline pipeline(final long count, final RollingFileSink<Reading> sink)
    {
        final Pipeline pipeline = Pipeline.create("rolling");
        pipeline.source(Generator.of(ReadingFlyweight.TYPE, count, (number, out) ->
            out.time(number).place("place, " + number % 5).value(number)),
            WatermarkStrategy.forMonotonousTimestamps(), "readings").sink(sink, "files");
        return pipeline;
    }
}
