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
package io.millrace.checkpoint.files;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another JVM with the flags and the class path of this one, to be killed.
 */
public final class ForkedJvm implements AutoCloseable
{
    private final Process process;
    private final BufferedReader output;

    /**
     * Starts it.
     *
     * @param main      class with a main method
     * @param arguments of that method
     */
    public ForkedJvm(final Class<?> main, final String... arguments)
    {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> !argument.startsWith("-javaagent") &&
                !argument.startsWith("-agentlib")).forEach(command::add);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp"));
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        try
        {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("cannot start " + command, exception);
        }
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Waits for a line.
     *
     * @return what it printed next, null when it is gone
     */
    public String readLine()
    {
        try
        {
            return output.readLine();
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("cannot read from pid=" + process.pid(), exception);
        }
    }

    /** Kills it with SIGKILL and waits until it is gone. What it printed before can still be read. */
    public void kill()
    {
        // By its handle: Process.destroyForcibly would also close the streams.
        process.toHandle().destroyForcibly();
        try
        {
            process.waitFor();
        }
        catch (final InterruptedException exception)
        {
            throw interrupted(exception);
        }
    }

    /**
     * Waits until it ends by itself; for one that prints no more than a pipe takes.
     *
     * @param seconds bound
     * @return its exit status
     */
    public int exitStatus(final long seconds)
    {
        try
        {
            if (!process.waitFor(seconds, TimeUnit.SECONDS))
            {
                throw new AssertionError("pid=" + process.pid() + " did not end within seconds=" + seconds);
            }
            return process.exitValue();
        }
        catch (final InterruptedException exception)
        {
            throw interrupted(exception);
        }
    }

    private IllegalStateException interrupted(final InterruptedException exception)
    {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while pid=" + process.pid() + " was waited for", exception);
    }

    /**
     * @return its process id
     */
    public long pid()
    {
        return process.pid();
    }

    @Override
    public void close()
    {
        kill();
        try
        {
            output.close();
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("cannot close the output of pid=" + process.pid(), exception);
        }
    }
}
