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

import io.millrace.samples.Samples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The sample in a JVM of its own, with the flags and class path of this one: to be listened to, waited for, killed. */
final class SampleProcess implements AutoCloseable
{
    private final Process process;
    private final BufferedReader reader;
    private final List<String> lines = new ArrayList<>();

    private SampleProcess(final List<String> command)
    {
        try
        {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("cannot start " + command, exception);
        }
        reader = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts {@code market-data} on a directory. */
    static SampleProcess start(final Path directory, final String... options)
    {
        final List<String> arguments = new ArrayList<>(List.of("market-data", "--dir", directory.toString()));
        arguments.addAll(List.of(options));
        return start(Samples.class, flags(), arguments);
    }

    /** Starts any main class. */
    static SampleProcess start(final Class<?> main, final List<String> flags, final List<String> arguments)
    {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(flags);
        command.addAll(List.of("-XX:+UseSerialGC", "-Xshare:auto", "-cp"));
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(arguments);
        return new SampleProcess(command);
    }

    /** The flags of this JVM, with the quick compiler: what is forked does not live long. */
    static List<String> flags()
    {
        final List<String> own = ManagementFactory.getRuntimeMXBean().getInputArguments();
        return Stream.concat(Stream.of("-XX:TieredStopAtLevel=1"), own.stream()
            .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-agentlib"))).toList();
    }

    /** Waits for the next line; null when it has ended. */
    String nextLine()
    {
        try
        {
            final String line = reader.readLine();
            if (line != null)
            {
                lines.add(line);
            }
            return line;
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("cannot read from pid=" + process.pid(), exception);
        }
    }

    /** Waits for a line with a text; false when it has ended without. */
    boolean awaitLine(final String text)
    {
        for (String line = nextLine(); line != null; line = nextLine())
        {
            if (line.contains(text))
            {
                return true;
            }
        }
        return false;
    }

    /** Waits for the end. */
    int exitStatus()
    {
        String line = nextLine();
        while (line != null)
        {
            line = nextLine();
        }
        return waitFor();
    }

    /** Kills it with SIGKILL and waits until it is gone. */
    void kill()
    {
        process.toHandle().destroyForcibly();
        waitFor();
    }

    private int waitFor()
    {
        try
        {
            return process.waitFor();
        }
        catch (final InterruptedException exception)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for pid=" + process.pid(), exception);
        }
    }

    long pid()
    {
        return process.pid();
    }

    /** Everything that it has printed so far, and was read. */
    String output()
    {
        return String.join("\n", lines);
    }

    @Override
    public void close()
    {
        kill();
        try
        {
            reader.close();
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("cannot close the output of pid=" + process.pid(), exception);
        }
    }
}
