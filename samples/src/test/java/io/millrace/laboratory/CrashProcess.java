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
package io.millrace.laboratory;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link CrashJobMain} in a JVM of its own, with the flags and class path of this one. */
final class CrashProcess implements AutoCloseable
{
    private final Process process;
    private final BufferedReader output;

    CrashProcess(final Path logs, final List<String> flags, final Class<?> main, final List<String> arguments)
    {
        this(List.of(), logs, flags, main, arguments);
    }

    /** One that a shell starts: with the words of a command that runs the command behind them. */
    CrashProcess(
        final List<String> shell,
        final Path logs,
        final List<String> flags,
        final Class<?> main,
        final List<String> arguments)
    {
        final List<String> command = new ArrayList<>(shell);
        command.add(ProcessHandle.current().info().command().orElse("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-agentlib") &&
                !argument.startsWith("-XX:TieredStopAtLevel")).forEach(command::add);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m",
            "-XX:ErrorFile=" + logs.resolve("hs_err_pid%p.log"), "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(arguments);
        try
        {
            final File errors = logs.resolve("errors.log").toFile();
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(errors)).start();
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("cannot start " + command, exception);
        }
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Waits for a line; null when the process is gone. */
    String readLine()
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

    /** Whether a line can be read without waiting. */
    boolean ready()
    {
        try
        {
            return output.ready();
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("cannot read from pid=" + process.pid(), exception);
        }
    }

    long pid()
    {
        return process.pid();
    }

    boolean isAlive()
    {
        return process.isAlive();
    }

    /** Kills it with SIGKILL and waits until it is gone. What it printed before can still be read. */
    void kill()
    {
        process.toHandle().destroyForcibly();
        exitStatus();
    }

    int exitStatus()
    {
        try
        {
            if (!process.waitFor(60, TimeUnit.SECONDS))
            {
                process.toHandle().destroyForcibly();
                throw new AssertionError("pid=" + process.pid() + " did not end within 60 s");
            }
            return process.exitValue();
        }
        catch (final InterruptedException exception)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for pid=" + process.pid(), exception);
        }
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
