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
package io.millrace.samples.savepoint;

import io.millrace.checkpoint.savepoint.SavepointMain;
import io.millrace.core.runtime.Job;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Jars of changed jobs against a savepoint, by the command line. */
class VerifyTest
{
    private static final String SERVICE = "META-INF/services/io.millrace.checkpoint.savepoint.RestorablePipeline";
    private static final String PIPELINE = """
        package job;

        import io.millrace.checkpoint.savepoint.RestorablePipeline;
        import io.millrace.core.plan.Plan;
        import io.millrace.core.runtime.JobConfig;
        import io.millrace.core.time.WatermarkStrategy;
        import io.millrace.operators.Pipeline;
        import io.millrace.operators.sink.CallbackSink;
        import io.millrace.operators.sink.rolling.RollingFileSink;
        import io.millrace.operators.source.Generator;
        import io.millrace.samples.savepoint.*;
        import java.nio.file.Path;

        public final class NAME implements RestorablePipeline
        {
            public Plan plan(final JobConfig config)
            {
                final Pipeline pipeline = Pipeline.create("accounts");
                pipeline.source(Generator.of(TickFlyweight.TYPE, 1000, (number, out) -> out.time(number).key(number % 10)),
                    WatermarkStrategy.<Tick>forMonotonousTimestamps(), "SOURCE")
                    .keyByLong(Tick::key).accumulate(RECORDFlyweight.TYPE, (account, tick) -> account.owner(tick.key()))
                    .uid("UID").parallelism(INSTANCES)
                    .sink(SINK);
                return pipeline.plan(config);
            }

            public JobConfig config()
            {
                return new JobConfig()CONFIG;
            }
        }
        """;

    @TempDir
    private static Path directory;
    private static Path savepoint;
    private static Path jar;

    @BeforeAll
    static void makeSavepointAndJar() throws IOException
    {
        savepoint = directory.resolve("accounts");
        final List<Long> shown = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("accounts");
        pipeline.source(Generator.of(TickFlyweight.TYPE, 1_000, (number, out) -> out.time(number).key(number % 10)),
            WatermarkStrategy.<Tick>forMonotonousTimestamps(), "ticks")
            .keyByLong(Tick::key).accumulate(AccountBeforeFlyweight.TYPE, (account, tick) -> account.owner(tick.key()))
            .uid("accounts").sink(CallbackSink.of(account -> shown.add(account.owner())));
        try (Job job = pipeline.start(SavepointJob.config(directory.resolve("checkpoints"))))
        {
            SavepointJob.stepUntil(job, () -> shown.size() > 500);
            final CompletableFuture<Path> made = job.stopWithSavepoint(savepoint, false);
            SavepointJob.finish(job);
            made.join();
        }
        final String nothing = "CallbackSink.of(account -> {})";
        jar = new TestJar()
            .source("Same", pipeline("Same", "ticks", "AccountBefore", "accounts", 1, nothing, ""))
            .source("Wider", pipeline("Wider", "ticks", "AccountAfter", "accounts", 3, nothing, ""))
            .source("Migrating", pipeline("Migrating", "ticks", "AccountAfter", "accounts", 1, nothing,
                ".migrating(\"accounts\", \"accumulated\", (stored, current) -> { })"))
            .source("Renamed", pipeline("Renamed", "ticks", "AccountBefore", "sums", 1, nothing, ""))
            .source("Dropping", pipeline("Dropping", "ticks", "AccountBefore", "sums", 12, nothing, ".allowNonRestoredState()"))
            .source("Fewer", pipeline("Fewer", "ticks", "AccountBefore", "accounts", 1, nothing, ".maxParallelism(64)"))
            .source("Unlike", pipeline("Unlike", "ticks", "Total", "accounts", 1, nothing, "").replace("account.owner(", "account.key("))
            .source("Files", pipeline("Files", "ticks", "AccountBefore", "accounts", 1,
                "RollingFileSink.csv(Path.of(\"" + directory.resolve("written") + "\"), \"accounts\")", ""))
            .source("Broken", pipeline("Broken", "ticks", "AccountBefore", "accounts", 0, nothing, ""))
            .source("Missing", pipeline("Missing", "ticks", "AccountBefore", "accounts", 1, "CallbackSink.of(new Gone())", ""))
            .source("Gone", "package job; public final class Gone implements " +
                "io.millrace.operators.sink.CallbackSink.SinkFunction<Object>" +
                "{ public void accept(final Object any) { } }")
            .make(directory, "jobs", "job/Gone.class");
    }

    private static String pipeline(
        final String name,
        final String source,
        final String type,
        final String uid,
        final int instances,
        final String sink,
        final String config)
    {
        return PIPELINE.replace("NAME", name).replace("SOURCE", source).replace("RECORD", type).replace("UID", uid)
            .replace("INSTANCES", Integer.toString(instances)).replace("SINK", sink).replace("CONFIG", config);
    }

    private static String verify(final int status, final String... arguments)
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final int ended = SavepointMain.run(new PrintStream(bytes, true, StandardCharsets.UTF_8), arguments);
        final String text = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(status, ended, text);
        return text;
    }

    private static String against(final int status, final String main)
    {
        return verify(status, "verify", savepoint.toString(), "--against", jar.toString(), "--main", "job." + main);
    }

    private static void assertHas(final String text, final String... parts)
    {
        for (final String part : parts)
        {
            assertTrue(text.contains(part), part + " is not in:\n" + text);
        }
    }

    @Test
    void shouldSayWhatIsRestored()
    {
        assertHas(against(0, "Same"), "of job accounts for job accounts", "source ticks x1\n    restored: positions, instances=1\n",
            "operator accounts x1, key groups 0-127\n", "    restored state accumulated: entries=10 BY_KEY\n", "it fits");
    }

    @Test
    void shouldSayWhatIsConverted()
    {
        assertHas(against(0, "Wider"), "operator accounts x1 -> x3, key groups 0-42 43-85 86-127",
            "converted state accumulated: entries=10 BY_KEY, fields appended with zeros: limit:LONG", "it fits");
        assertHas(against(0, "Migrating"), "fields appended with zeros: limit:LONG, then values by the function of JobConfig.migrating");
    }

    @Test
    void shouldFollowSP2AndSayWhatIsNewDroppedAndRefused()
    {
        assertHas(against(1, "Renamed"), "REFUSED: uid=accounts has state, and no operator has that uid",
            "operator sums x1\n    new: begins empty\n    new state accumulated: begins empty", "it does not fit, refused 1");
        assertHas(against(0, "Dropping"), "dropped: uid=accounts has state", "operator sums x12\n", "it fits");
        assertHas(against(1, "Unlike"), "REFUSED state accumulated: state=accumulated of uid=accounts: " +
            "stored record=Account cannot be read as record=Total");
        assertHas(against(1, "Fewer"), "REFUSED: maxParallelism=128 was stored, and is now maxParallelism=64");
    }

    @Test
    void shouldStartNothing()
    {
        assertHas(against(0, "Files"), "it fits");
        assertFalse(Files.exists(directory.resolve("written")), "a sink is not opened");
    }

    @Test
    void shouldFindThePipelineOfAJar() throws IOException
    {
        final String same = pipeline("Same", "ticks", "AccountBefore", "accounts", 1, "CallbackSink.of(account -> {})", "");
        final Path service = new TestJar().source("Same", same).resource(SERVICE, "job.Same\n").make(directory, "service");
        assertHas(verify(0, "verify", savepoint.toString(), "--against", service.toString()), "it fits");
        final Path main = new TestJar().source("Same", same).mainClass("job.Same").make(directory, "main");
        assertHas(verify(0, "verify", savepoint.toString(), "--against", main.toString()), "it fits");
        assertHas(verify(0, "verify", savepoint.toString(), "--main", "job.Same", "--against", service + File.pathSeparator + jar),
            "it fits");
    }

    @Test
    void shouldSayWhyItCannotTell() throws IOException
    {
        assertHas(verify(2, "verify", savepoint.toString(), "--against", jar.toString()), "names no pipeline: give --main");
        assertHas(verify(2, "verify", savepoint.toString(), "--against", directory.resolve("no.jar").toString()), "cannot be read");
        assertHas(against(2, "Nobody"), "class=job.Nobody must be on the class path");
        assertHas(verify(2, "verify", savepoint.toString(), "--against", jar.toString(), "--main", "java.lang.Object"),
            "class=java.lang.Object does not implement");
        assertHas(against(2, "Missing"), "lack a class", "job/Gone", "give all jars of the job");
        assertHas(against(2, "Broken"), "parallelism=0");
        assertHas(verify(2, "verify", directory.resolve("none").toString(), "--against", jar.toString()), "is not a directory");
        assertHas(verify(2, "verify", savepoint.toString(), "--before", jar.toString()), "option=--before is not known");
        final Path damaged = Files.createDirectory(directory.resolve("damaged"));
        try (var files = Files.list(savepoint))
        {
            for (final Path file : files.toList())
            {
                Files.copy(file, damaged.resolve(file.getFileName()));
            }
        }
        final byte[] bytes = Files.readAllBytes(damaged.resolve("operator-0001"));
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged.resolve("operator-0001"), bytes);
        assertHas(verify(2, "verify", damaged.toString(), "--against", jar.toString(), "--main", "job.Same"), "use another copy");
    }

    @Test
    void shouldEndTheProcessWithItsStatus() throws Exception
    {
        final List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("--add-")).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SavepointMain.class.getName(),
            "verify", savepoint.toString(), "--against", jar.toString(), "--main", "job.Renamed"));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor(), text);
        assertHas(text, "it does not fit, refused 1");
    }
}
