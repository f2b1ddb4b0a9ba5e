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

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs programs in JVMs of their own, all with the same flags. */
final class ForkedJvm
{
    private static final List<String> HEAP = List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch");

    private final Path java;
    private final List<String> flags;

    /**
     * A way to run programs.
     *
     * @param jdk   home of the JDK
     * @param flags of the JVMs, beside those of heap and collector
     */
    ForkedJvm(final Path jdk, final List<String> flags)
    {
        this.java = jdk.resolve("bin/java");
        this.flags = flags;
    }

    /**
     * Runs a program to its end.
     *
     * @param program   its main class, on this JVM's class path
     * @param arguments of it
     * @return the lines that it printed
     * @throws IllegalStateException when it failed
     */
    List<String> run(final Class<?> program, final List<String> arguments)
    {
        final List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(HEAP);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
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

    private static List<String> await(final List<String> command, final Process process) throws IOException
    {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8))
        {
            final List<String> lines = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine())
            {
                lines.add(line);
            }
            final int status = process.waitFor();
            if (status != 0)
            {
                throw new IllegalStateException("status=" + status + " of command=" + command + " output=" + lines +
                    ": see its messages above");
            }
            return lines;
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
