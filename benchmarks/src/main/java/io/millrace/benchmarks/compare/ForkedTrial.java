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

import io.millrace.benchmarks.workload.Contender;
import io.millrace.benchmarks.workload.Workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Runs trials in JVMs of their own, all with the same flags. */
final class ForkedTrial
{
    private static final List<String> HEAP = List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch");

    private final Path java;
    private final List<String> flags;

    /**
     * A way to run trials.
     *
     * @param jdk   home of the JDK
     * @param flags of the JVMs, beside those of heap and collector
     */
    ForkedTrial(final Path jdk, final List<String> flags)
    {
        this.java = jdk.resolve("bin/java");
        this.flags = flags;
    }

    /** Times a contender at a workload. */
    TrialResult run(final Workload workload, final Contender contender, final TrialOptions options)
    {
        return run(List.of(workload), contender, options).get(0);
    }

    /** Times a contender at workloads, each warm in the same JVM; results in their order. */
    List<TrialResult> run(final List<Workload> workloads, final Contender contender, final TrialOptions options)
    {
        final List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(HEAP);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TrialCommand.class.getName(),
            workloads.stream().map(Workload::name).collect(Collectors.joining(",")), contender.name()));
        command.addAll(options.toArguments());
        final List<TrialResult> results = start(command);
        if (results.size() != workloads.size())
        {
            throw new IllegalStateException("results=" + results.size() + " of workloads=" + workloads.size() +
                " by command=" + command + ": see its messages above");
        }
        return results;
    }

    private static List<TrialResult> start(final List<String> command)
    {
        try
        {
            return await(command, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        }
        catch (final IOException exception)
        {
            throw new IllegalStateException(
                "command=" + command + " cannot be started: is --jdk the home of a JDK?", exception);
        }
    }

    private static List<TrialResult> await(final List<String> command, final Process process) throws IOException
    {
        final List<TrialResult> results = new ArrayList<>();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8))
        {
            for (String line = reader.readLine(); line != null; line = reader.readLine())
            {
                final TrialResult parsed = TrialResult.parse(line);
                if (parsed == null)
                {
                    System.out.println(line);
                }
                else
                {
                    results.add(parsed);
                }
            }
            final int status = process.waitFor();
            if (status != 0)
            {
                throw new IllegalStateException(
                    "status=" + status + " of command=" + command + ": see its messages above");
            }
            return results;
        }
        catch (final InterruptedException exception)
        {
            throw new IllegalStateException("interrupted while waiting for command=" + command, exception);
        }
        finally
        {
            process.destroy();
        }
    }
}
